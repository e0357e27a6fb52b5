"""The table of incidents names a test for each, and each of these tests exists."""

import re
from pathlib import Path

HERE = Path(__file__).parents[2]


def test_each_incident_has_a_test_that_exists():
    table = (HERE / "docs" / "incidents.md").read_text()
    rows = re.findall(r"^\| (?!incident|---)(.+?) \| `(.+?)::(\w+)` \|$", table, flags=re.MULTILINE)
    assert len(rows) >= 16
    assert len(rows) == len([line for line in table.splitlines() if line.startswith("| ")]) - 2
    missing = [name for name, path, test in rows if f"\ndef {test}(" not in (HERE / path).read_text()]
    assert missing == []
