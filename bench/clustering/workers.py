"""One process per family of engines, kept from one run to the next so that each is warmed up once.

Engines do not share an address space: the memory of one is not that of another, and none inherits the threads of
another. Linear algebra runs on one thread everywhere: threads that wait burn CPU seconds that are no work. Linux only:
memory is read in /proc.
"""

import ctypes
import multiprocessing
import os
import pickle
import signal
import tempfile
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bench.clustering import engines
from bench.clustering.corpora import Corpus
from bench.clustering.engines import Found

ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")


@dataclass(frozen=True)
class Measured:
    """`memory`: MB by which the process grew at most during the run, over what it held before (the corpus, the
    imports, the model)."""

    results: list[Found]
    memory: float


class Workers:
    """Runs engines, each family in its own process; corpora are handed over by file, once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pools: dict[str, ProcessPoolExecutor] = {}
        self._stored: dict[int, tuple[Corpus, str]] = {}  # the corpus is held so that its id stays its own

    def run(self, name: str, corpus: Corpus, seed: int) -> Measured:
        """One run of one engine, waited for. Its exception is ours."""
        return self.start(name, corpus, seed).result()

    def start(self, name: str, corpus: Corpus, seed: int) -> Future[Measured]:
        return self._pool(engines.ENGINES[name].family).submit(_measured, name, self._path(corpus), seed)

    def _pool(self, family: str) -> ProcessPoolExecutor:
        if family not in self._pools:
            context = multiprocessing.get_context("spawn")
            self._pools[family] = ProcessPoolExecutor(max_workers=1, mp_context=context, initializer=_die_with_us)
        return self._pools[family]

    def _path(self, corpus: Corpus) -> str:
        if id(corpus) not in self._stored:
            path = self._folder / f"{len(self._stored)}.pickle"
            path.write_bytes(pickle.dumps(corpus))
            self._stored[id(corpus)] = (corpus, str(path))
        return self._stored[id(corpus)][1]

    def close(self) -> None:
        for pool in self._pools.values():
            pool.shutdown(cancel_futures=True)


@contextmanager
def workers() -> Iterator[Workers]:
    """Workers that end with the block."""
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))  # children inherit it; numpy here has already started
    with tempfile.TemporaryDirectory(prefix="cahier-bench-") as folder:
        found = Workers(Path(folder))
        try:
            yield found
        finally:
            found.close()


def _die_with_us() -> None:
    """A worker whose bench is stopped, even by -9, stops too (Linux, prctl(2): PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    parent = multiprocessing.parent_process()
    if parent is None or parent.pid != os.getppid():  # it went while we were starting
        os.kill(os.getpid(), signal.SIGKILL)


def _measured(name: str, path: str, seed: int) -> Measured:
    corpus = _read(path)
    before = _memory_before()
    results = engines.run(name, corpus, seed)
    return Measured(results, _status("VmHWM") - before)


@lru_cache(maxsize=4)
def _read(path: str) -> Corpus:
    return pickle.loads(Path(path).read_bytes())


def _memory_before() -> float:
    """MB held now, after giving back what is free and forgetting past peaks (Linux, proc(5): clear_refs)."""
    ctypes.CDLL(None).malloc_trim(0)
    Path("/proc/self/clear_refs").write_text("5")
    return _status("VmRSS")


def _status(field: str) -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1]) / 1024
    raise LookupError(field)
