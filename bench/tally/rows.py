"""What is measured: one file, one rule, and what has to be reached."""

from dataclasses import dataclass
from pathlib import Path

from bench.tally import invented

STEPS = "cost+steps"


@dataclass(frozen=True)
class Row:
    """``file``: of ``pabulib``, or of the size of ``invented`` (voters, projects).

    Goals: ``ratio`` at least; CPU ``seconds`` and MB of ``memory`` at most. ``alone``: pabutools is not tried.
    """

    file: str
    rule: str = "cost"
    invented: tuple[int, int] | None = None
    ratio: int | None = None
    seconds: float | None = None
    memory: int | None = None
    alone: bool = False

    def written(self, pabulib: Path, folder: Path) -> Path:
        """The file to count, made in ``folder`` when nobody voted in it."""
        if self.invented is None:
            return pabulib / self.file
        voters, projects = self.invented
        return invented.written(folder / self.file, voters=voters, projects=projects)


LARGE = {"file": "90,000 invented ballots, 160 projects", "invented": (90_000, 160)}
ROWS = {
    "90k": Row(**LARGE, ratio=20, seconds=1.5, memory=200),
    "warszawa": Row("Poland_Warszawa_2026.pb"),
    "lodz": Row("Poland_Lodz_2023.pb", ratio=20, seconds=1.5, memory=200),
    "1m": Row(
        "1,000,000 invented ballots, 200 projects", invented=(1_000_000, 200), seconds=30, memory=1500, alone=True
    ),
    "baluty-steps": Row("Poland_Lodz_2020_Baluty_Doly.pb", STEPS),
    "wilanow-steps": Row("Poland_Warszawa_2024_Wilanow.pb", STEPS),
    "rembertow-steps": Row("Poland_Warszawa_2024_Rembertow.pb", STEPS),
    "90k-steps": Row(**LARGE, rule=STEPS, ratio=100),
    "lodz-steps": Row("Poland_Lodz_2023.pb", STEPS),
    "warszawa-steps": Row("Poland_Warszawa_2026.pb", STEPS),
    "toulouse-steps": Row("France_Toulouse_2022.pb", STEPS, ratio=20),
}
