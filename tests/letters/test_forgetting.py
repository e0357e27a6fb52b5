"""An address serves to send; some months later it is emptied."""

from datetime import timedelta

import pytest
from django.utils import timezone

from letters import tasks
from letters.actions import promise
from letters.choices import LetterState
from letters.models import Letter

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("state", "days", "kept"),
    [
        (LetterState.SENT, 91, ""),
        (LetterState.SENT, 60, "nadia@demo.example"),
        (LetterState.PROMISED, 400, "nadia@demo.example"),
        (LetterState.UNKNOWN, 400, "nadia@demo.example"),
    ],
)
def test_addresses_of_letters_sent_long_ago_are_emptied(state, days, kept):
    letter = promise("feedback.receipt", key=1, campaign="x", recipient="nadia", address="nadia@demo.example")
    Letter.objects.filter(pk=letter.pk).update(state=state, promised_at=timezone.now() - timedelta(days=days))
    tasks.forget_sent()
    assert Letter.objects.get(pk=letter.pk).address == kept
