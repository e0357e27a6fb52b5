"""Elections of any size, always the same for a size: votes gathered on few projects, as people's are."""

from pathlib import Path

import numpy as np


def written(path: Path, *, voters: int, projects: int) -> Path:
    """Approval ballots of 1 to 10 projects; costs of 10,000 to 1,000,000; the budget pays for about one in five."""
    chance = np.random.default_rng(2026)
    costs = (chance.lognormal(11.5, 0.9, projects).clip(10_000, 1_000_000) // 500 * 500).astype(int)
    liked = chance.dirichlet(np.full(projects, 0.7)).cumsum()
    lengths = chance.integers(1, 11, voters)
    drawn = np.searchsorted(liked, chance.random(lengths.sum())).clip(0, projects - 1) + 1
    ends = lengths.cumsum()
    with path.open("w", encoding="utf-8") as file:
        file.write("META\nkey;value\ndescription;invented\n")
        file.write(f"num_projects;{projects}\nnum_votes;{voters}\nbudget;{costs.sum() // 5}\n")
        file.write("vote_type;approval\nrule;greedy\nPROJECTS\nproject_id;cost;name\n")
        file.writelines(f"{rank};{cost};Projet {rank}\n" for rank, cost in enumerate(costs.tolist(), 1))
        file.write("VOTES\nvoter_id;vote\n")
        for voter, (end, length) in enumerate(zip(ends.tolist(), lengths.tolist(), strict=True), 1):
            chosen = dict.fromkeys(drawn[end - length : end].tolist())
            file.write(f"{voter};{','.join(map(str, chosen))}\n")
    return path
