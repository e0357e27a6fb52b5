"""People who stand together: k-means on their points, as many groups as the silhouette asks for, and how sure it is.

KMeans of scikit-learn needs a hundred milliseconds a start for 10,000 people; groups are asked here for hundreds of
times (starts, two to five groups, five seeds). So starts run together on at most 1,000 people and the best go on with
all. Ten starts miss the best cut when another is nearly as good, and seeds then disagree for nothing: the fewer the
people, the more starts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy.spatial.distance import cdist

MOST = 5  # groups
ON_STARTS = 1_000  # people the starts are tried on
STARTS_TIMES_PEOPLE, LEAST_STARTS, MOST_STARTS = 20_000, 10, 60
ON_SILHOUETTE = 2_000  # people the silhouette is measured on
ROUNDS = 25
GO_ON = 3  # starts
UNTIL_STILL = 300


@dataclass(frozen=True, eq=False)
class Grouping:
    """``labels`` (people,) from 0, by size; ``silhouette`` of the first seed; ``agreement`` the worst of the seeds'."""

    labels: np.ndarray
    silhouette: float
    agreement: float

    @property
    def sizes(self) -> np.ndarray:
        return np.bincount(self.labels)


def grouped(points: np.ndarray, *, seeds: Sequence[int]) -> Grouping | None:
    """Groups of ``points`` (people, 2), whatever the order of rows; None when they are not two groups to tell apart.

    ``agreement`` is the worst adjusted Rand index between two seeds, each choosing its starts, its people for the
    silhouette and its number of groups.
    """
    order = np.lexsort((points[:, 1], points[:, 0]))
    placed = points[order]
    most = min(MOST, len(np.unique(placed, axis=0)))
    if most < 2:
        return None
    runs = [_chosen(placed, most, np.random.default_rng(seed)) for seed in seeds]
    agreement = min((adjusted_rand(a, b) for (a, _), (b, _) in combinations(runs, 2)), default=1.0)
    found, silhouette = runs[0]
    labels = np.empty(len(points), np.int64)
    labels[order] = _by_size(found, placed)
    return Grouping(labels, silhouette, float(agreement))


def adjusted_rand(one: np.ndarray, other: np.ndarray) -> float:
    """How two groupings of the same people agree, chance taken off: 1 when they are the same (Hubert and Arabie, 1985).

    Ours, because the one of scikit-learn costs every process a second of start.
    """
    table = np.zeros((one.max(initial=0) + 1, other.max(initial=0) + 1), np.int64)
    np.add.at(table, (one, other), 1)
    together, ours, theirs, pairs = (
        int((counts * (counts - 1) // 2).sum())
        for counts in (table, table.sum(axis=1), table.sum(axis=0), np.array([len(one)]))
    )
    expected, most = ours * theirs / max(pairs, 1), (ours + theirs) / 2
    return 1.0 if most == expected else (together - expected) / (most - expected)


def _chosen(points: np.ndarray, most: int, rng: np.random.Generator) -> tuple[np.ndarray, float]:
    """Labels and silhouette of the fewest groups that do as well as the best number, within one standard error.

    What a standard error cannot tell apart is no reason for one more group (Breiman's rule).
    """
    cuts = [kmeans(points, k, rng=rng) for k in range(2, most + 1)]
    sample = _drawn(len(points), ON_SILHOUETTE, rng)
    scores = silhouettes(points[sample], [cut[sample] for cut in cuts])
    means = scores.mean(axis=1)
    best = int(means.argmax())
    enough = means[best] - scores[best].std() / np.sqrt(len(sample))
    chosen = int(np.flatnonzero(means >= enough)[0])
    return cuts[chosen], float(means[chosen])


def kmeans(points: np.ndarray, k: int, *, rng: np.random.Generator) -> np.ndarray:
    """(people,) the group of each point, 0 to k-1, at the best local optimum found; k at most the distinct points."""
    sample = points[_drawn(len(points), ON_STARTS, rng)]
    starts = int(np.clip(STARTS_TIMES_PEOPLE // len(sample), LEAST_STARTS, MOST_STARTS))
    centres, _, inertia = _settled(sample, _seeded(sample, k, starts, rng), rounds=ROUNDS)
    best = centres[np.argsort(inertia, kind="stable")[:GO_ON]]
    _, labels, inertia = _settled(points, best, rounds=UNTIL_STILL)
    return labels[inertia.argmin()].astype(np.intp)


def _settled(points: np.ndarray, centres: np.ndarray, *, rounds: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Lloyd's rounds from each start: (starts, k, 2) centres, (starts, points) labels, (starts,) inertia but for a
    constant."""
    labels = np.full((len(centres), len(points)), -1, np.int8)
    inertia = np.full(len(centres), np.inf)
    moving = np.arange(len(centres))
    for _ in range(rounds):
        found, distance = _nearest(points, centres[moving])
        inertia[moving] = distance.sum(axis=1)
        still = (found == labels[moving]).all(axis=1)
        labels[moving] = found
        moving = moving[~still]
        if not len(moving):
            break
        centres[moving] = _centres(points, labels[moving], centres[moving])
    return centres, labels, inertia


def silhouettes(points: np.ndarray, cuts: Sequence[np.ndarray]) -> np.ndarray:
    """(cuts, points) the silhouette of each point in each cut (Rousseeuw, 1987); 0 for a point alone."""
    members = [np.eye(int(labels.max()) + 1)[labels] for labels in cuts]
    sums = cdist(points, points) @ np.concatenate(members, axis=1)
    parts = np.split(sums, np.cumsum([held.shape[1] for held in members])[:-1], axis=1)
    return np.stack([_silhouette(part, labels) for part, labels in zip(parts, cuts, strict=True)])


def _silhouette(sums: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """``sums`` (points, groups): of the distances from each point to those of each group."""
    here = np.arange(len(labels))
    sizes = np.bincount(labels, minlength=sums.shape[1])
    own = sums[here, labels] / np.maximum(sizes[labels] - 1, 1)
    apart = np.where(sizes > 0, sums / np.maximum(sizes, 1), np.inf)
    apart[here, labels] = np.inf
    other = apart.min(axis=1)
    wide = np.maximum(own, other)
    known = np.isfinite(other) & (wide > 0) & (sizes[labels] > 1)
    return np.where(known, (np.where(known, other, 0) - own) / np.where(known, wide, 1), 0.0)


def _drawn(people: int, most: int, rng: np.random.Generator) -> np.ndarray:
    return np.arange(people) if people <= most else np.sort(rng.choice(people, most, replace=False))


def _seeded(points: np.ndarray, k: int, starts: int, rng: np.random.Generator) -> np.ndarray:
    """(starts, k, 2) first centres, each far from those before (k-means++; Arthur and Vassilvitskii, 2007)."""
    centres = np.empty((starts, k, 2))
    centres[:, 0] = points[rng.integers(len(points), size=starts)]
    nearest = np.full((starts, len(points)), np.inf)
    for rank in range(1, k):
        away = ((points[None] - centres[:, rank - 1, None]) ** 2).sum(axis=2)
        nearest = np.minimum(nearest, away)
        reached = np.cumsum(nearest, axis=1)
        drawn = rng.random(starts)[:, None] * reached[:, -1:]
        centres[:, rank] = points[(reached <= drawn).sum(axis=1).clip(max=len(points) - 1)]
    return centres


def _nearest(points: np.ndarray, centres: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(starts, points) the rank of the nearest centre, and the squared distance to it less the point's own square."""
    starts, k, _ = centres.shape
    away = ((centres**2).sum(axis=2).reshape(-1, 1) - 2 * (centres.reshape(-1, 2) @ points.T)).reshape(starts, k, -1)
    labels, nearest = np.zeros((starts, len(points)), np.int8), away[:, 0].copy()
    for rank in range(1, k):
        closer = away[:, rank] < nearest
        labels[closer] = rank
        np.minimum(nearest, away[:, rank], out=nearest)
    return labels, nearest


def _centres(points: np.ndarray, labels: np.ndarray, before: np.ndarray) -> np.ndarray:
    """The mean of each group; a group that lost everybody stays where it was."""
    starts, k, _ = before.shape
    at = (labels + k * np.arange(starts)[:, None]).ravel()
    sizes = np.bincount(at, minlength=starts * k)
    sums = [np.bincount(at, weights=np.tile(points[:, axis], starts), minlength=starts * k) for axis in (0, 1)]
    found = np.stack(sums, axis=1) / np.maximum(sizes, 1)[:, None]
    return np.where((sizes > 0)[:, None], found, before.reshape(-1, 2)).reshape(before.shape)


def _by_size(labels: np.ndarray, points: np.ndarray) -> np.ndarray:
    """The largest group is 0; of two as large, the one more to the left."""
    found = np.unique(labels)
    keys = [(-int((labels == label).sum()), *points[labels == label].mean(axis=0).tolist()) for label in found]
    rank = np.empty(int(found.max()) + 1, np.int64)
    rank[found[sorted(range(len(found)), key=keys.__getitem__)]] = np.arange(len(found))
    return rank[labels]
