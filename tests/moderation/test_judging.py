"""Reporting and deciding: said once, decided once, told to those concerned, never changed."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.actions import close_account
from accounts.choices import RoleKind
from accounts.personal_data import copy_of
from consult.models import Consultation
from journal.models import Entry
from letters.models import Letter
from letters.renderers import render
from moderation import errors, letters
from moderation.actions import decide, purge_addresses, report, reporter_key
from moderation.choices import CaseState, Outcome, Rule, Timing
from moderation.models import Case, Decision, Notice
from tests.factories import UserFactory
from tests.moderation.world import FACTS, argument, asked, moderator, notice, proposition, remove

pytestmark = pytest.mark.django_db


def test_anybody_reports_once() -> None:
    case, person = proposition().case, UserFactory()
    notice(case, by=person, text="C’est faux.")
    with pytest.raises(errors.AlreadyReported, match="Vous avez signalé ce texte le"):
        notice(case, by=person)
    case.refresh_from_db()
    assert (case.open_notices, Notice.objects.count()) == (1, 1)


def test_control_the_database_refuses_a_second_notice() -> None:
    first = notice(proposition().case, email="lea@demo.example")
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.create(case=first.case, rule=Rule.HATE, is_good_faith=True, reporter_key=first.reporter_key)


def test_without_good_faith_or_an_end_to_the_address_nothing_is_kept() -> None:
    case = proposition().case
    with pytest.raises(IntegrityError), transaction.atomic():
        report(case, rule=Rule.HATE, key="a", is_good_faith=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.create(case=case, rule=Rule.HATE, is_good_faith=True, reporter_key="b", email="a@b.example")


@pytest.mark.usefixtures("standing_clock")
def test_five_hundred_notices_are_one_case_and_one_letter() -> None:
    watching, case = moderator(), proposition().case
    UserFactory(holds=[RoleKind.MODERATOR], is_active=False)
    for _ in range(500):
        notice(case)
    assert list(Case.objects.to_judge()) == [case]
    told = Letter.objects.filter(kind=letters.ALERT)
    assert told.count() == 1
    message = render(told.get())
    assert "1 texte attend" in message.subject
    assert "500 signalements" in message.text
    assert watching.email == told.get().address


def test_the_control_of_debouncing_is_that_a_day_later_they_are_told_again(monkeypatch) -> None:
    moderator()
    first, now = proposition().case, timezone.now()
    notice(first)
    monkeypatch.setattr(letters.timezone, "now", lambda: now + timedelta(hours=2))
    notice(proposition().case)
    assert Letter.objects.filter(kind=letters.ALERT).count() == 2
    monkeypatch.setattr(letters.timezone, "now", lambda: now + timedelta(hours=4))
    notice(first)
    assert Letter.objects.filter(kind=letters.ALERT).count() == 2, "they know that this one waits"


def test_what_is_hidden_is_not_reported() -> None:
    case = proposition(timing=Timing.BEFORE).case
    with pytest.raises(errors.NoLongerShown):
        notice(case)


def test_removing_takes_it_out_and_tells_the_author_why() -> None:
    where, author = asked(), UserFactory(email="auteur@demo.example")
    where.page.contact_email = "contact@valbourg.example"
    where.page.save()
    written = proposition(where, by=author)
    remove(written.case, by=moderator())
    written.refresh_from_db()
    assert not written.is_shown
    assert Consultation.objects.get(pk=where.pk).proposition_count == 0
    letter = Letter.objects.get(kind=letters.REASONS)
    assert letter.address == "auteur@demo.example"
    text = render(letter).text
    for said in (
        FACTS,
        "accuse quelqu’un sans preuve",
        "Une personne a décidé",
        "contact@valbourg.example",
        "tribunal",
    ):
        assert said in text, said
    assert FACTS not in str(Entry.objects.get(verb="case.decided").details)


def test_putting_back_follows_the_decision_and_counts_again() -> None:
    where = asked()
    written = proposition(where)
    first = remove(written.case, by=moderator())
    second = decide(written.case, outcome=Outcome.KEEP, after=first.pk, by=moderator())
    written.refresh_from_db()
    assert written.is_shown
    assert second.follows == first
    assert Consultation.objects.get(pk=where.pk).proposition_count == 1
    assert "de nouveau publié" in render(Letter.objects.filter(kind=letters.REASONS).last()).text


def test_arguments_come_and_go_with_their_count() -> None:
    on = proposition()
    said = argument(on)
    first = remove(said.case, by=moderator())
    on.refresh_from_db()
    assert on.for_count == 0
    decide(said.case, outcome=Outcome.KEEP, after=first.pk, by=moderator())
    on.refresh_from_db()
    assert on.for_count == 1


def test_read_before_it_is_published() -> None:
    where = asked(Timing.BEFORE)
    written = proposition(where, timing=Timing.BEFORE)
    assert Consultation.objects.get(pk=where.pk).proposition_count == 0
    decide(written.case, outcome=Outcome.KEEP, after=None, by=moderator())
    assert Consultation.objects.get(pk=where.pk).proposition_count == 1
    assert "publi" in render(Letter.objects.get(kind=letters.REASONS)).subject


def test_those_who_reported_learn_what_was_decided() -> None:
    case = proposition().case
    notice(case, email="lea@demo.example")
    notice(case)
    kept = decide(case, outcome=Outcome.KEEP, after=None, by=moderator())
    letter = Letter.objects.get(kind=letters.ANSWER)
    assert letter.address == "lea@demo.example"
    assert "a été gardé" in render(letter).text
    assert set(Notice.objects.values_list("decision", flat=True)) == {kept.pk}
    assert not Letter.objects.filter(kind=letters.REASONS).exists(), "nothing changed for the author"
    with pytest.raises(errors.AlreadyReported, match="a tranché"):
        notice(case, email="lea@demo.example")


def test_nothing_is_taken_out_without_rule_and_facts() -> None:
    case = proposition().case
    for rule, facts in (("", FACTS), (Rule.HATE, " "), ("invented", FACTS)):
        with pytest.raises(errors.ReasonMissing):
            decide(case, outcome=Outcome.HIDE, rule=rule, facts=facts, after=None, by=moderator())
    assert not Decision.objects.exists()


def test_what_is_hidden_is_not_hidden_twice_nor_kept_without_notice() -> None:
    case = proposition().case
    with pytest.raises(errors.NothingToDecide):
        decide(case, outcome=Outcome.KEEP, after=None, by=moderator())
    hidden = decide(case, outcome=Outcome.HIDE, rule=Rule.INSULT, facts=FACTS, after=None, by=moderator())
    with pytest.raises(errors.NothingToDecide):
        decide(case, outcome=Outcome.HIDE, rule=Rule.INSULT, facts=FACTS, after=hidden.pk, by=moderator())


def test_the_second_moderator_is_told_who_decided() -> None:
    case, first = proposition().case, moderator()
    remove(case, by=first)
    with pytest.raises(errors.AlreadyDecided, match=first.name):
        remove(case, by=moderator())
    assert Decision.objects.count() == 1
    case.refresh_from_db()
    assert case.state == CaseState.REMOVED


def test_control_the_database_knows_one_first_decision_and_one_that_follows_each() -> None:
    case, person = proposition().case, moderator()
    first = remove(case, by=person)
    said = {"case": case, "outcome": Outcome.KEEP, "by": person}
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(**said)
    Decision.objects.create(**said, follows=first)
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(**said, follows=first)


def test_a_decision_is_never_changed() -> None:
    decided = remove(proposition().case, by=moderator())
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.filter(pk=decided.pk).update(facts="Rien.")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM moderation_decision WHERE id = %s", [decided.pk])


def test_addresses_are_erased_when_their_time_is_over(settings) -> None:
    case = proposition().case
    notice(case, email="lea@demo.example")
    today = timezone.localdate()
    assert purge_addresses(today=today + timedelta(days=settings.NOTICE_ADDRESS_DAYS - 1)) == 0
    assert purge_addresses(today=today + timedelta(days=settings.NOTICE_ADDRESS_DAYS)) == 1
    assert purge_addresses(today=today + timedelta(days=9999)) == 0
    assert Notice.objects.get().email == ""


def test_the_address_is_not_readable_in_the_database() -> None:
    notice(proposition().case, email="lea@demo.example")
    with connection.cursor() as cursor:
        cursor.execute("SELECT email, reporter_key FROM moderation_notice")
        assert "lea" not in str(cursor.fetchone())


def test_people_get_a_copy_of_their_notices_and_take_them_away() -> None:
    person = UserFactory()
    notice(proposition().case, by=person, text="C’est faux.", email=person.email)
    (copied,) = copy_of(person)["notices"]
    assert (copied["text"], copied["email"]) == ("C’est faux.", person.email)
    close_account(person, by=person)
    left = Notice.objects.get()
    assert (left.user, left.email, left.text, left.rule) == (None, "", "", Rule.FALSEHOOD)


def test_the_same_person_is_known_whatever_the_case_of_their_address() -> None:
    assert reporter_key(email="Lea@demo.example ") == reporter_key(email="lea@demo.example")
    assert reporter_key(email="lea@demo.example") != reporter_key(token="lea@demo.example")
