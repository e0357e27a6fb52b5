"""The print tray of the outbox: a letter leaves it along its own table, once, and only if it is paper."""

import pytest

from letters import actions
from letters.choices import MOVES, MOVES_ON_PAPER, Channel, LetterState
from letters.models import Letter

pytestmark = pytest.mark.django_db


def promised(number, **details):
    details = {"channel": Channel.PRINT, "address": "M. Lopez\n3 rue Haute", **details}
    return actions.promise("test.answer", key=number, campaign="answer:1", recipient=f"fiche:{number}", **details)


def test_a_letter_leaves_the_tray_once():
    letter = promised(1)
    assert [one.pk for one in actions.mark_printed(Letter.objects.all())] == [letter.pk]
    letter.refresh_from_db()
    assert letter.state == LetterState.SENT
    assert letter.sent_at is not None
    assert actions.mark_printed(Letter.objects.all()) == []


@pytest.mark.parametrize("state", [LetterState.SENT, LetterState.FAILED])
def test_what_is_no_longer_promised_is_not_printed(state):
    letter = promised(1)
    Letter.objects.update(state=state)
    assert actions.mark_printed(Letter.objects.all()) == []
    letter.refresh_from_db()
    assert letter.state == state


def test_a_message_is_never_printed():
    promised(1, channel=Channel.EMAIL, address="nadia@demo.example")
    assert actions.mark_printed(Letter.objects.all()) == []


def test_a_machine_never_jumps_from_promised_to_sent_and_paper_is_never_in_flight():
    assert LetterState.SENT not in MOVES[LetterState.PROMISED]
    assert LetterState.IN_FLIGHT not in {state for states in MOVES_ON_PAPER.values() for state in states}
