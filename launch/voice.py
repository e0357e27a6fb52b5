"""How the launcher speaks: one line at a time, and one sentence when it cannot go on."""

import os
import sys


class CannotGoOn(Exception):
    """Something a person must act upon; its text is the French sentence to show."""


def say(line: str) -> None:
    """Print one line at once, so that a log or a pipe shows it when it happens."""
    try:
        print(line, flush=True)
    except BrokenPipeError:
        # The reader went away (``./cahier up | head``). Stopping the servers matters more than the line.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def complain(sentence: str) -> None:
    """Print an error for people on the standard error stream."""
    print(f"cahier : {sentence}", file=sys.stderr, flush=True)
