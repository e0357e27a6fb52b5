"""The print tray: what is printed leaves it, once."""

from collections.abc import Iterable

from django.db import transaction

from accounts.models import User
from feedback import policies
from journal.actions import record
from letters import actions


@transaction.atomic
def mark_printed(keys: Iterable[int], *, by: User) -> int:
    """These letters of the tray are on paper: they leave it. How many did; the others had left it before."""
    printed = actions.mark_printed(policies.letters_to_print(by).filter(pk__in=list(keys)))
    for letter in printed:
        record("letter.printed", letter, by=by)
    return len(printed)
