"""Acts that touch the same pain points and fiches at once, in threads: they wait in one order and never for each other.

The control takes the defence away and meets the deadlock.
"""

import threading

import pytest
from django.db import OperationalError, close_old_connections, connection

from feedback.actions import answering, privacy, reshaping, sorting
from feedback.actions.answering import answer_pain_point, answer_together
from feedback.choices import FicheState, Outcome
from feedback.errors import RuleBroken
from feedback.grouping import place
from feedback.models import Answer, Fiche, PainPoint
from tests.factories import ServiceFactory, UserFactory
from tests.feedback.scenes import CHANGES, file, gather

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
ROUNDS = 12


@pytest.fixture
def service():
    return ServiceFactory()


@pytest.fixture
def owner(service):
    return UserFactory(owns=[service])


def at_once(*acts):
    """Each act on its own connection; what each met, by position: None, or the error."""
    met: list[Exception | None] = [None] * len(acts)
    start = threading.Barrier(len(acts))

    def run(rank, act):
        try:
            start.wait(timeout=10)
            act()
        except (OperationalError, RuleBroken) as error:
            met[rank] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    close_old_connections()
    return met


def is_deadlock(error):
    return isinstance(error, OperationalError) and "deadlock" in str(error)


def answering_while_erasing(service, owner, meeting):
    fiche = file(service, email="nadia@demo.example")
    pain_point = gather(service, fiche, file(service), by=owner)
    meeting(answering, "lock")  # the pain point is held
    meeting(privacy, "_is_erased")  # the fiche is held
    return fiche, at_once(
        lambda: answer_pain_point(pain_point, outcome=Outcome.DONE, changes=CHANGES, by=owner),
        lambda: privacy.erase(fiche, by=None),
    )


def test_a_person_erases_their_fiche_while_the_owner_answers(service, owner, meeting):
    fiche, met = answering_while_erasing(service, owner, meeting)
    assert met == [None, None]
    fiche.refresh_from_db()
    assert Answer.objects.count() == 1
    assert not fiche.segments.exists()


def test_the_fiche_before_the_pain_point_is_a_deadlock(service, owner, meeting, monkeypatch):
    monkeypatch.setattr(privacy, "lock_pain_points", lambda numbers: list(PainPoint.objects.filter(pk__in=numbers)))
    _fiche, met = answering_while_erasing(service, owner, meeting)
    assert any(is_deadlock(error) for error in met)


def test_acts_at_once_on_the_same_rows_never_wait_for_each_other(service, owner):
    """Answers to two pain points that share fiches, two erasures, a fiche set aside, a fiche placed: many times."""
    for round_ in range(ROUNDS):
        fiches = [file(service, f"Encore la même chose, {rank} fois.") for rank in range(5)]
        first, second = _sharing(service, owner, fiches)
        newcomer = file(service, "On me redemande le justificatif.")
        met = at_once(
            lambda first=first, second=second: answer_together(
                [second, first], outcome=Outcome.DONE, changes=CHANGES, by=owner
            ),
            lambda second=second: answer_pain_point(second, outcome=Outcome.REFUSED, changes="Non, hélas.", by=owner),
            lambda fiches=fiches: privacy.erase(fiches[0], by=None),
            lambda fiches=fiches: privacy.erase(fiches[4], by=None),
            lambda fiches=fiches: sorting.dismiss_fiche(fiches[2], reason="Hors sujet.", by=owner),
            lambda newcomer=newcomer: place(newcomer),
        )
        assert not any(is_deadlock(error) for error in met), f"round {round_}: {met}"
        assert Fiche.objects.get(pk=fiches[0].pk).original.erased_at


def _sharing(service, owner, fiches):
    """Two pain points that hold passages of the same fiches, found in opposite orders."""
    said = [fiche.segments.first() for fiche in fiches]
    also = [fiche.segments.create(position=9, start=0, end=5, text="Le portail aussi.") for fiche in reversed(fiches)]
    return [
        reshaping.found(segments, title=title, service=service, by=owner)
        for title, segments in (("Redemandé", said), ("Portail", also))
    ]


def test_a_fiche_set_aside_while_it_is_answered_is_one_or_the_other(service, owner):
    for _round in range(ROUNDS):
        fiche = file(service)
        pain_point = gather(service, fiche, by=owner)
        met = at_once(
            lambda pain_point=pain_point: answer_pain_point(
                pain_point, outcome=Outcome.DONE, changes=CHANGES, by=owner
            ),
            lambda fiche=fiche: sorting.dismiss_fiche(fiche, reason="Hors sujet.", by=owner),
        )
        assert not any(is_deadlock(error) for error in met)
        fiche.refresh_from_db()
        assert fiche.state in (FicheState.ANSWERED, FicheState.DISMISSED)
