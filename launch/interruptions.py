"""Ctrl-C and SIGTERM: noted when they come, obeyed where it is safe."""

import signal
import time
from types import FrameType, TracebackType
from typing import Any, Self

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopAsked(Exception):
    """Somebody asked to stop; everything that was started must now be stopped in order."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.number = number


class Interruptions:
    """Within this context the stop signals raise ``StopAsked``, but only from ``check`` and ``pause``.

    Raising from the handler itself could lose a child between its birth and its registration.
    """

    def __init__(self) -> None:
        self.asked: int | None = None
        self.deaf_to_keyboard = False
        self._former: dict[int, Any] = {}

    def __enter__(self) -> Self:
        for number in SIGNALS:
            self._former[number] = signal.signal(number, self._note)
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for number, handler in self._former.items():
            signal.signal(number, handler)

    def _note(self, number: int, frame: FrameType | None) -> None:
        # The program in front (pytest, a shell) receives the terminal's Ctrl-C itself and decides.
        if number == signal.SIGINT and self.deaf_to_keyboard:
            return
        self.asked = self.asked or number

    def check(self) -> None:
        if self.asked:
            raise StopAsked(self.asked)

    def pause(self, seconds: float) -> None:
        """Sleep; a stop signal is obeyed within a twentieth of a second."""
        end = time.monotonic() + seconds
        self.check()
        while (left := end - time.monotonic()) > 0:
            time.sleep(min(left, 0.05))
            self.check()
