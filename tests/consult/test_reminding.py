"""The promised follow-up: its authors are reminded before, then when it is late; the public page says how late."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts import actions as accounts
from accounts.choices import RoleKind
from accounts.models import User
from consult import reminding
from consult.choices import PhaseKind, Verdict
from consult.models import Consultation, ConsultationPage
from letters.models import Letter
from pages.dates import long_date
from tests.consult.test_deciding import asked_with, published
from tests.consult.test_deciding_pages import at
from tests.consult.world import close, consultation
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
DUE = date(2027, 3, 12)


@pytest.fixture
def editor() -> User:
    user = UserFactory()
    accounts.grant(user, RoleKind.EDITOR, by=None)
    return user


def promised(asked: Consultation, due: date) -> Consultation:
    ConsultationPage.objects.filter(pk=asked.page_id).update(follow_up_due=due)
    return Consultation.objects.select_related("page").get(pk=asked.pk)


@pytest.mark.parametrize(
    ("days", "step"),
    [(-15, ""), (-14, "before-14"), (-4, "before-14"), (-3, "before-3"), (0, "before-3"), (1, "late-0"),
     (29, "late-0"), (30, "late-1"), (365, "late-11"), (900, "late-11")],
)  # fmt: skip
def test_each_step_has_its_day(days, step):
    assert reminding.step(DUE, on=DUE + timedelta(days=days)) == step


def test_editors_are_reminded_once_a_step_until_something_is_said(editor):
    asked = promised(consultation(PhaseKind.VOTE), DUE)
    assert reminding.remind(on=DUE - timedelta(days=40)) == 0
    for day in (DUE - timedelta(days=14), DUE - timedelta(days=2), DUE + timedelta(days=1), DUE + timedelta(days=31)):
        assert reminding.remind(on=day) == 1, day
        assert reminding.remind(on=day) == 0, "run twice"
    letter = Letter.objects.filter(kind=reminding.KIND).last()
    assert letter.address == editor.email
    text = reminding.render(letter).text
    assert at("deciding", asked) in text
    assert reminding.remind(on=DUE + timedelta(days=400)) == 0, "a year is enough"


def test_once_decisions_are_public_nobody_is_reminded_and_nothing_is_late(editor, client):
    asked, filed = asked_with(1)
    today = timezone.localdate()
    promised(asked, today - timedelta(days=12))
    page = client.get(at("consultation", asked)).content.decode()
    assert "12 jours" in page
    published(asked, filed, verdict=Verdict.RETAINED)
    assert reminding.remind(on=today) == 0
    told = client.get(at("consultation", asked)).content.decode()
    assert "12 jours" not in told
    assert f"est publié depuis le {long_date(today)}" in told.replace("\N{NO-BREAK SPACE}", " ")
    assert "C’était promis pour le" in told


def test_a_promise_still_to_come_is_only_a_date(client):
    asked = consultation(PhaseKind.VOTE)
    promised(asked, timezone.localdate() + timedelta(days=9))
    close(asked)
    assert "retard" not in client.get(at("consultation", asked)).content.decode()
