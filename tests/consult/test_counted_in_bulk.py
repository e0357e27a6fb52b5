"""Many rows in one statement: counters stay exact, and statements that cross never wait for each other for ever."""

import random

import pytest
from django.db import connection
from django.db.models import Value
from django.test.utils import CaptureQueriesContext

from consult import counting
from consult.choices import Opinion, PhaseKind
from consult.models import Argument, Consultation, Participant, Proposition, Reply, Useful, Vote, Voter
from moderation.models import Case
from tests.consult.test_page import propositions
from tests.consult.test_votes import together
from tests.consult.world import consultation, section_of

pytestmark = pytest.mark.django_db


def crowd(many: int) -> list[Participant]:
    start = Participant.objects.count()
    return Participant.objects.bulk_create(Participant(name="", email_key=f"{start + n}") for n in range(many))


def votes(asked: Consultation, people: list[Participant], drawn: random.Random) -> list[Vote]:
    return [
        Vote(proposition=one, participant=person, opinion=drawn.choice(Opinion.values))
        for one in asked.propositions.all()
        for person in people
        if drawn.random() < 0.7
    ]


def test_votes_written_changed_and_taken_back_by_hundreds_are_counted():
    drawn, asked = random.Random(12), consultation(PhaseKind.VOTE, threshold=9)
    propositions(asked, 12)
    people = crowd(20)
    Vote.objects.bulk_create(votes(asked, people, drawn))
    assert counting.differences(asked) == []
    # Half of these are new, half change a vote: one statement, two triggers.
    Vote.objects.bulk_create(
        votes(asked, people + crowd(20), drawn),
        update_conflicts=True,
        unique_fields=["proposition", "participant"],
        update_fields=["opinion"],
    )
    assert counting.differences(asked) == []
    Vote.objects.filter(opinion=Opinion.MIXED).update(opinion=Opinion.DISAGREE)
    Vote.objects.filter(participant__in=people).delete()
    assert counting.differences(asked) == []
    asked.refresh_from_db()
    assert asked.voter_count == Vote.objects.values("participant").distinct().count() == 20
    assert Voter.objects.filter(vote_count=0).count() == 20
    assert Proposition.objects.exclude(threshold_reached_at=None).count() > 0


def test_votes_that_move_to_another_proposition_are_counted_there():
    asked = consultation(PhaseKind.VOTE)
    one, two = propositions(asked, 2)
    elsewhere = consultation(PhaseKind.VOTE)
    [far] = propositions(elsewhere, 1)
    Vote.objects.bulk_create(Vote(proposition=one, participant=person, opinion="agree") for person in crowd(5))
    Vote.objects.filter(proposition=one).update(proposition=two)
    assert counting.differences(asked) == []
    Vote.objects.filter(proposition=two).update(proposition=far)
    assert counting.differences(asked) == counting.differences(elsewhere) == []
    elsewhere.refresh_from_db()
    assert (elsewhere.vote_count, elsewhere.voter_count) == (5, 5)


def test_arguments_answers_and_marks_are_counted_by_statement():
    drawn, asked = random.Random(3), consultation(PhaseKind.ARGUE)
    made, people = propositions(asked, 6), crowd(8)
    cases = Case.objects.bulk_create(Case(kind="argument") for _ in range(60))
    said = Argument.objects.bulk_create(
        Argument(
            proposition=made[n % 6],
            number=n + 1,
            side=drawn.choice(["for", "against"]),
            text="…",
            author=people[n % 8],
            case=case,
            is_shown=True,
        )
        for n, case in enumerate(cases)
    )
    Useful.objects.bulk_create(
        Useful(argument=one, participant=person) for one in said for person in people if drawn.random() < 0.5
    )
    replies = Case.objects.bulk_create(Case(kind="reply") for _ in range(60))
    Reply.objects.bulk_create(
        Reply(argument=drawn.choice(said), text="…", author=people[0], case=case, is_shown=True) for case in replies
    )
    assert counting.differences(asked) == []
    Case.objects.filter(pk__in=[case.pk for case in [*cases[:10], *replies[:10]]]).update(
        state="hidden", is_shown=False
    )
    Argument.objects.filter(number__gt=50).update(withdrawn_at="2026-11-01T10:00Z")
    Argument.objects.filter(proposition=made[2]).update(side="for")
    Useful.objects.filter(participant=people[3]).delete()
    Reply.objects.filter(argument__in=said[:20]).delete()
    assert counting.differences(asked) == []
    asked.refresh_from_db()
    assert asked.for_count + asked.against_count == Argument.objects.filter(is_shown=True, withdrawn_at=None).count()


def test_propositions_that_come_and_go_together_are_counted():
    asked = consultation(PhaseKind.CONTRIBUTE)
    made = propositions(asked, 9)
    Proposition.objects.filter(pk__in=[one.pk for one in made[:4]]).update(state="withdrawn")
    assert counting.differences(asked) == []
    asked.refresh_from_db()
    assert asked.proposition_count == 5


def test_counting_a_thousand_votes_asks_as_much_as_counting_one():
    """What a bulk insert changes: each proposition, voter and consultation once, not once a vote."""
    asked = consultation(PhaseKind.VOTE)
    [one] = propositions(asked, 1)
    people = crowd(1000)

    def versions_written() -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_stat_get_xact_tuples_updated('consult_proposition'::regclass)"
                " + pg_stat_get_xact_tuples_updated('consult_consultation'::regclass)"
            )
            return cursor.fetchone()[0]

    before = versions_written()
    with CaptureQueriesContext(connection) as asked_for:
        Vote.objects.bulk_create(Vote(proposition=one, participant=person, opinion="agree") for person in people)
    assert len([query for query in asked_for if "INSERT" in query["sql"]]) == 1
    assert versions_written() - before == 2
    assert counting.differences(asked) == []


@pytest.mark.django_db(transaction=True)
def test_statements_that_cross_never_deadlock():
    asked = consultation(PhaseKind.VOTE)
    made, people = propositions(asked, 25), crowd(8)

    def everything(person: Participant) -> None:
        drawn = random.Random(person.pk)
        for _time in range(3):
            shuffled = drawn.sample(made, len(made))
            Vote.objects.bulk_create(
                (Vote(proposition=one, participant=person, opinion=drawn.choice(Opinion.values)) for one in shuffled),
                update_conflicts=True,
                unique_fields=["proposition", "participant"],
                update_fields=["opinion"],
            )
        Vote.objects.filter(participant=person).update(opinion=Value("agree"))

    assert together(everything, people) == [None] * len(people)
    assert counting.differences(asked) == []
    assert section_of(asked).propositions.filter(agree_count=8).count() == 25
