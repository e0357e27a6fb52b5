"""Filing, changing, amending and withdrawing a proposition; numbers under parallel filing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, connections
from django.utils import timezone

from consult import phases
from consult.actions import drafts
from consult.actions import propositions as acts
from consult.actions.propositions import Written
from consult.choices import Act, Level, PhaseKind, PropositionState
from consult.errors import (
    NotAllowedNow,
    NotForYou,
    NothingChanged,
    NotTaken,
    PhaseClosed,
    ReadAlready,
    TalkedAbout,
)
from consult.models import Consultation, Draft, Participant, Phase, Proposition, Section, Version
from consult.people import participant_of
from journal.models import Entry
from moderation.choices import CaseState, Timing
from moderation.models import Case
from tests.consult.world import close, consultation, section_of
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
committed = pytest.mark.django_db(transaction=True)
TEXT = Written(title="Planter des arbres sur le quai", body="Il y fait trop chaud.\n\n- des tilleuls\n- des frênes")


def someone() -> Participant:
    return participant_of(UserFactory())


def filed(asked: Consultation, *, by: Participant | None = None, written: Written = TEXT, **how) -> Proposition:
    return acts.file(asked, section_of(asked), written, by=by or someone(), **how)


def together(work, given: list) -> list:
    """Run ``work`` on each, all at once, each on its own connection."""

    def one(argument):
        try:
            return work(argument)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(given)) as pool:
        return list(pool.map(one, given))


def test_a_proposition_is_numbered_written_down_counted_and_journalled():
    asked = consultation(PhaseKind.CONTRIBUTE)
    first, second = filed(asked), filed(asked)
    assert (first.number, second.number) == (1, 2)
    assert first.body == "<p>Il y fait trop chaud.</p><ul><li>des tilleuls</li><li>des frênes</li></ul>"
    assert first.is_shown
    asked.refresh_from_db()
    assert (asked.last_number, asked.proposition_count) == (2, 2)
    assert Version.objects.get(proposition=first).body == first.body
    assert Entry.objects.filter(verb="proposition.filed").count() == 2


def test_read_before_publication_it_waits_and_is_not_counted():
    asked = consultation(PhaseKind.CONTRIBUTE, timing=Timing.BEFORE)
    waiting = filed(asked)
    asked.refresh_from_db()
    assert (waiting.is_shown, asked.proposition_count) == (False, 0)
    Case.objects.filter(pk=waiting.case_id).update(state=CaseState.SHOWN, is_shown=True)
    asked.refresh_from_db()
    assert asked.proposition_count == 1


def test_what_is_refused_leaves_no_number_behind():
    asked = consultation(PhaseKind.CONTRIBUTE, takes_propositions=False)
    with pytest.raises(NotTaken):
        filed(asked)
    Section.objects.update(takes_propositions=True)
    elsewhere = section_of(consultation(PhaseKind.CONTRIBUTE))
    with pytest.raises(NotTaken):
        acts.file(asked, elsewhere, TEXT, by=someone())
    close(asked)
    with pytest.raises(PhaseClosed):
        filed(asked)
    asked.refresh_from_db()
    assert asked.last_number == 0


def test_a_level_lets_in_those_of_the_next_ones():
    asked = consultation(PhaseKind.CONTRIBUTE)
    Phase.objects.update(level=Level.VERIFIED)
    with pytest.raises(NotForYou):
        filed(asked)
    assert filed(asked, by=participant_of(UserFactory(verified_at=timezone.now()))).number == 1


def test_the_same_form_sent_again_is_acknowledged_even_after_closing():
    asked, person, key = consultation(PhaseKind.CONTRIBUTE), someone(), uuid4()
    first = filed(asked, by=person, key=key)
    close(asked)
    assert filed(asked, by=person, key=key).pk == first.pk
    with pytest.raises(PhaseClosed):
        filed(asked, by=someone(), key=key)  # the key of somebody else opens nothing


def test_a_draft_is_kept_for_one_person_and_gone_once_filed():
    asked, person, key = consultation(PhaseKind.CONTRIBUTE), someone(), uuid4()
    kept = {"key": key, "title": "Planter", "body": "", "section": None}
    assert drafts.keep(asked, by=person.user, **kept)
    assert drafts.keep(asked, by=UserFactory(), **kept | {"title": "Volé"}) is None
    assert drafts.keep(asked, by=None, **kept | {"title": "Volé"}) is None
    assert Draft.objects.get().title == "Planter"
    filed(asked, by=person, key=key)
    assert not Draft.objects.exists()


def test_drafts_are_erased_when_their_time_is_over():
    asked = consultation(PhaseKind.CONTRIBUTE)
    drafts.keep(asked, key=uuid4(), title="Planter", body="", section=None, by=None)
    assert drafts.purge() == 0
    assert drafts.purge(today=timezone.localdate() + timedelta(days=31)) == 1


def test_nobody_answered_the_text_is_changed_and_every_version_kept():
    asked, person = consultation(PhaseKind.CONTRIBUTE), someone()
    one = filed(asked, by=person)
    changed = acts.change(one, Written(title="Planter cent arbres", body="Il y fait trop chaud."), by=person)
    assert (changed.version, changed.title) == (2, "Planter cent arbres")
    assert list(Version.objects.values_list("title", flat=True)) == [TEXT.title, "Planter cent arbres"]
    with pytest.raises(NothingChanged):
        acts.change(changed, Written(title="Planter cent arbres", body="Il y fait trop chaud."), by=person)


def test_answered_it_is_amended_with_a_reason():
    asked, person = consultation(PhaseKind.CONTRIBUTE), someone()
    one = filed(asked, by=person)
    Proposition.objects.filter(pk=one.pk).update(last_argument=1)
    new = Written(title="Planter dix arbres", body="Il y fait trop chaud.")
    with pytest.raises(TalkedAbout):
        acts.change(one, new, by=person, reason="  ")
    assert acts.change(one, new, by=person, reason="Cent ne tiennent pas.").version == 2
    assert Version.objects.last().reason == "Cent ne tiennent pas."


def test_read_before_publication_a_text_does_not_change_afterwards():
    asked, person = consultation(PhaseKind.CONTRIBUTE, timing=Timing.BEFORE), someone()
    one = filed(asked, by=person)
    assert acts.change(one, Written(title="Planter", body="Oui."), by=person).version == 2
    Case.objects.filter(pk=one.case_id).update(state=CaseState.SHOWN, is_shown=True)
    with pytest.raises(ReadAlready):
        acts.change(one, Written(title="Acheter ma lessive", body="Oui."), by=person)


def test_nobody_changes_or_withdraws_the_text_of_somebody_else():
    one = filed(consultation(PhaseKind.CONTRIBUTE))
    for act in (lambda by: acts.change(one, TEXT, by=by), lambda by: acts.withdraw(one, reason="", by=by)):
        with pytest.raises(Proposition.DoesNotExist):
            act(someone())


def test_withdrawn_it_keeps_its_number_its_page_and_its_reason(client):
    asked, person = consultation(PhaseKind.CONTRIBUTE), someone()
    one = filed(asked, by=person)
    for _ in range(2):
        gone = acts.withdraw(one, reason="La mairie l’a déjà fait.", by=person)
    assert gone.state == PropositionState.WITHDRAWN
    asked.refresh_from_db()
    assert (asked.last_number, asked.proposition_count) == (1, 0)
    assert "La mairie l’a déjà fait." in client.get(one.get_absolute_url()).content.decode()
    with pytest.raises(NotAllowedNow):
        acts.change(one, Written(title="Autre", body="Autre"), by=person)
    assert filed(asked).number == 2


@committed
def test_the_same_form_twenty_times_at_once_is_one_proposition():
    asked, person, key = consultation(PhaseKind.CONTRIBUTE), someone(), uuid4()
    sent = together(lambda _: filed(asked, by=person, key=key).pk, list(range(20)))
    assert len(set(sent)) == 1
    assert Proposition.objects.count() == Version.objects.count() == Case.objects.count() == 1


@committed
def test_filed_in_parallel_numbers_are_given_once_without_a_hole():
    asked = consultation(PhaseKind.CONTRIBUTE)
    people = [someone() for _ in range(12)]
    together(lambda person: filed(asked, by=person), people)
    assert sorted(Proposition.objects.values_list("number", flat=True)) == list(range(1, 13))
    asked.refresh_from_db()
    assert (asked.last_number, asked.proposition_count) == (12, 12)


@committed
def test_control_without_the_lock_parallel_filing_meets_the_constraint(monkeypatch):
    """The row that is locked is what makes the numbers right: read without it, two people are given the same."""
    asked = consultation(PhaseKind.CONTRIBUTE)
    people = [someone() for _ in range(12)]
    unlocked = lambda self, **_: self.all()  # noqa: E731  (a lock that locks nothing)
    monkeypatch.setattr("django.db.models.query.QuerySet.select_for_update", unlocked)

    def attempt(person):
        try:
            return filed(asked, by=person).number
        except Exception as error:  # noqa: BLE001  (told to the test, which looks at it)
            return type(error).__name__

    assert "IntegrityError" in together(attempt, people)


def test_the_closing_moment_has_one_answer():
    asked = consultation(PhaseKind.CONTRIBUTE)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE consult_phase SET closes_at = STATEMENT_TIMESTAMP() + INTERVAL '1 microsecond'")
    with pytest.raises(PhaseClosed):
        phases.admit(asked, Act.PROPOSE)
    with pytest.raises(PhaseClosed):
        filed(asked)
