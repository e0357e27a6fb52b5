"""Workers share the cores: whoever starts them need not know that numbers are computed on as many threads."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ASK = "import config, clustering, threadpoolctl as t; print(max(one['num_threads'] for one in t.threadpool_info()))"


@pytest.mark.parametrize(("said", "threads"), [({}, "1"), ({"OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2"}, "2")])
def test_a_process_computes_on_one_thread_unless_told_otherwise(said: dict[str, str], threads: str) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    asked = subprocess.run([sys.executable, "-c", ASK], cwd=ROOT, env=kept | said, capture_output=True, text=True)
    assert asked.stdout.split()[-1:] == [threads], asked.stderr
