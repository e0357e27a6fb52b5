"""Ideas: filed once, supported once a person, counted by the database, withdrawn, set aside, forgotten."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.actions import close_account
from consult.budgets import idea_news, personal_data
from consult.budgets.actions import idea_drafts
from consult.budgets.actions.suggestions import Written, file, set_aside, take_up, withdraw
from consult.budgets.actions.supports import support, withdraw_support
from consult.budgets.choices import BudgetPhaseKind, SuggestionState
from consult.budgets.models import Budget, Suggestion, SuggestionDraft, Support
from consult.budgets.similar import similar_ideas
from consult.errors import NotAllowedNow, PhaseClosed
from consult.people import participant_of
from letters.models import Letter
from moderation.actions import decide
from moderation.choices import CaseState, Outcome, Rule, Timing
from tests.budgets import world
from tests.budgets.ideas import BODY, idea, prepared
from tests.consult.test_votes import people, together
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
committed = pytest.mark.django_db(transaction=True)


def count_of(one: Suggestion) -> tuple[int, int]:
    """What is kept, and what is there."""
    return Suggestion.objects.get(pk=one.pk).support_count, Support.objects.filter(suggestion=one).count()


def test_an_idea_is_filed_once_and_numbered():
    asked, [someone] = world.budget(), people(1)
    key = uuid4()
    told = Written("Un  four\u202e à pain", "<script>alert(1)</script> **Au feu**", place="Place du Faubourg")
    first = file(asked, told, by=someone, key=key)
    assert file(asked, told, by=someone, key=key) == first
    assert (first.number, first.title) == (1, "Un four à pain")
    assert "<script" not in first.body
    assert "<strong>Au feu</strong>" in first.body
    assert idea(asked).number == 2


@committed
def test_a_form_sent_twenty_times_at_once_is_one_idea():
    asked, [someone] = world.budget(), people(1)
    key, told = uuid4(), Written("Un four à pain", "Au Faubourg.")
    numbers = together(lambda _nth: file(asked, told, by=someone, key=key).number, list(range(20)))
    assert (numbers, Suggestion.objects.count()) == ([1] * 20, 1)
    # Control: without its key, each sending is another idea, and no number is given twice.
    others = together(lambda _nth: file(asked, told, by=someone).number, list(range(5)))
    assert sorted(others) == [2, 3, 4, 5, 6]


@committed
def test_fifty_supports_at_once_are_one():
    asked, [someone, other] = world.budget(), people(2)
    one = idea(asked)
    assert not [error for error in together(lambda _nth: support(asked, 1, by=someone), list(range(50))) if not error]
    assert count_of(one) == (1, 1)
    together(lambda by: support(asked, 1, by=by), [someone, other] * 5)
    assert count_of(one) == (2, 2)
    together(lambda _nth: withdraw_support(asked, 1, by=someone), list(range(10)))
    assert count_of(one) == (1, 1)


@committed
def test_control_without_the_constraint_the_same_person_counts_fifty_times():
    asked, [someone] = world.budget(), people(1)
    one = idea(asked)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE budgets_support DROP CONSTRAINT a_person_supports_an_idea_once")
    try:
        together(lambda _nth: support(asked, 1, by=someone), list(range(50)))
        assert count_of(one) == (50, 50)
    finally:
        Support.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(
                "ALTER TABLE budgets_support ADD CONSTRAINT a_person_supports_an_idea_once"
                " UNIQUE (suggestion_id, participant_id)"
            )
    assert count_of(one) == (0, 0)


def test_supports_are_never_moved_and_nothing_stands_in_another_budget():
    asked, other, [someone] = world.budget(), world.budget(), people(1)
    one = idea(asked)
    support(asked, 1, by=someone)
    attacks = (
        lambda: Support.objects.update(suggestion=idea(asked)),
        lambda: Suggestion.objects.filter(pk=one.pk).update(envelope=world.envelope_of(other)),
        lambda: Suggestion.objects.filter(pk=one.pk).update(is_shown=False),
        lambda: prepared(asked, one).origins.update(suggestion=idea(other)),
        lambda: world.project(asked, envelope=world.envelope_of(other)),
    )
    for attack in attacks:
        with pytest.raises(IntegrityError):
            _written(attack)


def _written(attack):
    """By a constraint, some of which are judged when everything is written."""
    with transaction.atomic():
        attack()
        connection.check_constraints()


@pytest.mark.parametrize("now", [BudgetPhaseKind.MERGE, BudgetPhaseKind.STUDY])
def test_each_act_closes_with_its_phase(now):
    asked, [someone] = world.budget(), people(1)
    one = idea(asked, by=someone.user)
    begins = world.budget(now).page.phases.in_bulk(field_name="pk").values()
    for phase in begins:
        asked.page.phases.filter(kind=phase.kind).update(opens_at=phase.opens_at, closes_at=phase.closes_at)
    for act in (lambda: idea(asked), lambda: withdraw(one, reason="Déjà fait.", by=someone)):
        with pytest.raises(PhaseClosed):
            act()
    if now == BudgetPhaseKind.MERGE:
        support(asked, 1, by=someone)
    else:
        with pytest.raises(PhaseClosed):
            support(asked, 1, by=someone)


def test_what_is_set_aside_says_why_to_its_author_and_is_taken_up_again():
    asked, author, editor = world.budget(), UserFactory(email="lea@example.org"), UserFactory()
    one = idea(asked, by=author)
    set_aside(one, reason="Le terrain appartient à la région.", by=editor)
    letter = Letter.objects.get(kind=idea_news.KIND)
    told = idea_news.render(letter)
    assert letter.address == "lea@example.org"
    assert "n°\u00a01" in told.subject
    assert "Le terrain appartient à la région." in told.text
    with pytest.raises(NotAllowedNow):
        support(asked, 1, by=participant_of(editor))
    take_up(one, by=editor)
    support(asked, 1, by=participant_of(editor))
    assert Letter.objects.filter(kind=idea_news.KIND).count() == 2


def test_who_withdraws_leaves_a_number_and_a_reason():
    asked, author = world.budget(), UserFactory()
    one = idea(asked, by=author)
    with pytest.raises(Suggestion.DoesNotExist):
        withdraw(one, reason="Elle est à moi.", by=people(1)[0])
    gone = withdraw(one, reason="Déjà fait.", by=participant_of(author))
    assert (gone.number, gone.state, gone.state_reason) == (1, SuggestionState.WITHDRAWN, "Déjà fait.")
    assert not Suggestion.objects.listed().exists()


def test_moderators_judge_ideas_and_their_authors_hear_of_it():
    asked, author = world.budget(), UserFactory()
    asked.page.moderation = Timing.BEFORE
    asked.page.save()
    one = idea(asked, by=author)
    assert (one.case.state, one.is_shown) == (CaseState.WAITING, False)
    assert similar_ideas(asked, f"{one.title} {BODY}") == []
    first = decide(one.case, outcome=Outcome.KEEP, after=None, by=UserFactory())
    one.refresh_from_db()
    assert one.is_shown
    assert Letter.objects.filter(kind__startswith="moderation").exists()
    decide(one.case, outcome=Outcome.REMOVE, rule=Rule.OFF_TOPIC, facts="Hors sujet.", after=first.pk, by=UserFactory())
    one.refresh_from_db()
    assert not one.is_shown


def test_what_looks_alike_is_found_in_this_budget_alone():
    asked, other = world.budget(), world.budget()
    for title in ("Un skatepark couvert près du stade", "Des bancs le long de la Lorne", "Une fontaine au marché"):
        idea(asked, title, body="Une phrase.")
    near = idea(asked)
    idea(other)
    assert similar_ideas(asked, "Planter des arbres dans la cour de l’école") == [near]


def test_a_draft_is_kept_once_a_person_and_goes_with_the_filing():
    asked, [someone] = world.budget(), people(1)
    assert idea_drafts.keep(asked, {"title": " ", "cost": "12"}, by=someone) is None
    idea_drafts.keep(asked, {"title": "Un four"}, by=someone)
    kept = idea_drafts.keep(asked, {"title": "Un four à pain", "body": "x" * 9000, "password": "secret"}, by=someone)
    assert (kept.typed["title"], len(kept.typed["body"]), "password" in kept.typed) == ("Un four à pain", 6000, False)
    assert SuggestionDraft.objects.count() == 1
    assert idea_drafts.purge() == 0
    idea(asked, by=someone.user)
    assert not SuggestionDraft.objects.exists()


def test_who_leaves_takes_their_supports_and_leaves_their_ideas_without_a_name():
    asked, author = world.budget(), UserFactory(name="Nadia B.")
    person = participant_of(author)
    one, other = idea(asked, by=author, place="Cour de l’école"), idea(asked)
    support(asked, other.number, by=person)
    idea_drafts.keep(asked, {"title": "Encore une"}, by=person)
    held = personal_data.of_person(person)
    assert [len(held[name]) for name in ("ideas", "ideas_supported", "ideas_not_filed")] == [1, 1, 1]
    close_account(author, by=author)
    one.refresh_from_db()
    assert one.author.name == ""
    assert one.is_shown
    assert count_of(other) == (0, 0)
    assert not SuggestionDraft.objects.exists()


def test_numbers_are_those_of_the_budget():
    asked = world.budget()
    for _each in range(3):
        idea(asked)
    assert Budget.objects.get(pk=asked.pk).last_idea == 3
