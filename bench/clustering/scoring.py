"""How well groups found match groups known. Labels are one per text; -1 means no group.

Adjusted scores are scikit-learn's (Vinh et al. 2010; Hubert and Arabie 1985). BCubed for sets that overlap is that
of Amigó et al. 2009, *A comparison of extrinsic clustering evaluation metrics*, section 6.
"""

from collections import Counter
from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score


@dataclass(frozen=True)
class Score:
    """`ami`, `ari`: texts without a group count as one group, as the engine left them. `ami_assigned`: on the
    texts that have a group only, which flatters who leaves many out. `noise`: their share. `themes`: groups."""

    ami: float
    ari: float
    ami_assigned: float
    noise: float
    themes: int


def score(truth: Sequence[Hashable], labels: Sequence[int]) -> Score:
    """All figures of one result; `truth` and `labels` are aligned."""
    labels = np.asarray(labels)
    truth = np.array([str(label) for label in truth])
    assigned = labels != -1
    return Score(
        ami=float(adjusted_mutual_info_score(truth, labels)),
        ari=float(adjusted_rand_score(truth, labels)),
        ami_assigned=float(adjusted_mutual_info_score(truth[assigned], labels[assigned])) if assigned.any() else 0.0,
        noise=float(1 - assigned.mean()),
        themes=len(set(labels[assigned].tolist())),
    )


def harmonic(precision: float, recall: float) -> float:
    """F1, 0 when both are 0."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def extended_bcubed(
    truth: Sequence[Collection[Hashable]], found: Sequence[Collection[Hashable]]
) -> tuple[float, float, float]:
    """Precision, recall and F1 when a text may be in several groups, or in none.

    Precision is the mean over texts that are in a group found; recall, over texts that are in a true one. Each is
    itself a mean over the texts that share a group with it, itself included: min(shared true, shared found) over
    shared found (over shared true for recall). 0 when no text has a group.
    """
    true, got = _shared(truth), _shared(found)
    both = np.minimum(true, got)
    precision, recall = _mean_ratio(both, got), _mean_ratio(both, true)
    return precision, recall, harmonic(precision, recall)


def _shared(groups: Sequence[Collection[Hashable]]) -> np.ndarray:
    """How many groups each pair of texts shares, (n, n)."""
    names = {name: i for i, name in enumerate({name for held in groups for name in held})}
    member = np.zeros((len(groups), len(names)))
    for row, held in enumerate(groups):
        member[row, [names[name] for name in held]] = 1
    return member @ member.T


def _mean_ratio(both: np.ndarray, shared: np.ndarray) -> float:
    """Mean over rows, of the mean over the columns that share anything, of both / shared."""
    sharing = shared > 0
    rows = sharing.any(axis=1)
    if not rows.any():
        return 0.0
    ratio = np.divide(both, shared, out=np.zeros_like(both), where=sharing)
    return float((ratio[rows].sum(axis=1) / sharing[rows].sum(axis=1)).mean())


def pair_f1(truth: Sequence[Hashable | None], labels: Sequence[int]) -> tuple[float, float, float]:
    """Precision, recall and F1 over pairs of texts put together.

    `truth` None: a text of the background, that nobody copied. Pairs of two background texts are left aside: real
    corpora hold copies that nobody labelled.
    """
    known = [(true, label) for true, label in zip(truth, labels, strict=True) if true is not None]
    sizes = Counter(label for _, label in known)
    strangers = Counter(label for true, label in zip(truth, labels, strict=True) if true is None)
    right = sum(_pairs(n) for n in Counter(known).values())
    put = sum(_pairs(n) + n * strangers[label] for label, n in sizes.items())
    wanted = sum(_pairs(n) for n in Counter(true for true, _ in known).values())
    precision, recall = right / put if put else 0.0, right / wanted if wanted else 0.0
    return precision, recall, harmonic(precision, recall)


def _pairs(count: int) -> int:
    return count * (count - 1) // 2


def kept(before: Sequence[int], after: Sequence[int], continued: dict[int, int]) -> float:
    """Share of the texts that had a theme whose new theme continues it: `continued` is {new: former}."""
    had = [(old, new) for old, new in zip(before, after, strict=True) if old != -1]
    return sum(continued.get(int(new)) == old for old, new in had) / len(had) if had else 1.0


def spans(labels: Sequence[int], contexts: Sequence[str]) -> float:
    """Share of the themes found whose texts come from two services or more."""
    services: dict[int, set[str]] = {}
    for label, context in zip(labels, contexts, strict=True):
        if label != -1:
            services.setdefault(int(label), set()).add(context)
    return sum(len(held) > 1 for held in services.values()) / len(services) if services else 0.0
