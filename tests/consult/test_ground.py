"""What must never be false of a consultation is a constraint of the database."""

from datetime import timedelta

import pytest
from django.contrib.postgres.search import SearchQuery
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from consult import phases
from consult.actions.votes import vote
from consult.choices import Act, Opinion, PhaseKind
from consult.errors import PhaseClosed, SameMailbox
from consult.models import Participant, Phase, Proposition, Vote
from consult.people import email_key, participant_of
from moderation.choices import CaseState, Timing
from moderation.models import Case
from tests.consult.world import DAY, close, consultation, proposition, section_of
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_what_is_shown_follows_the_case_and_cannot_differ_from_it() -> None:
    waiting = proposition(consultation(PhaseKind.CONTRIBUTE), timing=Timing.BEFORE)
    assert not waiting.is_shown
    Case.objects.filter(pk=waiting.case_id).update(state=CaseState.SHOWN, is_shown=True)
    waiting.refresh_from_db()
    assert waiting.is_shown
    Case.objects.filter(pk=waiting.case_id).update(state=CaseState.REMOVED, is_shown=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposition.objects.filter(pk=waiting.pk).update(is_shown=True)


def test_without_the_tie_a_removed_text_would_be_shown_again() -> None:
    removed = proposition(consultation(PhaseKind.CONTRIBUTE), timing=Timing.BEFORE)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE consult_proposition DROP CONSTRAINT consult_proposition_is_shown_as_judged")
    assert Proposition.objects.filter(pk=removed.pk).update(is_shown=True) == 1


def test_a_case_shows_only_what_was_published() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.create(kind="proposition", state=CaseState.REMOVED, is_shown=True)


def test_a_number_is_given_once() -> None:
    asked = consultation(PhaseKind.CONTRIBUTE)
    proposition(asked, number=7)
    with pytest.raises(IntegrityError), transaction.atomic():
        proposition(asked, number=7)


def test_one_person_one_vote() -> None:
    voted = proposition(consultation(PhaseKind.VOTE))
    person = participant_of(UserFactory())
    Vote.objects.create(proposition=voted, participant=person, opinion=Opinion.AGREE)
    with pytest.raises(IntegrityError), transaction.atomic():
        Vote.objects.create(proposition=voted, participant=person, opinion=Opinion.DISAGREE)


def test_words_are_found_with_and_without_accents() -> None:
    written = proposition(consultation(PhaseKind.CONTRIBUTE))
    for word in ("vélo", "velo", "enfant", "apprendre"):
        assert Proposition.objects.filter(search=SearchQuery(word, config="french")).get() == written


def test_two_phases_of_a_kind_do_not_overlap_but_may_exchange_their_dates() -> None:
    asked = consultation(PhaseKind.VOTE)
    first = Phase.objects.get()
    second = Phase.objects.create(
        page=asked.page, kind=PhaseKind.VOTE, opens_at=first.closes_at, closes_at=first.closes_at + DAY
    )
    early, late = (first.opens_at, first.closes_at), (second.opens_at, second.closes_at)
    Phase.objects.filter(pk=first.pk).update(opens_at=late[0], closes_at=late[1])
    Phase.objects.filter(pk=second.pk).update(opens_at=early[0], closes_at=early[1])
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(IntegrityError):
            cursor.execute("UPDATE consult_phase SET opens_at = %s WHERE id = %s", [early[0], first.pk])


def test_a_closed_phase_says_since_when_and_one_to_come_says_from_when() -> None:
    asked = consultation(PhaseKind.VOTE)
    assert phases.admit(asked, Act.VOTE).kind == PhaseKind.VOTE
    with pytest.raises(PhaseClosed, match="ne le prévoit pas"):
        phases.admit(asked, Act.PROPOSE)
    close(asked)
    with pytest.raises(PhaseClosed) as over:
        phases.admit(asked, Act.VOTE)
    assert over.value.closed_at is not None
    Phase.objects.update(opens_at=timezone.now() + DAY, closes_at=timezone.now() + 2 * DAY)
    with pytest.raises(PhaseClosed) as early:
        phases.admit(asked, Act.VOTE)
    assert early.value.opens_at is not None


def test_whoever_is_refused_reads_the_nearest_hour() -> None:
    at = timezone.now()
    over = [(at - 9 * DAY, at - 8 * DAY), (at - 3 * DAY, at - 2 * DAY), (at - 7 * DAY, at - 6 * DAY)]
    to_come = [(at + 5 * DAY, at + 6 * DAY), (at + DAY, at + 2 * DAY)]
    assert phases.refusal(over, at=at).closed_at == at - 2 * DAY
    assert phases.refusal([*over, *to_come], at=at).opens_at == at + DAY


def test_a_phase_is_half_open() -> None:
    asked = consultation(PhaseKind.VOTE)
    phase = Phase.objects.get()
    held = [phase]
    assert phases.current(held, Act.VOTE, at=phase.opens_at) == phase
    assert phases.current(held, Act.VOTE, at=phase.closes_at - timedelta(microseconds=1)) == phase
    assert phases.current(held, Act.VOTE, at=phase.closes_at) is None
    assert asked.last_number == 0


def test_a_visitor_who_opens_an_account_stays_one_person() -> None:
    visitor = Participant.objects.create(email_key=email_key("Lea@demo.example"), email="lea@demo.example", name="Léa")
    account = UserFactory(email="lea@demo.example", name="Léa M.")
    assert participant_of(account).pk == visitor.pk
    assert participant_of(account).name == "Léa M."


def test_who_takes_the_address_that_another_left_is_another_person() -> None:
    first: User = UserFactory(email="lea@demo.example")
    one = participant_of(first)
    first.email = "autre@demo.example"
    first.save()
    assert participant_of(UserFactory(email="lea@demo.example")).pk != one.pk


def test_two_accounts_of_one_mailbox_are_one_person_and_the_second_is_told_so(client: Client) -> None:
    asked = consultation(PhaseKind.VOTE)
    proposition(asked)
    one = UserFactory(email="lea@demo.example")
    vote(asked, 1, Opinion.AGREE, by=participant_of(one))
    second = UserFactory(email="Lea+quai@demo.example")
    with pytest.raises(SameMailbox):
        participant_of(second)
    client.force_login(second)
    assert client.get(f"/consultations/{asked.page.slug}/propositions/1/").status_code == 200
    answer = client.post(f"/consultations/{asked.page.slug}/propositions/1/vote/", {"opinion": "agree"})
    assert answer.status_code == 409
    assert "même boîte" in answer.content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        Participant.objects.create(user=second, name="Sans boîte")
    assert Vote.objects.count() == 1
    client.force_login(UserFactory(email="lea.quai@demo.example"))
    client.post(f"/consultations/{asked.page.slug}/propositions/1/vote/", {"opinion": "agree"})
    assert Vote.objects.count() == 2, "the control: another mailbox is another person"


def test_an_account_that_changes_its_address_keeps_its_row_and_never_takes_that_of_another() -> None:
    one, other = UserFactory(email="lea@demo.example"), UserFactory(email="max@demo.example")
    mine, theirs = participant_of(one), participant_of(other)
    one.email = "lea@ailleurs.example"
    assert participant_of(one).pk == mine.pk
    assert participant_of(one).email_key == email_key("lea@ailleurs.example")
    one.email = "Max+1@demo.example"
    with pytest.raises(SameMailbox):
        participant_of(one)
    assert participant_of(other).pk == theirs.pk


def test_a_section_with_a_threshold_has_a_vote() -> None:
    section = section_of(consultation(PhaseKind.VOTE))
    section.vote, section.threshold = "none", 100
    with pytest.raises(ValidationError):
        section.validate_constraints()
