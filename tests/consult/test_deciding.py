"""Decisions: prepared in private, published together, never changed, told once to each person concerned."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connections, transaction

from consult import letters as room
from consult.actions import deciding
from consult.actions.votes import vote
from consult.choices import Opinion, PhaseKind, Verdict
from consult.errors import ChangedMeanwhile, CorrectionUnexplained, NothingToPublish, StillOpen
from consult.models import Consultation, Decision, Participant, Proposition, Told
from consult.people import participant_of
from journal.models import Entry
from letters.models import Letter
from tests.consult.world import close, consultation, proposition
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
WHY = "La digue est fragile : le pont de bois est refait à côté."


def asked_with(many: int, *, closed: bool = True) -> tuple[Consultation, list[Proposition]]:
    asked = consultation(PhaseKind.CONTRIBUTE, PhaseKind.VOTE)
    filed = [proposition(asked, number=number) for number in range(1, many + 1)]
    if closed:
        close(asked)
    return asked, filed


def seen(asked: Consultation) -> str:
    return deciding.fingerprint(deciding.ready(asked))


def published(asked: Consultation, filed: list[Proposition], *, by=None, **words):
    by = by or UserFactory()
    deciding.prepare(filed, **{"verdict": Verdict.PARTLY, "reason": WHY, **words}, by=by)
    return deciding.publish(asked, seen=seen(asked), by=by)


def test_decisions_are_prepared_replaced_and_published_together():
    asked, filed = asked_with(3)
    by = UserFactory()
    assert deciding.prepare(filed, verdict=Verdict.NOT_RETAINED, reason="Trop cher.", by=by) == 3
    deciding.prepare(filed[:1], verdict=Verdict.RETAINED, reason=WHY, by=by)
    assert not Decision.objects.public().exists()
    publication = deciding.publish(asked, seen=seen(asked), by=by)
    said = dict(Decision.objects.standing().values_list("proposition__number", "verdict"))
    assert said == {1: "retained", 2: "not_retained", 3: "not_retained"}
    assert set(publication.decisions.values_list("publication", flat=True)) == {publication.pk}
    line = Entry.objects.get(verb="decisions.published")
    assert line.details["count"] == 3
    assert Entry.objects.filter(verb="proposition.decided").count() == 3


def test_nothing_is_published_while_people_take_part():
    asked, filed = asked_with(1, closed=False)
    deciding.prepare(filed, verdict=Verdict.RETAINED, reason=WHY, by=UserFactory())
    with pytest.raises(StillOpen):
        deciding.publish(asked, seen=seen(asked), by=UserFactory())
    assert not Decision.objects.public().exists()


def test_what_is_published_is_what_was_confirmed():
    asked, filed = asked_with(2)
    by = UserFactory()
    deciding.prepare(filed, verdict=Verdict.RETAINED, reason=WHY, by=by)
    confirmed = seen(asked)
    deciding.prepare(filed[1:], verdict=Verdict.NOT_RETAINED, reason="Non.", by=by)
    with pytest.raises(ChangedMeanwhile):
        deciding.publish(asked, seen=confirmed, by=by)
    assert not Decision.objects.public().exists()


def test_a_published_decision_is_never_changed_even_in_sql():
    asked, filed = asked_with(1)
    published(asked, filed)
    rows = Decision.objects.filter(proposition=filed[0])
    for attack in (lambda: rows.update(reason="Autre chose."), lambda: rows.update(publication=None), rows.delete):
        with pytest.raises(IntegrityError), transaction.atomic():
            attack()
    assert rows.get().reason == WHY
    # The control: one that is only prepared may still change.
    other, unpublished = asked_with(1)
    deciding.prepare(unpublished, verdict=Verdict.RETAINED, reason=WHY, by=UserFactory())
    assert Decision.objects.filter(proposition__consultation=other).update(reason="Autre chose.") == 1


def test_a_correction_follows_says_why_and_tells_again():
    asked, filed = asked_with(1)
    published(asked, filed)
    with pytest.raises(CorrectionUnexplained) as refused:
        deciding.prepare(filed, verdict=Verdict.RETAINED, reason="Oui.", by=UserFactory())
    assert refused.value.numbers == [1]
    published(asked, filed, verdict=Verdict.RETAINED, reason="Oui.", correction_reason="Le budget a été voté.")
    first, second = Decision.objects.filter(proposition=filed[0])
    assert (first.verdict, second.verdict, second.corrects) == ("partly", "retained", first)
    assert Decision.objects.standing().get() == second
    assert Entry.objects.filter(verb="proposition.decision_corrected").count() == 1


def test_a_correction_follows_nothing_but_a_public_decision_of_the_same_proposition():
    asked, filed = asked_with(2)
    by = UserFactory()
    published(asked, filed[:1])
    [public] = Decision.objects.public()
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(
            proposition=filed[1], verdict="partly", reason="x", corrects=public, correction_reason="y", prepared_by=by
        )


def test_authors_and_those_who_agreed_receive_one_letter_each(django_capture_on_commit_callbacks):
    asked, filed = asked_with(2, closed=False)
    supporter, opponent, author = participant_of(UserFactory()), participant_of(UserFactory()), filed[0].author
    for number in (1, 2):
        vote(asked, number, Opinion.AGREE, by=supporter)
    vote(asked, 2, Opinion.AGREE, by=author)
    vote(asked, 1, Opinion.DISAGREE, by=opponent)
    close(asked)
    publication = published(asked, filed)
    told = set(Told.objects.filter(publication=publication).values_list("participant", flat=True))
    assert told == {supporter.pk, author.pk, filed[1].author_id}
    assert room.tell(publication.pk) == 3
    assert room.tell(publication.pk) == 0
    letters = Letter.objects.filter(kind=room.DECISIONS)
    assert letters.count() == 3
    assert all(letter.is_mass for letter in letters)


def test_the_letter_says_what_was_decided_of_ones_own_then_of_what_one_agreed_with():
    asked, filed = asked_with(2, closed=False)
    author = filed[0].author
    vote(asked, 2, Opinion.AGREE, by=author)
    close(asked)
    publication = published(asked, filed)
    room.tell(publication.pk)
    told = Told.objects.get(publication=publication, participant=author)
    message = room.render_decisions(Letter.objects.get(kind=room.DECISIONS, key=told.pk))
    assert "n° 1" in message.subject or "#1" in message.subject
    mine, agreed = message.text.index("#1 "), message.text.index("#2 ")
    assert mine < agreed
    assert message.text.count(WHY) == 1
    assert f"/propositions/{filed[0].number}/" in message.text


def test_somebody_erased_is_not_told():
    filed = asked_with(1)[1]
    Participant.objects.filter(pk=filed[0].author_id).update(user=None, email_key="x", email="")
    assert not room.people_to_tell([filed[0].pk]).exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_publish_at_once_publish_once():
    asked, filed = asked_with(2)
    by = UserFactory()
    deciding.prepare(filed, verdict=Verdict.RETAINED, reason=WHY, by=by)
    confirmed = seen(asked)

    def one(_: int) -> object:
        try:
            return deciding.publish(asked, seen=confirmed, by=by)
        except NothingToPublish as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        ended = list(pool.map(one, range(2)))
    assert sorted(type(one).__name__ for one in ended) == ["NothingToPublish", "Publication"]
    assert Told.objects.count() == 2
    assert asked.publications.count() == 1
