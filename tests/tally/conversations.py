"""Conversations made for the tests: who answered what, and the camp each person was born in."""

from dataclasses import dataclass

import numpy as np

from tally import Votes


@dataclass(frozen=True)
class Conversation:
    people: list[str]
    statements: list[str]
    answers: list[int]
    camp: dict[str, int]

    def votes(self) -> Votes:
        return Votes.of(self.people, self.statements, self.answers)


def camps(sizes: tuple[int, ...] = (60, 40), *, statements: int = 30, seen: float = 0.6, seed: int = 0) -> Conversation:
    """Camps that hold opposite views on half of the statements and agree on most of the rest."""
    rng = np.random.default_rng(seed)
    camp = np.repeat(np.arange(len(sizes)), sizes)
    shared = np.where(np.arange(statements) % 4 == 0, -0.7, 0.7)
    leaning = rng.choice([-0.75, 0.75], (len(sizes), statements))
    leaning[1] = -leaning[0]
    leaning[:, statements // 2 :] = shared[statements // 2 :]
    lean = leaning[camp] + rng.normal(0, 0.4, (len(camp), statements))
    answers = np.where(lean > 0.15, 1, np.where(lean < -0.15, -1, 0))
    rows, columns = np.nonzero(rng.random(answers.shape) < seen)
    return Conversation(
        [f"p{row}" for row in rows],
        [f"s{column}" for column in columns],
        answers[rows, columns].tolist(),
        {f"p{person}": int(one) for person, one in enumerate(camp)},
    )


def noise(people: int, statements: int, *, seed: int) -> Votes:
    """Answers that have nothing to do with one another; statements differ in how much they please."""
    rng = np.random.default_rng(seed)
    pleases = rng.uniform(0.2, 0.8, statements)
    rows, columns = np.nonzero(rng.random((people, statements)) < 0.6)
    answers = np.where(rng.random(len(rows)) < pleases[columns], 1, rng.choice([-1, -1, 0], len(rows)))
    return Votes.of(rows, columns, answers)
