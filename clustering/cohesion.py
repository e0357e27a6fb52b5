"""How well a group of texts holds together among others, and the word for it.

One measure, the share of what its texts resemble most that is in the group too, seen among all the texts of a grouping
(``inside``) or among samples of other groups (``cohesion``), where chance is higher: each has its own thresholds.

Themes whose texts are in majority about one thing against the others, at three resolutions, by meaning and by words:
AUROC of the first .42 and .65 on short fiches, .80 and .82 on the demo town, .80 and .76 on arguments, .60 and .56 on
sheets (of the second: .47, .56; .82, .68; .81, .79; .62, .57). It tells mixtures where subjects are far apart; where
one subject has several neighbours, or in themes of a dozen texts, it does not: it is a warning, never a proof.
"""

from collections.abc import Hashable, Sequence

import numpy as np
from scipy import sparse

from clustering.background import SENTENCES
from clustering.features import Lexicon
from clustering.nearness import middled

NEIGHBOURS = 10
# Demo town and dev passages, by meaning: true pain points .14, then .26 to .80; mixtures of six under .18, chance .13.
WEAK = 0.25  # under: what its texts resemble is elsewhere
WEAK_WORDS = 0.12  # the same with words alone: true ones .09, then .12 to .63
# Among all the texts, the most that withholds few good themes: 0 to 5 % of them on the four sets (15 % of those of
# arguments by words alone; at .35, up to 29 %), and 0 to 26 % of mixtures by meaning, 3 to 51 % by words.
WEAK_AMONG_ALL = 0.3
CLEAR = 0.4  # from there on: four in ten of what its texts resemble are in the group, among dozens of others


def cohesion(
    texts: Sequence[str], labels: Sequence[Hashable], *, vectors: np.ndarray | None = None
) -> dict[Hashable, float]:
    """For each group, 0..1: of the texts that resemble its own the most, the share that belongs to it.

    `labels` (n,): the group of each text, None for texts of no group, which count among the others. A group of n
    texts is asked for the n - 1 nearest of each, at most ten; one text alone, or the same words throughout, holds
    perfectly. By meaning when `vectors` (n, d) are given, by words otherwise. Costs n² products: give samples.
    """
    close = _similarities(texts, vectors)
    np.fill_diagonal(close, -np.inf)
    rows: dict[Hashable, list[int]] = {}
    for row, label in enumerate(labels):
        if label is not None:
            rows.setdefault(label, []).append(row)
    found: dict[Hashable, float] = {}
    for label, members in rows.items():
        count = min(NEIGHBOURS, len(members) - 1)
        if count == 0:
            found[label] = 1.0
            continue
        nearest = np.argpartition(-close[members], count - 1, axis=1)[:, :count]
        found[label] = round(float(np.isin(nearest, members).mean()), 3)
    return found


def cohesions(
    texts: Sequence[str], groups: Sequence[tuple[Sequence[int], Sequence[int]]], *, vectors: np.ndarray | None = None
) -> list[float]:
    """The same for several groups, each seen among its own others: (rows of the group, rows beside it), row numbers of
    `texts`. The texts are read once; 0 for a group that holds none."""
    if vectors is not None:
        seen = middled(np.asarray(vectors, dtype=np.float32))
    else:
        seen = Lexicon([*texts, *SENTENCES], least=1).fitted[: len(texts)]
    return [_held(seen, np.asarray(own, dtype=int), np.asarray(beside, dtype=int)) for own, beside in groups]


def _held(seen: np.ndarray | sparse.csr_matrix, own: np.ndarray, beside: np.ndarray) -> float:
    count = min(NEIGHBOURS, len(own) - 1)
    if count < 1:
        return float(len(own))
    found = seen[own] @ seen[np.concatenate([own, beside])].T
    close = found.toarray() if sparse.issparse(found) else found
    np.fill_diagonal(close, -np.inf)
    nearest = np.argpartition(-close, count - 1, axis=1)[:, :count]
    return round(float((nearest < len(own)).mean()), 3)


def inside(members: np.ndarray, labels: np.ndarray, nearest: np.ndarray) -> float:
    """The cohesion of one group among all the texts: `members` rows of it, `labels` (n,), `nearest` (n, k) best first.

    As many neighbours are asked as the group has other texts, at most k; one text alone holds perfectly.
    """
    if len(members) == 1:
        return 1.0  # many people, the very same words
    close = nearest[members, : min(nearest.shape[1], len(members) - 1)]
    return round(float((labels[close] == labels[members[0]]).mean()), 3)


def clarity(share: float) -> str:
    """The word for a cohesion: ``clear``, ``medium`` or ``weak``."""
    return "clear" if share >= CLEAR else "medium" if share >= WEAK else "weak"


def _similarities(texts: Sequence[str], vectors: np.ndarray | None) -> np.ndarray:
    if vectors is not None:
        seen = middled(np.asarray(vectors, dtype=np.float32))
        return seen @ seen.T
    lexical = Lexicon([*texts, *SENTENCES], least=1).fitted[: len(texts)]  # a few texts do not say what is usual
    return (lexical @ lexical.T).toarray().astype(np.float32)
