"""« Est-ce réglé ? »: asked once, in time; answered from a link that nobody can forge and that no scanner triggers."""

from datetime import date, timedelta

import pytest
from django.core.signing import TimestampSigner
from django.db import connection, transaction
from django.utils import timezone

from feedback import intake_text, letters
from feedback.actions import follow_ups, triage
from feedback.actions.answering import answer_pain_point
from feedback.choices import FicheState, FollowUpReply, Outcome, PainPointState
from feedback.models import Answer, FollowUp
from letters.models import Letter
from letters.renderers import render
from tests.factories import ServiceFactory, UserFactory
from tests.feedback.scenes import CHANGES, file, gather

pytestmark = pytest.mark.django_db


@pytest.fixture
def canteen():
    return ServiceFactory(name="Cantine scolaire")


@pytest.fixture
def owner(canteen):
    return UserFactory(owns=[canteen], email="ines@demo.example")


def answered(service, owner, *fiches, outcome=Outcome.DONE, weeks_ago=5, **details):
    """A pain point answered some weeks ago."""
    pain_point = gather(service, *fiches, by=owner)
    answer = answer_pain_point(pain_point, outcome=outcome, changes=CHANGES, by=owner, **details)
    Answer.objects.update(created_at=timezone.now() - timedelta(weeks=weeks_ago))
    return answer


@pytest.fixture
def asked(canteen, owner):
    """A follow-up already asked to Nadia."""
    fiche = file(canteen, email="nadia@demo.example")
    answered(canteen, owner, fiche)
    follow_ups.ask_due_follow_ups()
    return fiche.follow_ups.get()


def questions():
    return Letter.objects.filter(kind=letters.FOLLOW_UP)


def alerts():
    return Letter.objects.filter(kind=letters.REOPENED)


def test_those_who_wished_an_answer_are_asked_once_when_the_time_has_come(canteen, owner):
    answered(
        canteen,
        owner,
        file(canteen, email="nadia@demo.example"),
        file(canteen, email="nadia@demo.example"),
        file(canteen, email="discret@demo.example", wants_answer=False),
        weeks_ago=5,
    )
    assert follow_ups.ask_due_follow_ups() == 1
    assert follow_ups.ask_due_follow_ups() == 0
    assert FollowUp.objects.count() == 2
    assert questions().count() == 1


@pytest.mark.parametrize(
    ("outcome", "details"),
    [
        (Outcome.DONE, {"weeks_ago": 3}),
        (Outcome.DONE, {"follow_up_weeks": None}),
        (Outcome.REFUSED, {}),
        (Outcome.PLANNED, {"planned_for": date(2090, 1, 1)}),
        (Outcome.PLANNED, {"planned_for": timezone.localdate() - timedelta(weeks=1)}),
    ],
)
def test_nobody_is_asked_too_early_or_about_a_refusal(canteen, owner, outcome, details):
    answered(canteen, owner, file(canteen, email="nadia@demo.example"), outcome=outcome, **details)
    assert follow_ups.ask_due_follow_ups() == 0
    assert not FollowUp.objects.exists()


def test_a_promise_is_asked_about_some_weeks_after_its_date(canteen, owner):
    promised_for = timezone.localdate() - timedelta(weeks=4, days=1)
    fiche = file(canteen, email="nadia@demo.example")
    answered(canteen, owner, fiche, outcome=Outcome.PLANNED, planned_for=promised_for, weeks_ago=20)
    assert follow_ups.ask_due_follow_ups() == 1


def test_an_answer_that_no_longer_holds_is_not_asked_about(canteen, owner):
    answer = answered(canteen, owner, file(canteen, email="nadia@demo.example"))
    triage.reopen(answer.pain_point, by=owner)
    assert follow_ups.ask_due_follow_ups() == 0


def test_asking_stopped_in_the_middle_goes_on_without_asking_anybody_twice(canteen, owner, monkeypatch):
    for rank in range(2):
        answered(canteen, owner, file(canteen, email=f"p{rank}@demo.example"))
    real, seen = letters.ask, []

    def dies_at_the_second(answer):
        seen.append(answer)
        if len(seen) == 2:
            real(answer)
            raise KeyboardInterrupt
        return real(answer)

    monkeypatch.setattr(follow_ups.letters, "ask", dies_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        follow_ups.ask_due_follow_ups()
    assert questions().count() == 1
    monkeypatch.undo()
    assert follow_ups.ask_due_follow_ups() == 1
    assert questions().count() == 2


def test_the_letter_holds_one_link_a_reply_and_the_text_message_one_short_link(canteen, owner):
    answered(canteen, owner, file(canteen, email="nadia@demo.example"), file(canteen, phone="0612345678"))
    follow_ups.ask_due_follow_ups()
    email = render(questions().get(channel="email"))
    for part in (email.text, email.html):
        assert [part.count(f"?reponse={word}") for word in ("oui", "en-partie", "non")] == [1, 1, 1]
    assert len(render(questions().get(channel="sms")).text) <= 160


def test_yes_closes_the_fiche_and_may_be_taken_back(asked):
    follow_ups.reply(asked, reply=FollowUpReply.YES)
    asked.fiche.refresh_from_db()
    assert asked.fiche.state == FicheState.CLOSED
    follow_ups.reply(asked, reply=FollowUpReply.PARTLY)
    asked.fiche.refresh_from_db()
    assert asked.fiche.state == FicheState.ANSWERED


def test_no_reopens_the_pain_point_and_alerts_its_owners_once(asked, canteen):
    UserFactory(owns=[canteen], email="second@demo.example")
    follow_ups.reply(asked, reply=FollowUpReply.NO, text="Écrivez-moi au 06 12 34 56 78, c’est pareil.")
    pain_point = asked.answer.pain_point
    pain_point.refresh_from_db()
    assert pain_point.state == PainPointState.CONFIRMED
    assert alerts().count() == 2
    text = render(alerts().first()).text
    assert "c’est pareil" in text
    assert "06 12 34 56 78" not in text
    asked.fiche.refresh_from_db()
    assert asked.fiche.state == FicheState.GROUPED
    follow_ups.reply(asked, reply=FollowUpReply.NO, text="Toujours non.")
    assert alerts().count() == 2


def test_no_to_an_answer_that_another_has_replaced_is_counted_and_reopens_nothing(asked, owner):
    pain_point = asked.answer.pain_point
    triage.reopen(pain_point, by=owner)
    answer_pain_point(pain_point, outcome=Outcome.DONE, changes="Cette fois c’est fait.", by=owner)
    follow_ups.reply(asked, reply=FollowUpReply.NO)
    pain_point.refresh_from_db()
    assert pain_point.state == PainPointState.DONE
    assert FollowUp.objects.get(pk=asked.pk).reply == FollowUpReply.NO
    assert not alerts().exists()


def test_the_link_shows_a_page_and_only_its_button_replies(client, asked):
    path = letters.follow_up_path(asked)
    page = client.get(path, {"reponse": "non"})
    assert page.status_code == 200
    assert page.context["form"]["reply"].value() == FollowUpReply.NO
    asked.refresh_from_db()
    assert asked.reply == ""
    response = client.post(path, {"reply": "no", "text": "Toujours pareil."})
    assert response.status_code == 302
    asked.refresh_from_db()
    assert (asked.reply, asked.text) == (FollowUpReply.NO, "Toujours pareil.")


def test_opening_the_link_writes_nothing_at_all(client, asked):
    path = letters.follow_up_path(asked)
    client.get("/")  # the identity of the site is written once, by the first page ever read
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        for word in ("oui", "en-partie", "non", "peut-être"):
            assert client.get(path, {"reponse": word}).status_code == 200
        transaction.set_rollback(True)


def tokens_that_open_nothing(follow_up):
    good = letters.follow_up_path(follow_up).rstrip("/").rpartition("/")[2]
    yield good[:-1] + ("A" if good[-1] != "A" else "B")
    yield good.replace(str(follow_up.pk), str(follow_up.pk + 1), 1)
    yield TimestampSigner(sep=".").sign(str(follow_up.pk))
    yield TimestampSigner(sep=".", salt="feedback.tracking").sign(str(follow_up.pk))
    yield TimestampSigner(sep=".", salt="feedback.follow_up").sign("not-a-number")
    yield str(follow_up.pk)
    yield "x" * 200


def test_a_link_altered_or_meant_for_something_else_leads_nowhere(client, asked):
    for token in tokens_that_open_nothing(asked):
        assert client.get(f"/suivi/est-ce-regle/{token}/").status_code == 404, token
        assert client.post(f"/suivi/est-ce-regle/{token}/", {"reply": "no"}).status_code == 404, token
    asked.refresh_from_db()
    assert asked.reply == ""


def test_an_old_link_leads_nowhere(client, asked, monkeypatch):
    path = letters.follow_up_path(asked)
    monkeypatch.setattr("feedback.letters.links.FOLLOW_UP_LASTS", timedelta(seconds=-1))
    assert client.get(path).status_code == 404


def test_a_reply_without_choice_keeps_what_was_typed_and_says_what_to_do(client, asked):
    page = client.post(letters.follow_up_path(asked), {"reply": "", "text": "Mes mots à garder"})
    assert page.status_code == 422
    assert "Mes mots à garder" in page.content.decode()


def test_words_that_cannot_be_masked_are_given_back_and_not_kept(client, asked, monkeypatch):
    monkeypatch.setattr(intake_text.masking, "find", lambda text: 1 / 0)
    page = client.post(letters.follow_up_path(asked), {"reply": "no", "text": "Mes mots à garder"})
    assert "Mes mots à garder" in page.content.decode()
    asked.refresh_from_db()
    assert (asked.reply, asked.text) == ("", "")
