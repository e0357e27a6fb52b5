"""Whether a panel that respects every quota can still be made: an exact question, answered by an integer programme.

Volunteers of a kind are alike, so the unknowns are how many of each kind: a few dozen, whatever the number of people.
HiGHS (``scipy.optimize.milp``) proves the answer; only its yes or no counts, so that another solver draws the same.
"""

from collections.abc import Mapping

import numpy as np
from scipy.optimize import Bounds as Box
from scipy.optimize import LinearConstraint, milp

from tally.panels.pool import Kind, Pool


def completion(pool: Pool, available: Mapping[Kind, int], taken: Mapping[Kind, int]) -> dict[Kind, int] | None:
    """How many more of each kind make a panel of those taken and some of those available; None when nothing does."""
    kinds = sorted(set(available) | set(taken))
    least = np.array([taken.get(kind, 0) for kind in kinds], dtype=float)
    most = least + np.array([available.get(kind, 0) for kind in kinds], dtype=float)
    rows, low, high = [np.ones(len(kinds))], [pool.size], [pool.size]
    for place, category in enumerate(pool.categories):
        for value in sorted({*pool.quotas[category], *(kind[place] for kind in kinds)}):
            rows.append(np.array([kind[place] == value for kind in kinds], dtype=float))
            bounds = pool.bounds(category, value)
            low.append(bounds.low)
            high.append(bounds.high)
    if not kinds:
        return None
    found = milp(
        np.zeros(len(kinds)),
        integrality=np.ones(len(kinds)),
        bounds=Box(least, most),
        constraints=LinearConstraint(np.vstack(rows), low, high),
    )
    if not found.success:
        return None
    more = np.rint(found.x) - least
    return {kind: int(count) for kind, count in zip(kinds, more, strict=True) if count}


def why_impossible(pool: Pool) -> list[tuple[str, str, int, int]]:
    """Quotas that fail alone: (category, value, what is wanted, what there is). Empty: they fail together.

    A value of "" speaks of the whole category: its bounds ask for more people than the panel has, or for fewer.
    """
    found = []
    for place, category in enumerate(pool.categories):
        there = dict.fromkeys(pool.quotas[category], 0)
        for kind, count in pool.kinds().items():
            there[kind[place]] = there.get(kind[place], 0) + count
        for value in sorted(pool.quotas[category]):
            low = pool.bounds(category, value).low
            if there[value] < low:
                found.append((category, value, low, there[value]))
        least = sum(bounds.low for bounds in pool.quotas[category].values())
        most = sum(min(pool.bounds(category, value).high, count) for value, count in there.items())
        if least > pool.size:
            found.append((category, "", least, pool.size))
        elif most < pool.size:
            found.append((category, "", pool.size, most))
    return found
