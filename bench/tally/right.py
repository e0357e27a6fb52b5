"""Are the winners right? Against what cities published, and what pabutools answered in fractions."""

import json
from dataclasses import replace
from pathlib import Path

from tally.budgets import Election, Outcome, Regulation, count, outcome, pabulib

ALPHABETICAL = ("earlier_deposit",)  # pabutools settles ties by the text of ids
RULES = {
    "equal_shares_cost": Regulation(rule="equal_shares", utility="cost", ties=ALPHABETICAL),
    "equal_shares_unit": Regulation(rule="equal_shares", utility="unit", ties=ALPHABETICAL),
    "equal_shares_points": Regulation(rule="equal_shares", utility="points", ties=ALPHABETICAL),
    "greedy_votes": Regulation(ties=ALPHABETICAL),
    "greedy_votes_per_cost": Regulation(order="score_per_cost", ties=ALPHABETICAL),
    "phragmen_set": Regulation(rule="phragmen", ties=ALPHABETICAL),
}
EXPLAINED = {
    "Poland_Gdynia_2020_Maly_Kack__large.pb": "project 3 was funded apart (selected = 2), Gdynia's extra for turnout",
    "Poland_Gdynia_2024_Wielki_Kack__large.pb": "2024/WIK/0003 was funded apart (selected = 2), the same",
}


def checked(data: Path) -> dict:
    """How many files and answers agree, and the names of those that do not and are not explained."""
    stored = json.loads((data / "pabutools_answers.json").read_text(encoding="utf-8"))["answers"]
    told: dict = {"files": 0, "published": 0, "explained": {}, "answers": 0, "same": 0, "wrong": []}
    for path in sorted(data.glob("*.pb")):
        read = pabulib.read(path.read_text(encoding="utf-8").splitlines(keepends=True))
        if read.selected:
            _publish(told, path.name, read)
        election = alphabetical(read.election)
        for rule, answer in stored.get(path.name, {}).items():
            told["answers"] += 1
            if set(count(election, RULES[rule]).winners) == _voted(answer, count(election, RULES[rule])):
                told["same"] += 1
            else:
                told["wrong"].append(f"{path.name} {rule}")
    return told


def alphabetical(election: Election) -> Election:
    """Deposited in the order of their ids."""
    projects = tuple(replace(project, deposit=rank) for rank, project in enumerate(election.projects))
    return replace(election, projects=projects)


def _publish(told: dict, name: str, read: pabulib.PabulibFile) -> None:
    told["files"] += 1
    won = set(count(read.election, read.regulation()).winners)
    if won == {project for project, selected in read.selected.items() if selected}:
        told["published"] += 1
    elif name in EXPLAINED and won == {project for project, selected in read.selected.items() if selected == 1}:
        told["explained"][name] = EXPLAINED[name]
    else:
        told["wrong"].append(name)


def _voted(answer: list[str], done: Outcome) -> set[str]:
    """Greedy of pabutools may list a project without votes; ours never funds one."""
    return {project for project in answer if done.reasons[project].reason != outcome.NO_VOTE}
