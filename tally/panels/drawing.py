"""A panel drawn by lot from volunteers, with quotas, that anybody can draw again.

Everybody is put in a random order; each is taken in turn, unless a panel that respects the quotas could then no longer
be completed by those who come after. That is random serial dictatorship (Abdulkadiroğlu and Sönmez, *Random serial
dictatorship and the core from random endowments in house allocation problems*, Econometrica 66, 1998) under the
constraints of a citizens' assembly, as Flanigan, Gölz, Gupta, Hennig and Procaccia state them (*Fair algorithms for
selecting citizens' assemblies*, Nature 596, 2021). Unlike the greedy draw in use (« Legacy » in that article), it
never ends in a dead end and needs no second try: the look ahead is exact (``completing``).

It is simple to explain, and treats alike those who are alike. It does not give everybody the chances that the best
known method (Leximin, same article) would: people whose kind is rare among volunteers and wanted by quotas have more.
``chances`` tells how much.

The order comes from SHA-256 of the seed and of each identifier: a sheet of paper and a hash program draw it again.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from tally.panels.completing import completion, why_impossible
from tally.panels.pool import Kind, Pool, counted

METHOD = "random order, exact look-ahead, 1"


class Impossible(Exception):
    """No panel respects these quotas. ``reasons``: those that fail alone, as ``why_impossible``; none: together."""

    def __init__(self, pool: Pool) -> None:
        self.reasons = why_impossible(pool)
        super().__init__("no panel of these volunteers respects the quotas")


@dataclass(frozen=True)
class Drawn:
    """``chosen`` in the order of the draw; ``passed_over``: those met on the way whom quotas left out."""

    chosen: list[str]
    passed_over: list[str]
    counts: dict[str, dict[str, int]]
    seed: str
    method: str = METHOD


def draw(pool: Pool, *, seed: str) -> Drawn:
    """The panel of this seed: always the same, whatever the order of the list. Raises ``Impossible``."""
    chosen, passed = _walk(pool, order(pool.volunteers, seed))
    return Drawn(chosen, passed, counted(pool, chosen), seed)


def order(volunteers: Sequence[str] | dict, seed: str) -> list[str]:
    """Everybody, in the order of the SHA-256 of « seed, tab, identifier », in hexadecimal."""
    return sorted(volunteers, key=lambda one: (sha256(f"{seed}\t{one}".encode()).hexdigest(), one))


def replaced(pool: Pool, drawn: Drawn, *, gone: Sequence[str]) -> list[str]:
    """The panel once these people gave their place back, in this order: those who stay, then those called since.

    Each empty place goes on with the same draw: to the first, in its order, with whom the quotas can be kept. People
    gone are never called, drawn or not. While nobody left keeps the quotas, the place stays empty.
    """
    queue, seated, away = order(pool.volunteers, drawn.seed), list(drawn.chosen), set()
    for one in gone:
        away.add(one)
        if one in seated:
            seated.remove(one)
        if len(seated) < pool.size:
            waiting = [other for other in queue if other not in away and other not in seated]
            try:
                seated += _walk(pool, waiting, seated)[0]
            except Impossible:
                continue
    return seated


def _walk(pool: Pool, queue: Sequence[str], seated: Sequence[str] = ()) -> tuple[list[str], list[str]]:
    left, taken = Counter(map(pool.kind_of, queue)), Counter(map(pool.kind_of, seated))
    plan = completion(pool, left, taken)  # one way to complete the panel, kept true along the way
    if plan is None:
        raise Impossible(pool)
    plan, blocked = Counter(plan), set()
    chosen: list[str] = []
    passed: list[str] = []
    for one in queue:
        if len(seated) + len(chosen) == pool.size:
            break
        kind = pool.kind_of(one)
        left[kind] -= 1
        if not plan[kind]:
            plan = _another_plan(pool, kind, left, taken, blocked, otherwise=plan)
        if plan[kind]:
            plan[kind] -= 1
            taken[kind] += 1
            chosen.append(one)
        else:
            passed.append(one)
    return chosen, passed


def _another_plan(
    pool: Pool, kind: Kind, left: Counter[Kind], taken: Counter[Kind], blocked: set[Kind], *, otherwise: Counter[Kind]
) -> Counter[Kind]:
    """A plan that takes one more of this kind; the same as before when none does.

    Once no panel takes one more of a kind, none does later: fewer people are left, and more are taken.
    """
    if kind in blocked:
        return otherwise
    found = completion(pool, left, taken + Counter({kind: 1}))
    if found is None:
        blocked.add(kind)
        return otherwise
    return Counter(found) + Counter({kind: 1})


def chances(pool: Pool, *, seed: str, draws: int = 1000) -> dict[str, float]:
    """The chance of each volunteer to be drawn, measured on ``draws`` draws of other seeds. Raises ``Impossible``.

    Volunteers of a kind have the same chance: it is measured on all of them. Standard error: about
    sqrt(p (1 − p) / draws) at most.
    """
    seen: Counter[Kind] = Counter()
    for number in range(draws):
        seen.update(pool.kind_of(one) for one in draw(pool, seed=f"{seed}/{number}").chosen)
    kinds = pool.kinds()
    return {one: seen[pool.kind_of(one)] / kinds[pool.kind_of(one)] / draws for one in pool.volunteers}
