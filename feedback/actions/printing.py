"""The print tray: what is printed leaves it, once."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models.functions import Now

from accounts.models import User
from feedback import policies
from journal.actions import record
from letters.choices import LetterState
from letters.models import Letter


@transaction.atomic
def mark_printed(keys: Iterable[int], *, by: User) -> int:
    """These letters of the tray are on paper: they leave it. How many did; the others had left it before."""
    waiting = policies.letters_to_print(by).filter(pk__in=list(keys))
    letters = list(Letter.objects.filter(pk__in=waiting.values("pk")).select_for_update().order_by("pk"))
    # Read again under the lock: a colleague may have printed some of them meanwhile.
    letters = [letter for letter in letters if letter.state == LetterState.PROMISED]
    Letter.objects.filter(pk__in=[letter.pk for letter in letters]).update(
        state=LetterState.SENT, sent_at=Now(), attempts=1
    )
    for letter in letters:
        record("letter.printed", letter, by=by)
    return len(letters)
