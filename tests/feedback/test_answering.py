"""An owner answers a pain point once, and everybody who wrote about it hears of it, once."""

import contextlib
import threading
from datetime import date

import pytest
from django.core import mail
from django.db import connection, transaction

from feedback import letters
from feedback.actions import answering, reshaping, triage
from feedback.actions.answering import answer_pain_point, answer_together
from feedback.choices import FicheState, Outcome, PainPointState
from feedback.errors import NotAllowedNow
from feedback.given import of_answers
from feedback.models import Answer, PainPoint
from feedback.moves import move
from journal.models import Entry
from letters import delivery
from letters.choices import Channel, LetterState
from letters.models import Letter
from tests.factories import ServiceFactory, UserFactory
from tests.feedback.scenes import CHANGES, WORDS, file, gather

pytestmark = pytest.mark.django_db


@pytest.fixture
def canteen():
    return ServiceFactory(name="Cantine scolaire")


@pytest.fixture
def owner(canteen):
    return UserFactory(owns=[canteen], name="Inès R.")


def promise(pain_point, owner, **details):
    return answer_pain_point(
        pain_point, outcome=Outcome.PLANNED, changes=CHANGES, planned_for=date(2049, 2, 1), by=owner, **details
    )


def answers_promised():
    return Letter.objects.filter(kind=letters.ANSWER)


def deliver_all():
    for letter in Letter.objects.filter(state=LetterState.PROMISED).exclude(kind="feedback.receipt"):
        delivery.deliver(letter.pk)


def test_each_author_receives_the_answer_once_by_the_way_they_left(canteen, owner):
    fiches = [
        file(canteen, email="nadia@demo.example"),
        file(canteen, email="Nadia@demo.example"),
        file(canteen, phone="0612345678"),
        file(canteen, postal_name="M. Lopez\n3 rue Haute\n99000 Valbourg"),
        file(canteen),
    ]
    answer = promise(gather(canteen, *fiches, by=owner), owner)
    assert sorted(answers_promised().values_list("channel", flat=True)) == [Channel.EMAIL, Channel.PRINT, Channel.SMS]
    assert answer.recipients.count() == len(fiches)
    for fiche in fiches:
        fiche.refresh_from_db()
        assert fiche.state == FicheState.ANSWERED


def test_an_author_who_wished_no_answer_only_finds_it_on_their_page(canteen, owner):
    fiche = file(canteen, email="discret@demo.example", wants_answer=False)
    promise(gather(canteen, fiche, by=owner), owner)
    assert not answers_promised().exists()
    assert fiche.answers_received.get().answer.changes == CHANGES


@pytest.mark.django_db(transaction=True)
def test_the_letter_says_what_was_written_decided_for_when_and_where_to_read_it(canteen, owner):
    fiche = file(canteen, text=f"{WORDS} Je suis joignable au 06 12 34 56 78.", email="nadia@demo.example")
    promise(gather(canteen, fiche, by=owner), owner, does_not_change="La CAF garde sa demande.")
    mail.outbox.clear()
    deliver_all()
    (message,) = mail.outbox
    assert message.to == ["nadia@demo.example"]
    html = message.alternatives[0].content
    for part in (message.body, html):
        assert "redemande le justificatif" in part
        assert "06 12 34 56 78" not in part
        assert CHANGES in part
        assert "La CAF garde sa demande." in part
        assert "février 2049" in part
        assert f"/suivi/{fiche.reference}/?cle=" in part


@pytest.mark.django_db(transaction=True)
def test_a_text_message_holds_in_160_characters_with_its_link(canteen, owner):
    fiche = file(canteen, phone="0612345678")
    promise(gather(canteen, fiche, by=owner), owner)
    from letters.renderers import render

    text = render(answers_promised().get()).text
    assert len(text) <= 160
    assert f"/suivi/{fiche.reference}/?cle=" in text


def test_a_refusal_keeps_its_words_as_the_reason_and_asks_nothing_later(canteen, owner):
    pain_point = gather(canteen, file(canteen), by=owner)
    answer = answer_pain_point(pain_point, outcome=Outcome.REFUSED, changes="Il faudrait quatre postes.", by=owner)
    pain_point.refresh_from_db()
    assert (pain_point.state, pain_point.reason) == (PainPointState.REFUSED, "Il faudrait quatre postes.")
    assert answer.follow_up_weeks is None


def test_what_was_planned_is_later_said_to_be_done_to_the_same_people(canteen, owner):
    pain_point = gather(canteen, file(canteen, email="nadia@demo.example"), by=owner)
    promise(pain_point, owner)
    answer_pain_point(pain_point, outcome=Outcome.DONE, changes="C’est en place.", by=owner)
    pain_point.refresh_from_db()
    assert pain_point.state == PainPointState.DONE
    assert answers_promised().count() == 2


def test_a_suggested_pain_point_is_confirmed_and_answered_in_one_go(canteen, owner):
    pain_point = gather(canteen, file(canteen), by=owner)
    PainPoint.objects.update(state=PainPointState.SUGGESTED)
    with pytest.raises(NotAllowedNow):
        promise(pain_point, owner)
    answer_together([pain_point], outcome=Outcome.DONE, changes=CHANGES, by=owner)
    verbs = Entry.objects.filter(subject_type="feedback.painpoint", subject_key=str(pain_point.pk))
    assert list(verbs.values_list("verb", flat=True))[-2:] == ["pain_point.confirmed", "pain_point.answered"]


def test_several_pain_points_take_the_same_words_all_or_none(canteen, owner):
    first = gather(canteen, file(canteen), by=owner)
    second = gather(canteen, file(canteen), by=owner, title="Autre")
    triage.dismiss(second, by=owner)
    with pytest.raises(NotAllowedNow):
        answer_together([first, second], outcome=Outcome.DONE, changes=CHANGES, by=owner)
    assert not Answer.objects.exists()
    triage.restore(second, by=owner)
    assert len(answer_together([first, second], outcome=Outcome.DONE, changes=CHANGES, by=owner)) == 2


def test_a_person_who_wrote_in_several_receives_one_letter_that_names_all_they_said(canteen, owner):
    nadia = {"email": "nadia@demo.example"}
    said, also = file(canteen, **nadia), file(canteen, "Le portail est en panne le soir.", **nadia)
    first = gather(canteen, said, file(canteen, email="paul@demo.example"), by=owner)
    second = gather(canteen, also, by=owner, title="Portail")
    answers = answer_together([second, first], outcome=Outcome.DONE, changes=CHANGES, by=owner)
    assert answers_promised().count() == 2
    deliver_all()
    theirs, other = sorted(mail.outbox, key=lambda message: message.to[0])
    assert (theirs.to, other.to) == (["nadia@demo.example"], ["paul@demo.example"])
    for part in (theirs.body, theirs.alternatives[0].content):
        assert CHANGES in part
        assert part.count(said.reference) >= 1
        assert part.count(also.reference) == 1
        assert "Le portail est en panne le soir." in part
    assert also.reference not in other.body
    assert [fiche.answers_received.count() for fiche in (said, also)] == [1, 1]
    assert [given.sent for given in of_answers(answers)] == [2, 2]


def test_one_fiche_in_two_pain_points_answered_together_is_one_letter_on_paper_too(canteen, owner):
    fiche = file(canteen, postal_name="M. Lopez\n3 rue Haute\n99000 Valbourg")
    also = fiche.segments.create(position=9, start=0, end=5, text="Le portail aussi.")
    first = gather(canteen, file(canteen), by=owner)
    reshaping.attach([fiche.segments.first()], to=first, by=owner)
    second = reshaping.found([also], title="Portail", service=canteen, by=owner)
    answer_together([first, second], outcome=Outcome.DONE, changes=CHANGES, by=owner)
    assert answers_promised().count() == 1
    assert fiche.answers_received.count() == 2


def test_answers_given_apart_are_letters_apart(canteen, owner):
    """The control: without the batch, two answers are two letters."""
    for title in ("Premier", "Second"):
        promise(gather(canteen, file(canteen, email="nadia@demo.example"), by=owner, title=title), owner)
    assert answers_promised().count() == 2


def test_the_same_person_clicking_twice_gives_one_answer(canteen, owner):
    pain_point = gather(canteen, file(canteen, email="nadia@demo.example"), by=owner)
    assert promise(pain_point, owner) == promise(pain_point, owner)
    assert answers_promised().count() == 1


def test_an_owner_whose_page_is_old_does_not_answer_over_another(canteen, owner):
    pain_point = gather(canteen, file(canteen), by=owner)
    promise(pain_point, owner, answers_seen=0)
    with pytest.raises(NotAllowedNow):
        answer_pain_point(
            pain_point, outcome=Outcome.DONE, changes="Autre.", by=UserFactory(owns=[canteen]), answers_seen=0
        )
    assert Answer.objects.count() == 1


def answer_from_two_sides(pain_point, owners, monkeypatch):
    """Two owners, two connections; each waits until the other has read the pain point, or half a second."""
    met = threading.Barrier(2)
    real = answering._move

    def slow(*args):
        with contextlib.suppress(threading.BrokenBarrierError):
            met.wait(timeout=0.5)
        real(*args)

    monkeypatch.setattr(answering, "_move", slow)
    outcomes = []

    def act(owner):
        try:
            answer_pain_point(pain_point, outcome=Outcome.DONE, changes=f"Dit par {owner.name}.", by=owner)
            outcomes.append("answered")
        except NotAllowedNow:
            outcomes.append("too late")
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=(owner,)) for owner in owners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


@pytest.fixture
def two_owners(canteen):
    return [UserFactory(owns=[canteen]), UserFactory(owns=[canteen])]


@pytest.mark.django_db(transaction=True)
def test_two_owners_answering_at_once_give_one_answer(canteen, two_owners, monkeypatch):
    pain_point = gather(canteen, file(canteen, email="nadia@demo.example"), by=two_owners[0])
    assert answer_from_two_sides(pain_point, two_owners, monkeypatch) == ["answered", "too late"]
    assert answers_promised().count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_two_owners_would_both_be_heard(canteen, two_owners, monkeypatch):
    """The control of the test above: the lock is what stops the second."""
    pain_point = gather(canteen, file(canteen, email="nadia@demo.example"), by=two_owners[0])
    monkeypatch.setattr(answering, "lock", lambda pain_point: PainPoint.objects.get(pk=pain_point.pk))
    assert answer_from_two_sides(pain_point, two_owners, monkeypatch) == ["answered", "answered"]
    assert answers_promised().count() == 2


def test_an_answer_that_breaks_in_the_middle_leaves_nothing(canteen, owner, monkeypatch):
    pain_point = gather(canteen, file(canteen, email="nadia@demo.example"), by=owner)

    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(answering.letters, "tell", killed)
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        promise(pain_point, owner)
    pain_point.refresh_from_db()
    assert pain_point.state == PainPointState.CONFIRMED
    assert not Answer.objects.exists()
    monkeypatch.undo()
    promise(pain_point, owner)
    assert answers_promised().count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_while_sending_leaves_a_letter_to_look_at_and_never_sends_it_twice(canteen, owner, monkeypatch):
    promise(gather(canteen, file(canteen, email="nadia@demo.example"), by=owner), owner)
    letter = answers_promised().get()

    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(delivery, "carry", killed)
    with pytest.raises(KeyboardInterrupt):
        delivery.deliver(letter.pk)
    monkeypatch.undo()
    Letter.objects.filter(pk=letter.pk).update(tried_at="2020-01-01T00:00Z")
    mail.outbox.clear()
    delivery.sweep()
    letter.refresh_from_db()
    assert letter.state == LetterState.UNKNOWN
    assert not [message for message in mail.outbox if "Answer" in message.subject or "Réponse" in message.subject]


def join(pain_point, fiche, by):
    reshaping.attach(list(fiche.segments.all()), to=pain_point, by=by)


def test_who_comes_after_the_answer_receives_the_last_one_once(canteen, owner):
    pain_point = gather(canteen, file(canteen), by=owner)
    promise(pain_point, owner)
    last = answer_pain_point(pain_point, outcome=Outcome.DONE, changes="C’est en place.", by=owner)
    latecomer = file(canteen, email="tard@demo.example")
    join(pain_point, latecomer, owner)
    for _ in range(2):
        letters.tell_latecomer(latecomer)
    assert [received.answer for received in latecomer.answers_received.all()] == [last]
    assert answers_promised().count() == 1
    latecomer.refresh_from_db()
    assert latecomer.state == FicheState.ANSWERED


def test_a_latecomer_whom_no_doorbell_told_is_found_by_the_clock(canteen, owner):
    pain_point = gather(canteen, file(canteen), by=owner)
    promise(pain_point, owner)
    latecomer = file(canteen, email="tard@demo.example")
    join(pain_point, latecomer, owner)
    assert answering.tell_the_untold() == 1
    assert answering.tell_the_untold() == 0
    assert answers_promised().count() == 1


def test_who_joins_an_open_pain_point_is_told_nothing(canteen, owner):
    pain_point = gather(canteen, file(canteen), by=owner)
    promise(pain_point, owner)
    triage.reopen(pain_point, by=owner)
    latecomer = file(canteen, email="tard@demo.example")
    join(pain_point, latecomer, owner)
    assert answering.tell_the_untold() == 0
    assert not latecomer.answers_received.exists()


def test_the_authors_of_a_merged_pain_point_receive_the_answer_of_the_one_that_took_it(canteen, owner):
    kept = gather(canteen, file(canteen, email="a@demo.example"), by=owner)
    moved = file(canteen, email="b@demo.example")
    emptied = gather(canteen, moved, by=owner, title="Double")
    answer = promise(kept, owner)
    reshaping.merge(emptied, into=kept, by=owner)
    answering.tell_the_untold()
    assert moved.answers_received.get().answer == answer
    assert answers_promised().count() == 2


def test_only_answering_moves_to_what_the_table_allows(canteen, owner):
    pain_point = gather(canteen, file(canteen), by=owner)
    answer_pain_point(pain_point, outcome=Outcome.REFUSED, changes="Non.", by=owner)
    with pytest.raises(NotAllowedNow):
        promise(pain_point, owner)
    pain_point.refresh_from_db()
    with pytest.raises(NotAllowedNow):
        move(pain_point, PainPointState.PLANNED)


def test_publishing_with_the_answer_is_one_gesture(canteen, owner):
    pain_point = gather(canteen, file(canteen), by=owner)
    promise(pain_point, owner, publish=True)
    pain_point.refresh_from_db()
    assert pain_point.is_public
