"""What the tests of races share."""

import contextlib
import threading

import pytest


@pytest.fixture
def meeting(monkeypatch):
    """Slow functions down until two are inside, or half a second: the moment at which order matters."""
    met = threading.Barrier(2)

    def slow(module, name):
        real = getattr(module, name)

        def slowed(*args, **kwargs):
            found = real(*args, **kwargs)
            with contextlib.suppress(threading.BrokenBarrierError):
                met.wait(timeout=0.5)
            return found

        monkeypatch.setattr(module, name, slowed)

    return slow
