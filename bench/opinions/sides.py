"""Both sides, each measured in a process of its own: CPU seconds, memory, groups, lists.

``python -m bench.opinions.sides ours|theirs DATA NAME`` prints one JSON object; NAME is a folder of ``polis/`` or
three numbers, PEOPLE,STATEMENTS,EACH.
"""

import json
import resource
import sys
import time
import warnings
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import numpy as np
from sklearn.metrics import adjusted_rand_score

from bench.opinions.conversations import Conversation, made, published

SEEDS = range(5)
Lists = dict[str, list[str]]


def main(side: str, data: str, name: str) -> int:
    warnings.simplefilter("ignore")  # the rival's libraries warn of their own future
    if "," in name:
        people, statements, each = map(int, name.split(","))
        conversation = made(people, statements, each)
        found = SPEED[side](conversation)
    else:
        (conversation,) = (one for one in published(Path(data)) if one.name == name)
        found = MAPS[side](conversation)
    print(json.dumps({"name": conversation.name, **found}))
    return 0


def our_map(conversation: Conversation) -> dict:
    """The map as the product makes it; then the lists that our tests give to the published groups."""
    from tally import Votes, opinion_map
    from tally.opinions.statements import consensus, counted, representative

    votes = Votes.of(conversation.people, conversation.statements, conversation.answers)
    found = opinion_map(votes, rejected=conversation.rejected)
    labels, allowed = conversation.labels(votes.people), votes.without(conversation.rejected)
    answers = counted(votes, labels)
    lists = {
        f"group {group}": [
            f"{one.side} {one.statement}" for one in representative(answers, group, votes.statements, allowed)
        ]
        for group in range(int(labels.max()) + 1)
    }
    lists["all"] = [f"{one.side} {one.statement}" for one in consensus(votes, answers, allowed)]
    return {
        "people": len(votes.people),
        "grouped": found.grouped,
        "refusal": found.refusal,
        "groups": len(found.groups),
        "silhouette": found.silhouette,
        "seeds": found.agreement,
        "ari": _against(conversation, found.placements.people, found.placements.groups),
        "lists": lists,
    }


def their_map(conversation: Conversation) -> dict:
    """red-dwarf with its defaults, the first seed against the published groups, and its lists for these groups."""
    from reddwarf.implementations.base import run_pipeline

    votes, runs = _records(conversation), []
    for seed in SEEDS:
        table = run_pipeline(
            votes=votes, mod_out_statement_ids=list(conversation.rejected), random_state=seed
        ).participants_df
        runs.append(table["cluster_id"].dropna())
    worst = min(adjusted_rand_score(one, other) for one, other in combinations(runs, 2))
    return {
        "groups": int(runs[0].nunique()),
        "seeds": round(float(worst), 3),
        "ari": _against(conversation, runs[0].index.tolist(), [str(label) for label in runs[0]]),
        "lists": _their_lists(conversation),
    }


def _their_lists(conversation: Conversation) -> Lists:
    from reddwarf.utils.consensus import select_consensus_statements
    from reddwarf.utils.matrix import generate_raw_matrix
    from reddwarf.utils.stats import calculate_comment_statistics_dataframes, select_representative_statements

    table = generate_raw_matrix(votes=_records(conversation))
    labels = conversation.labels(table.index.tolist())
    rejected = list(conversation.rejected)
    figures, _overall = calculate_comment_statistics_dataframes(table[labels >= 0], labels[labels >= 0])
    told = select_representative_statements(figures, mod_out_statement_ids=rejected)
    everybody = select_consensus_statements(table, mod_out_statement_ids=rejected)
    lists = {
        f"group {group}": [f"{one['repful-for']} {one['tid']}" for one in statements]
        for group, statements in told.items()
    }
    lists["all"] = [f"{side} {one['tid']}" for side in ("agree", "disagree") for one in everybody[side]]
    return lists


def _against(conversation: Conversation, people: list[int], groups: list) -> float | None:
    """Adjusted Rand index with the published groups, over people who have one on both sides."""
    pairs = [
        (conversation.group[person], group)
        for person, group in zip(people, groups, strict=True)
        if group is not None and conversation.group[person] >= 0
    ]
    return round(float(adjusted_rand_score(*zip(*pairs, strict=True))), 3) if pairs else None


def _records(conversation: Conversation) -> list[dict[str, int]]:
    rows = zip(
        conversation.people.tolist(), conversation.statements.tolist(), conversation.answers.tolist(), strict=True
    )
    return [{"participant_id": person, "statement_id": statement, "vote": vote} for person, statement, vote in rows]


def our_speed(conversation: Conversation) -> dict:
    """From three columns to the map: five seeds, their agreement, the chance test and the lists included."""
    from tally import Votes, opinion_map

    opinion_map(Votes.of(conversation.people[:2000], conversation.statements[:2000], conversation.answers[:2000]))
    found, spent = _timed(
        lambda: opinion_map(Votes.of(conversation.people, conversation.statements, conversation.answers))
    )
    return spent | {
        "ari": _against(conversation, found.placements.people, found.placements.groups),
        "seeds": found.agreement,
    }


def their_speed(conversation: Conversation) -> dict:
    """From the records it reads, already made, to its map: one seed."""
    from reddwarf.implementations.base import run_pipeline

    records = _records(conversation)
    run_pipeline(votes=[one for one in records[:20_000] if one["statement_id"] < 100], random_state=0)
    found, spent = _timed(lambda: run_pipeline(votes=records, random_state=0))
    labels = found.participants_df["cluster_id"].dropna()
    return spent | {"ari": _against(conversation, labels.index.tolist(), [str(label) for label in labels])}


def _timed(act: Callable) -> tuple:
    before, start = _peak(), time.process_time()
    made = act()
    spent = time.process_time() - start
    return made, {"cpu": round(spent, 2), "memory": _peak() // 1024, "added": (_peak() - before) // 1024}


def _peak() -> int:
    """Kilobytes at most since this program began; ``ru_maxrss`` would count what its parent held."""
    status = Path("/proc/self/status")
    if not status.exists():  # not Linux
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM"))


MAPS: dict[str, Callable[[Conversation], dict]] = {"ours": our_map, "theirs": their_map}
SPEED: dict[str, Callable[[Conversation], dict]] = {"ours": our_speed, "theirs": their_speed}

if __name__ == "__main__":
    np.seterr(all="ignore")  # the rival divides by the zeros of statements nobody saw
    sys.exit(main(*sys.argv[1:]))
