"""Which statement to show next: the new ones and those nobody can tell yet, by chance, the same for one person.

What one more answer teaches is how little is known of the share that agrees: the standard deviation of that share
(Beta(agree + 1, disagree + 1)). It is .29 for a new statement, .11 after ten answers each way, .01 after a hundred
that all agree. It is worth less when people pass. Nothing about the person is used.
"""

from collections.abc import Hashable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from hashlib import sha256
from math import log, sqrt


def routing_weights(counts: Mapping[Hashable, Sequence[int]]) -> dict[Hashable, float]:
    """Weight of each statement from its counts (agree, disagree, pass), all above zero; ValueError for a negative."""
    return {statement: weight(*count) for statement, count in counts.items()}


def weight(agree: int, disagree: int, passed: int) -> float:
    """0.289 for a new statement, less as answers make it known or show that people would rather pass."""
    if min(agree, disagree, passed) < 0:
        raise ValueError("counts are not negative")
    told = agree + disagree + 2
    unknown = sqrt((agree + 1) * (disagree + 1) / (told**2 * (told + 1)))
    return unknown * (1 - (passed + 1) / (agree + disagree + passed + 3)) * 1.5


def next_statement(
    counts: Mapping[Hashable, Sequence[int]], *, answered: AbstractSet[Hashable], person: str
) -> Hashable | None:
    """The statement to show to ``person`` (any stable secret of theirs), or None when all are answered.

    Drawn with chances as the weights; the draw depends on the person and the statement alone, so that coming back
    shows the same one, and the order differs from one person to the next (Efraimidis and Spirakis, 2006).
    """
    weights = routing_weights({id: count for id, count in counts.items() if id not in answered})
    return min(weights, key=lambda id: (_wait(person, id) / weights[id], str(id)), default=None)


def _wait(person: str, statement: Hashable) -> float:
    """An exponential draw of mean 1 made from two names."""
    drawn = sha256(f"{person}\x1f{statement}".encode()).digest()
    return -log((int.from_bytes(drawn[:8]) + 1) / 2**64)
