"""What the tests of one file only read, made once: in a transaction around theirs, as ``setUpTestData`` does."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.test import TestCase
from pytest_django import DjangoDbBlocker

Made = TypeVar("Made")


@contextmanager
def standing(make: Callable[[], Made], *, blocker: DjangoDbBlocker) -> Iterator[Made]:
    """For a fixture of the scope of a file: what ``make`` writes stands for its tests, and for those of no other.

    What each test writes is still undone after it. Tests that commit have no place in such a file.
    """
    with blocker.unblock():
        around = TestCase._enter_atomics()
    try:
        with blocker.unblock():
            made = make()
        yield made
    finally:
        with blocker.unblock():
            TestCase._rollback_atomics(around)
