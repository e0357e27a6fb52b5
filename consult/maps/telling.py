"""What may be told of a count: groups, never where a person stands; no cell of a group under five people.

A cell alone to be hidden could be found from the total: the smallest of the others is then hidden with it.
"""

from dataclasses import asdict
from typing import Any

from tally import OpinionMap
from tally.opinions import dividing

FEW = 5

Cells = dict[str, list[int | None]]


def told(found: OpinionMap) -> dict[str, Any]:
    """Ready for JSON: what ``tally`` publishes, with its small cells as None, and what parts the groups."""
    whole = found.published()
    groups = [
        {**group, "representative": [one for one in group["representative"] if one["count"] >= FEW]}
        for group in whole["groups"]
    ]
    return {
        **whole,
        "groups": groups,
        "consensus": [one for one in whole["consensus"] if one["count"] >= FEW],
        "dividing": [asdict(one) for one in dividing(found.statements)],
        "statements": [{**one, "groups": without_few(one["groups"])} for one in whole["statements"]],
    }


def without_few(groups: dict[str, list[int]]) -> Cells:
    """Counts (agree, disagree, pass) by group, those from 1 to 4 as None."""
    kept: Cells = {name: [None if 0 < count < FEW else count for count in counts] for name, counts in groups.items()}
    for place in range(3):
        column = {name: counts[place] for name, counts in kept.items()}
        others = {name: count for name, count in column.items() if count}
        if sum(count is None for count in column.values()) == 1 and others:
            kept[min(others, key=lambda name: others[name])][place] = None
    return kept
