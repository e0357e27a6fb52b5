"""The bench of counts says what it did not see the end of."""

import json
import subprocess
import sys
from pathlib import Path

from bench.tally import report, sides


def run(name, cpu, winners):
    ours = {"cpu": 2.0, "memory": 90, "added": 9, "winners": ["1", "2"]}
    theirs = {"cpu": cpu, "memory": 700, "added": 600, "winners": winners}
    found = {"machine": "two cores", "runs": {name: {"commit": "abc", "load": 3, "ours": ours, "theirs": theirs}}}
    return report.markdown(found).splitlines()[-1]


def test_a_side_that_was_stopped_gives_a_least_ratio_and_no_word_on_winners():
    told = run("toulouse-steps", 600.3, None)
    assert "| 2.00 | stopped after 600 | > 300 × |" in told
    assert "same" not in told
    assert "≥ 20 × | yes" in told


def test_winners_that_differ_and_a_goal_that_is_missed_are_said():
    told = run("90k-steps", 100, ["1", "3"])
    assert "| 50 × |" in told
    assert "2, **not the same** | ≥ 100 × | **no**" in told
    assert "2, the same" in run("90k-steps", 100, ["1", "2"])


def test_the_report_takes_the_place_of_the_one_before():
    page = f"before\n{report.BEGIN}\nold\n{report.END}\nafter"
    assert report.pasted(page, "new") == f"before\n{report.BEGIN}\nnew\n{report.END}\nafter"


def test_a_side_that_reaches_its_limit_tells_no_winner():
    """The limit in a process of its own: it is one of CPU for the whole process."""
    endless = (
        "import sys; from bench.tally import sides\n"
        "def endless(_file):\n  while True: pass\n"
        "sides._ours = lambda _rule: endless; sys.exit(sides.main())"
    )
    asked = [sys.executable, "-c", endless, "ours", "no.pb", "cost", "0.01"]
    done = subprocess.run(asked, cwd=Path(sides.__file__).parents[2], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["winners"] is None
