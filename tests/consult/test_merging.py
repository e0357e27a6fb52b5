"""Propositions put together: asked, decided by a person, undone in time; nobody counted twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.utils import timezone

from consult import asking, counting, news
from consult.actions import deciding, merging
from consult.actions import propositions as acts
from consult.actions.arguments import argue
from consult.actions.votes import vote, withdraw_vote
from consult.choices import MergeState, NewsKind, Opinion, PhaseKind, PropositionState, Side, Verdict
from consult.errors import NotAllowedNow, NotMergeable, StillAsking, TookOthersIn, TooLateToUndo
from consult.models import Consultation, Merge, MergeVoice, News, NewsTo, Participant, Phase, Proposition, Vote
from consult.people import participant_of
from journal.models import Entry
from letters.models import Letter
from tests.consult.test_deciding import WHY, published
from tests.consult.world import close, consultation, proposition, section_of
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
REASON = "Les deux demandent de fermer le quai."


def somebody() -> Participant:
    return participant_of(UserFactory())


def asked_with(many: int = 2) -> tuple[Consultation, list[Proposition]]:
    asked = consultation(PhaseKind.CONTRIBUTE, PhaseKind.VOTE)
    return asked, [proposition(asked, number=number) for number in range(1, many + 1)]


def plan(filed: list[Proposition], **words) -> merging.Plan:
    """The second one and those after go into the first."""
    return merging.Plan(filed[1:], REASON, **{"into": filed[0], **words})


def agree(asked: Consultation, *numbers: int) -> Participant:
    person = somebody()
    for number in numbers:
        vote(asked, number, Opinion.AGREE, by=person)
    return person


def voice_of(merge: Merge, person: Participant) -> MergeVoice:
    return MergeVoice.objects.select_related("merge__consultation").get(merge=merge, participant=person)


def joined(asked: Consultation, filed: list[Proposition], *, yes: list[Participant] = (), **words) -> Merge:
    merge = merging.ask(asked, plan(filed, **words), days=7, by=UserFactory())
    for person in yes:
        merging.answer(voice_of(merge, person), True)
    Merge.objects.filter(pk=merge.pk).update(answers_until=timezone.now())
    return merging.join(merge, by=UserFactory())


def counts(asked: Consultation, number: int) -> tuple[int, int, int]:
    one = Proposition.objects.get(consultation=asked, number=number)
    return one.agree_count, one.mixed_count, one.disagree_count


def test_a_yes_moves_the_vote_and_silence_leaves_it_where_it_was():
    asked, filed = asked_with()
    mine, silent, refuses = agree(asked, 2), agree(asked, 2), agree(asked, 2)
    agree(asked, 1)
    merge = merging.ask(asked, plan(filed), days=7, by=UserFactory())
    assert merge.voices.count() == 4
    assert counts(asked, 1) == (1, 0, 0)
    merging.answer(voice_of(merge, mine), True)
    merging.answer(voice_of(merge, refuses), False)
    assert counts(asked, 2) == (3, 0, 0), "nothing moves before somebody decides"
    with pytest.raises(StillAsking):
        merging.join(merge, by=UserFactory())
    Merge.objects.filter(pk=merge.pk).update(answers_until=timezone.now())
    merging.join(merge, by=UserFactory())
    assert (counts(asked, 1), counts(asked, 2)) == ((2, 0, 0), (2, 0, 0))
    taken = Proposition.objects.get(pk=filed[1].pk)
    assert (taken.state, taken.merged_into_id) == (PropositionState.MERGED, filed[0].pk)
    assert Vote.objects.get(participant=silent).proposition_id == filed[1].pk
    assert Vote.objects.get(participant=mine).given_on == filed[1].pk
    assert counting.differences(asked) == []


def test_who_voted_on_both_counts_once_on_the_result():
    asked, filed = asked_with(3)
    both, two = agree(asked, 1, 2), agree(asked, 2, 3)
    joined(asked, filed, yes=[both, two])
    assert counts(asked, 1) == (2, 0, 0)
    assert Vote.objects.filter(participant=both, proposition=filed[0]).count() == 1
    assert Vote.objects.filter(participant=two).count() == 2, "one moved, the other stayed"
    assert counting.differences(asked) == []
    assert Consultation.objects.get(pk=asked.pk).voter_count == 2


def test_the_database_refuses_a_vote_where_one_moved_from():
    asked, filed = asked_with()
    mine = agree(asked, 2)
    joined(asked, filed, yes=[mine])
    with pytest.raises(IntegrityError), transaction.atomic():
        Vote.objects.create(proposition=filed[1], participant=mine, opinion=Opinion.AGREE)
    # The control: without the constraint, one person would count on both.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE consult_vote DROP CONSTRAINT a_vote_that_moved_is_counted_once")
        Vote.objects.create(proposition=filed[1], participant=mine, opinion=Opinion.AGREE)
        assert Vote.objects.filter(participant=mine).count() == 2
        transaction.set_rollback(True)


def test_a_late_answer_moves_the_vote_and_another_puts_it_back():
    asked, filed = asked_with()
    late = agree(asked, 2)
    merge = joined(asked, filed)
    assert counts(asked, 1) == (0, 0, 0)
    merging.answer(voice_of(merge, late), True)
    merging.answer(voice_of(merge, late), True)
    assert (counts(asked, 1), counts(asked, 2)) == ((1, 0, 0), (0, 0, 0))
    merging.answer(voice_of(merge, late), False)
    assert (counts(asked, 1), counts(asked, 2)) == ((0, 0, 0), (1, 0, 0))
    assert counting.differences(asked) == []


def test_undone_everything_is_as_before_and_what_was_said_since_stays():
    asked, filed = asked_with()
    follows, changes, leaves = agree(asked, 2), agree(asked, 2), agree(asked, 2)
    merge = joined(asked, filed, yes=[follows, changes, leaves])
    vote(asked, 1, Opinion.DISAGREE, by=changes)
    withdraw_vote(asked, 1, by=leaves)
    merging.undo(merge, reason="Les auteurs ne veulent pas.", by=UserFactory())
    assert Proposition.objects.get(pk=filed[1].pk).state == PropositionState.PUBLISHED
    assert counts(asked, 2) == (3, 0, 0)
    assert counts(asked, 1) == (0, 0, 1)
    assert counting.differences(asked) == []
    with pytest.raises(NotAllowedNow):
        merging.undo(merge, reason="Encore.", by=UserFactory())


def test_it_is_not_undone_too_late_nor_once_decided():
    asked, filed = asked_with()
    merge = joined(asked, filed)
    close(asked)
    published(asked, filed[:1])
    with pytest.raises(TooLateToUndo):
        merging.undo(merge, reason="Non.", by=UserFactory())
    other, again = asked_with()
    late = joined(other, again)
    Merge.objects.filter(pk=late.pk).update(undo_until=timezone.now())
    with pytest.raises(TooLateToUndo):
        merging.undo(late, reason="Non.", by=UserFactory())
    with pytest.raises(IntegrityError), transaction.atomic():
        Merge.objects.filter(pk=late.pk).update(state=MergeState.UNDONE, undone_at=timezone.now() + timedelta(days=30))


def test_votes_that_were_counted_at_closing_do_not_move():
    asked, filed = asked_with()
    person = agree(asked, 2)
    close(asked)
    joined(asked, filed, yes=[person])
    assert (counts(asked, 1), counts(asked, 2)) == ((0, 0, 0), (1, 0, 0))


def test_a_new_text_takes_the_next_number_and_is_withdrawn_when_undone():
    asked, filed = asked_with()
    mine = agree(asked, 1)
    words = {"into": None, "title": "Un quai sans voitures", "body": "Ensemble.", "section": section_of(asked)}
    draft = merging.Plan(filed, REASON, **words)
    merge = merging.ask(asked, draft, days=7, by=UserFactory())
    assert Consultation.objects.get(pk=asked.pk).last_number == 2, "no number before it is done"
    merging.answer(voice_of(merge, mine), True)
    merge = merging.join(merge, by=UserFactory())
    assert merge.into.number == 3
    assert counts(asked, 3) == (1, 0, 0)
    assert merge.into.is_shown
    merging.undo(merge, reason="Deux sujets.", by=UserFactory())
    left = Proposition.objects.get(pk=merge.into_id)
    assert (left.state, left.withdrawn_reason) == (PropositionState.WITHDRAWN, "Deux sujets.")
    assert counts(asked, 1) == (1, 0, 0)


def test_what_cannot_be_merged_is_refused():
    asked, filed = asked_with(4)
    other, elsewhere = asked_with()
    by = UserFactory()
    for wrong in (
        merging.Plan(filed[:1], REASON, into=filed[0]),
        merging.Plan([elsewhere[0]], REASON, into=filed[0]),
    ):
        with pytest.raises(NotMergeable):
            merging.ask(asked, wrong, days=7, by=by)
    joined(asked, filed[:2])
    with pytest.raises(NotMergeable):
        merging.ask(asked, merging.Plan([filed[0]], REASON, into=filed[2]), days=7, by=by)
    with pytest.raises(NotMergeable):
        merging.ask(asked, merging.Plan([filed[1]], REASON, into=filed[2]), days=7, by=by)
    merging.ask(asked, merging.Plan([filed[2]], REASON, into=filed[3]), days=7, by=by)
    with pytest.raises(NotMergeable):
        merging.ask(asked, merging.Plan([filed[3]], REASON, into=filed[0]), days=7, by=by)
    with pytest.raises(TookOthersIn):
        acts.withdraw(filed[0], reason="Je retire.", by=filed[0].author)
    del other


def test_an_author_proposes_the_administration_asks_and_gives_up():
    asked, filed = asked_with()
    merge = merging.propose(filed[1], filed[0], reason=REASON, by=filed[1].author)
    assert merge.state == MergeState.PROPOSED
    assert merge.voices.count() == 0
    with pytest.raises(Proposition.DoesNotExist):
        merging.propose(filed[1], filed[0], reason=REASON, by=somebody())
    agree(asked, 2)
    by = UserFactory()
    merge = merging.ask_for(merge, days=3, by=by)
    assert merge.voices.count() == 1
    merging.drop(merge, reason="Deux sujets.", by=by)
    assert Proposition.objects.get(pk=filed[1].pk).state == PropositionState.PUBLISHED
    verbs = set(Entry.objects.filter(verb__startswith="merge.").values_list("verb", flat=True))
    assert verbs == {"merge.proposed", "merge.asked", "merge.dropped"}


def test_supporters_are_asked_once_and_authors_are_told():
    asked, filed = asked_with()
    mine = agree(asked, 2)
    merge = merging.ask(asked, plan(filed), days=7, by=UserFactory())
    assert asking.tell(merge.pk) == 1
    assert asking.tell(merge.pk) == 0
    letter = Letter.objects.get(kind=asking.SUPPORTERS)
    text = asking.render(letter).text
    token = asking.path(voice_of(merge, mine))
    assert token in text
    assert REASON in text
    told = NewsTo.objects.filter(news__kind=NewsKind.ASKED).values_list("participant", flat=True)
    assert set(told) == {filed[0].author_id, filed[1].author_id}
    Merge.objects.filter(pk=merge.pk).update(answers_until=timezone.now())
    merging.join(merge, by=UserFactory())
    done = News.objects.get(kind=NewsKind.MERGED)
    assert set(done.told.values_list("participant", flat=True)) == {filed[0].author_id, filed[1].author_id}
    assert news.tell(done.pk) == 2
    assert news.tell(done.pk) == 0
    for kind in NewsKind.ASKED, NewsKind.MERGED:
        told = NewsTo.objects.filter(news__kind=kind).first()
        message = news.render(Letter(kind=news.KIND, key=told.pk))
        assert "#2 " in message.text
        assert REASON in message.text


def test_undone_those_who_argued_are_told_too():
    asked, filed = asked_with()
    arguer = somebody()
    argue(asked, 2, Side.AGAINST, "Les livraisons passent par là.", by=arguer)
    merging.undo(joined(asked, filed), reason="Deux sujets.", by=UserFactory())
    told = News.objects.get(kind=NewsKind.UNMERGED).told
    assert told.filter(participant=arguer).exists()


def test_a_decision_about_the_result_reaches_those_whose_vote_stayed():
    asked, filed = asked_with()
    silent = agree(asked, 2)
    joined(asked, filed)
    close(asked)
    deciding.prepare(filed[:1], verdict=Verdict.RETAINED, reason=WHY, by=UserFactory())
    publication = deciding.publish(asked, seen=deciding.fingerprint(deciding.ready(asked)), by=UserFactory())
    assert publication.told.filter(participant=silent).exists()


@pytest.mark.django_db(transaction=True)
def test_merging_beside_votes_answers_and_undoing_loses_and_doubles_nothing():
    asked, filed = asked_with()
    people = [agree(asked, 2) for _ in range(6)]
    merge = merging.ask(asked, plan(filed), days=7, by=UserFactory())
    Merge.objects.filter(pk=merge.pk).update(answers_until=timezone.now())
    by = UserFactory()

    def one(rank: int) -> None:
        person = people[rank % len(people)]
        try:
            if rank == 3:
                merging.join(Merge.objects.get(pk=merge.pk), by=by)
            elif rank == 20:
                merging.undo(Merge.objects.get(pk=merge.pk), reason="Non.", by=by)
            elif rank % 3 == 0:
                vote(asked, 1 + rank % 2, Opinion.DISAGREE if rank % 4 else Opinion.AGREE, by=person)
            else:
                merging.answer(voice_of(merge, person), rank % 4 != 0)
        except (NotAllowedNow, TooLateToUndo, StillAsking):
            pass
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(one, range(36)))
    assert counting.differences(asked) == []
    places = list(Vote.objects.values_list("participant", "given_on"))
    assert len(places) == len(set(places))
    assert {person.pk for person in people} <= {who for who, _ in places}, "nobody lost their vote"


@pytest.mark.django_db(transaction=True)
def test_two_who_merge_at_once_merge_once():
    asked, filed = asked_with(3)
    merge = merging.ask(asked, plan(filed), days=7, by=UserFactory())
    by = UserFactory()

    def one(_: int) -> str:
        try:
            return merging.join(Merge.objects.get(pk=merge.pk), by=by).state
        except NotAllowedNow:
            return "refused"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(one, range(2))) == ["done", "refused"]
    assert Entry.objects.filter(verb="merge.done").count() == 1
    assert Phase.objects.filter(page=asked.page).count() == 2
