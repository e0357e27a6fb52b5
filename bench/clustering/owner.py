"""A service owner who puts groups right, thirty decisions long, and what a regroup makes of them.

The owner knows the truth of the texts shown, and does what the board offers: merge two themes about the same thing,
split a theme that mixes two, move one text. Decisions become links as the product makes them (`feedback.grouping`):
texts that a person put together stay together, themes that a person touched stay apart.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

import clustering
from bench.clustering.corpora import Corpus
from bench.clustering.scoring import score

DECISIONS = 30


@dataclass
class Owner:
    """`labels`: the board now. `placed`: texts that a person put where they are. Only `shown` rows are looked at."""

    truth: Sequence[str]
    labels: np.ndarray
    shown: np.ndarray
    rng: np.random.Generator
    placed: set[int] = field(default_factory=set)
    acts: Counter = field(default_factory=Counter)

    def decide(self) -> bool:
        """One useful decision; False when nothing is left to put right. Merges and splits come to mind first."""
        for name in ("merge", "split", "move"):
            choices = {"merge": self._merges, "split": self._splits, "move": self._moves}[name]()
            if choices:
                rows, label = choices[int(self.rng.integers(len(choices)))]
                self.labels[rows] = label
                self.placed.update(rows)
                self.acts[name] += 1
                return True
        return False

    def links(self) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
        """Must-links between texts placed in one theme, cannot-links between the themes so touched."""
        held = defaultdict(list)
        for row in sorted(self.placed):
            held[int(self.labels[row])].append(row)
        must = [(rows[0], row) for rows in held.values() for row in rows[1:]]
        heads = [rows[0] for rows in held.values()]
        return must, [(a, b) for i, a in enumerate(heads) for b in heads[i + 1 :]]

    def _themes(self) -> dict[int, list[int]]:
        found = defaultdict(list)
        for row in np.flatnonzero(self.shown & (self.labels != -1)).tolist():
            found[int(self.labels[row])].append(row)
        return found

    def _about(self) -> dict[int, str]:
        """What each theme is mostly about; a theme without a majority is about nothing yet."""
        counted = {
            label: Counter(self.truth[row] for row in rows).most_common(1)[0] for label, rows in self._themes().items()
        }
        return {label: said for label, (said, count) in counted.items() if 2 * count > len(self._themes()[label])}

    def _merges(self) -> list[tuple[list[int], int]]:
        themes, of = self._themes(), defaultdict(list)
        for label, said in self._about().items():
            of[said].append(label)
        found = []
        for labels in of.values():
            into, *others = sorted(labels, key=lambda label: -len(themes[label]))
            found += [(themes[other], into) for other in others]
        return found

    def _splits(self) -> list[tuple[list[int], int]]:
        """Three texts or more about another thing, when no theme is about it."""
        known, following = set(self._about().values()), int(self.labels.max()) + 1
        found = []
        for rows in self._themes().values():
            for said, count in Counter(self.truth[row] for row in rows).most_common()[1:]:
                if count >= 3 and said not in known:
                    found.append(([row for row in rows if self.truth[row] == said], following))
        return found

    def _moves(self) -> list[tuple[list[int], int]]:
        where = {said: label for label, said in self._about().items()}
        rows = np.flatnonzero(self.shown).tolist()
        return [
            ([row], where[self.truth[row]])
            for row in rows
            if self.labels[row] != where.get(self.truth[row], self.labels[row])
        ]


def measure(corpus: Corpus, *, repetitions: int) -> dict:
    """AMI before, on the board as the owner leaves it, and after a regroup: from the links alone, then told the board
    too, as the product does. Then on the texts never shown to the owner (half of them): only what was learned helps.
    """
    runs = []
    for seed in range(repetitions):
        rng = np.random.default_rng(seed)
        everything = np.ones(len(corpus.texts), bool)
        half = np.zeros(len(corpus.texts), bool)
        half[rng.permutation(len(half))[: len(half) // 2]] = True
        unseen = {f"unseen_{name}": ami for name, ami in _session(corpus, half, ~half, rng, seed).items()}
        runs.append(_session(corpus, everything, everything, rng, seed) | unseen)
    means = {key: round(float(np.mean([run[key] for run in runs])), 4) for key in runs[0]}
    return {"decisions": DECISIONS} | means


def _session(
    corpus: Corpus, shown: np.ndarray, scored: np.ndarray, rng: np.random.Generator, seed: int
) -> dict[str, float]:
    before = clustering.group(corpus.texts, vectors=corpus.vectors, seed=seed).labels
    owner = Owner(corpus.labels, before.copy(), shown, rng)
    for _ in range(DECISIONS):
        if not owner.decide():
            break
    must, cannot = owner.links()
    board = [int(label) if seen and label != -1 else None for label, seen in zip(owner.labels, shown, strict=True)]
    found = {
        "before": before,
        "by_hand": owner.labels,
        "from_links": _regrouped(corpus, must, cannot, None, seed),
        "regrouped": _regrouped(corpus, must, cannot, board, seed),
    }
    truth = [label for label, counted in zip(corpus.labels, scored, strict=True) if counted]
    return {name: score(truth, labels[scored]).ami for name, labels in found.items()}


def _regrouped(corpus: Corpus, must: list, cannot: list, board: list[int | None] | None, seed: int) -> np.ndarray:
    return clustering.group(
        corpus.texts, vectors=corpus.vectors, must=must, cannot=cannot, previous=board, seed=seed
    ).labels
