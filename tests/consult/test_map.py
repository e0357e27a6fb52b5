"""The opinion map: statements answered once, changed until the hour, proposed, judged; who is shown what."""

import re
from datetime import timedelta
from time import sleep
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from accounts import actions as accounts
from accounts.choices import RoleKind
from consult import counting, phases
from consult.actions import statements as acts
from consult.actions import visiting
from consult.choices import Awaited, Stance
from consult.errors import AlreadySaid, EnoughSaid, NotForYou, NotTaken, PhaseClosed
from consult.maps import near, seeds, serving
from consult.models import Consultation, ConsultationPage, Participant, Phase, Statement, StatementAnswer
from consult.people import participant_of
from journal.models import Entry
from moderation.actions import decide, report, reporter_key
from moderation.choices import CaseState, Outcome, Rule, Timing
from moderation.models import Case
from tests.consult.map_world import SEEDS, crowd, mapped
from tests.consult.test_votes import together
from tests.consult.world import close
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
committed = pytest.mark.django_db(transaction=True)


def counts(asked: Consultation, number: int = 1) -> tuple[int, int, int]:
    one = Statement.objects.get(consultation=asked, number=number)
    return one.agree_count, one.disagree_count, one.pass_count


def carte(asked: Consultation, rest: str = "") -> str:
    return f"/consultations/{asked.page.slug}/carte/{rest}"


def signed_in() -> tuple[Client, Participant]:
    user, client = UserFactory(), Client()
    client.force_login(user)
    return client, participant_of(user)


def words(answer) -> str:
    return " ".join(answer.content.decode().split())


# --- the acts ----------------------------------------------------------------------------------------------------


def test_an_answer_is_counted_and_changed():
    asked = mapped()
    [someone] = crowd(1)
    acts.answer(asked, 1, Stance.AGREE, by=someone)
    acts.answer(asked, 1, Stance.AGREE, by=someone)
    acts.answer(asked, 2, Stance.PASS, by=someone)
    assert (counts(asked), counts(asked, 2)) == ((1, 0, 0), (0, 0, 1))
    acts.answer(asked, 1, Stance.DISAGREE, by=someone)
    assert counts(asked) == (0, 1, 0)
    assert StatementAnswer.objects.count() == 2
    assert counting.differences(asked) == []


def test_the_recount_proves_the_counters_of_statements():
    asked = mapped()
    Statement.objects.filter(consultation=asked, number=1).update(pass_count=4)
    assert [(wrong.counter, wrong.true) for wrong in counting.differences(asked)] == [("pass_count", 0)]
    counting.recount(asked)
    assert counting.differences(asked) == []


def test_thousands_of_answers_written_at_once_are_counted():
    asked, people = mapped(), crowd(300)
    rows = [
        StatementAnswer(statement=one, participant=person, stance=(place + one.number) % 3 - 1)
        for place, person in enumerate(people)
        for one in Statement.objects.filter(consultation=asked)
    ]
    StatementAnswer.objects.bulk_create(rows)
    StatementAnswer.objects.filter(participant__in=people[:50]).delete()
    StatementAnswer.objects.filter(participant__in=people[50:80]).update(stance=Stance.PASS)
    assert sum(counts(asked)) == 250
    assert counting.differences(asked) == []


def test_nobody_answers_before_after_or_without_a_map():
    asked, [someone] = mapped(), crowd(1)
    close(asked)
    with pytest.raises(PhaseClosed):
        acts.answer(asked, 1, Stance.AGREE, by=someone)
    with pytest.raises(PhaseClosed):
        acts.propose(asked, "Ouvrir une buvette.", by=someone)
    early = mapped()
    Phase.objects.filter(page=early.page).update(opens_at=timezone.now() + timedelta(hours=1))
    with pytest.raises(PhaseClosed):
        acts.answer(early, 1, Stance.AGREE, by=someone)
    plain = mapped()
    ConsultationPage.objects.filter(pk=plain.page_id).update(has_map=False)
    plain = Consultation.objects.get(pk=plain.pk)
    with pytest.raises(NotTaken):
        acts.answer(plain, 1, Stance.AGREE, by=someone)


def test_who_is_not_of_the_level_is_told():
    asked, [someone] = mapped(), crowd(1)
    Phase.objects.filter(page=asked.page).update(level="verified")
    for act in (
        lambda: acts.answer(asked, 1, Stance.AGREE, by=someone),
        lambda: acts.propose(asked, "Quoi ?", by=someone),
    ):
        with pytest.raises(NotForYou):
            act()


def test_a_statement_is_numbered_once_and_said_once():
    asked, [one, two] = mapped(), crowd(2)
    key = "6f1f2a51-6d4b-4d0a-9c33-5a4b6f0f8e11"
    first = acts.propose(asked, "  Ouvrir une   buvette. ", by=one, key=key)
    again = acts.propose(asked, "Ouvrir une buvette.", by=one, key=key)
    assert (first.number, first.text, again.pk) == (len(SEEDS) + 1, "Ouvrir une buvette.", first.pk)
    with pytest.raises(AlreadySaid) as said:
        acts.propose(asked, "ouvrir une BUVETTE.", by=two)
    assert said.value.number == first.number
    acts.withdraw(first, by=one)
    later = acts.propose(asked, "Ouvrir une buvette.", by=two)
    assert later.number == first.number + 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Statement.objects.filter(pk=later.pk).update(number=1)


def test_one_person_does_not_fill_the_map():
    asked, [someone] = mapped(), crowd(1)
    for place in range(acts.MOST_A_PERSON):
        acts.propose(asked, f"Idée numéro {place}.", by=someone)
    with pytest.raises(EnoughSaid):
        acts.propose(asked, "Encore une.", by=someone)


def test_the_journal_names_nobody_and_tells_no_answer():
    asked, [someone] = mapped(), crowd(1)
    acts.propose(asked, "Ouvrir une buvette.", by=someone)
    acts.answer(asked, 1, Stance.AGREE, by=someone)
    lines = Entry.objects.filter(verb__startswith="statement.")
    assert set(lines.values_list("verb", flat=True)) == {"statement.sown", "statement.filed"}
    assert all("Habitant" not in str(line.details) for line in lines)


# --- races, each with its control --------------------------------------------------------------------------------


@committed
def test_fifty_clicks_at_once_are_one_answer():
    asked, [someone] = mapped(), crowd(1)
    done = together(lambda n: acts.answer(asked, 1, Stance((n % 3) - 1), by=someone), list(range(50)))
    assert all(isinstance(one, Statement) for one in done), done
    assert (StatementAnswer.objects.count(), sum(counts(asked))) == (1, 1)
    assert counting.differences(asked) == []


@committed
def test_without_the_constraint_fifty_clicks_would_be_more():
    """The control: the same fifty, read then written, on a table that lost its constraint."""
    asked, [someone] = mapped(), crowd(1)
    one = Statement.objects.get(consultation=asked, number=1)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE consult_statementanswer DROP CONSTRAINT one_person_one_answer")
    try:

        def click(_n: int) -> None:
            if not StatementAnswer.objects.filter(statement=one, participant=someone).exists():
                sleep(0.05)
                StatementAnswer.objects.create(statement=one, participant=someone, stance=Stance.AGREE)

        together(click, list(range(50)))
        assert StatementAnswer.objects.count() > 1
    finally:
        StatementAnswer.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(
                "ALTER TABLE consult_statementanswer"
                " ADD CONSTRAINT one_person_one_answer UNIQUE (participant_id, statement_id)"
            )


@committed
def test_an_answer_let_in_before_the_hour_counts_and_the_next_one_does_not():
    asked, [early, late] = mapped(), crowd(2)
    Phase.objects.filter(page=asked.page).update(closes_at=phases.clock() + timedelta(seconds=0.5))

    def in_time(_n: int) -> None:
        with transaction.atomic():
            acts.answer(asked, 1, Stance.AGREE, by=early)
            sleep(1.2)

    def too_late(_n: int) -> None:
        sleep(0.8)
        acts.answer(asked, 1, Stance.AGREE, by=late)

    done = together(lambda work: work(0), [in_time, too_late])
    assert done[0] is None
    assert isinstance(done[1], PhaseClosed)
    assert counts(asked) == (1, 0, 0)


@committed
def test_a_statement_taken_out_meanwhile_is_answered_by_nobody():
    """A moderator decides, and commits half a second later: who answers in between waits, and is told."""
    asked, [someone] = mapped(), crowd(1)
    one, moderator = Statement.objects.get(consultation=asked, number=1), UserFactory()
    accounts.grant(moderator, RoleKind.MODERATOR, by=None)

    def hide(_n: int) -> None:
        with transaction.atomic():
            decide(one.case, outcome=Outcome.HIDE, rule=Rule.OFF_TOPIC, facts="Hors sujet.", after=None, by=moderator)
            sleep(0.6)

    def answering(_n: int) -> None:
        sleep(0.2)
        acts.answer(asked, 1, Stance.AGREE, by=someone)

    done = together(lambda work: work(0), [hide, answering])
    assert done[0] is None
    assert isinstance(done[1], Statement.DoesNotExist)
    assert not StatementAnswer.objects.exists()


@committed
def test_without_holding_the_statement_the_answer_would_pass():
    """The control: the same two, the second reads the statement without waiting for the moderator."""
    asked, [someone] = mapped(), crowd(1)
    one = Statement.objects.get(consultation=asked, number=1)

    def hide(_n: int) -> None:
        with transaction.atomic():
            Case.objects.filter(pk=one.case_id).update(state=CaseState.HIDDEN, is_shown=False)
            sleep(0.6)

    def answering(_n: int) -> None:
        sleep(0.2)
        seen = Statement.objects.standing().get(consultation=asked, number=1)
        StatementAnswer.objects.create(statement=seen, participant=someone, stance=Stance.AGREE)

    together(lambda work: work(0), [hide, answering])
    assert StatementAnswer.objects.count() == 1


@committed
def test_many_propose_at_once_and_no_number_is_given_twice():
    asked, people = mapped(), crowd(12)
    done = together(lambda n: acts.propose(asked, f"Idée {n}.", by=people[n]), list(range(12)))
    assert sorted(one.number for one in done) == list(range(len(SEEDS) + 1, len(SEEDS) + 13))


@committed
def test_the_same_sentence_from_twelve_people_at_once_is_one_statement():
    asked, people = mapped(), crowd(12)
    done = together(lambda n: acts.propose(asked, "Ouvrir une buvette.", by=people[n]), list(range(12)))
    assert sum(isinstance(one, Statement) for one in done) == 1
    assert sum(isinstance(one, AlreadySaid) for one in done) == 11


# --- who is shown what -------------------------------------------------------------------------------------------


def test_coming_back_shows_the_same_statement_and_everything_is_shown_once():
    asked, [someone] = mapped(), crowd(1)
    shown = []
    while (turn := serving.turn(asked, person=someone, visitor="")).statement:
        assert serving.turn(asked, person=someone, visitor="x").statement == turn.statement
        shown.append(turn.statement.number)
        acts.answer(asked, turn.statement.number, Stance.PASS, by=someone)
    assert sorted(shown) == list(range(1, len(SEEDS) + 1))
    assert (turn.answered, turn.total) == (10, 10)


def test_first_statements_are_shared_out_fairly():
    """A thousand visitors: each of ten statements is the first for about one in ten (chi-square, 9 degrees, 99.9 %)."""
    asked = mapped()
    first = [serving.turn(asked, person=None, visitor=f"v{n}").statement.number for n in range(1000)]
    assert sum((first.count(number) - 100) ** 2 / 100 for number in range(1, 11)) < 27.9


def test_a_new_statement_is_shown_before_those_that_are_known():
    asked, people = mapped(), crowd(60)
    known = Statement.objects.filter(consultation=asked, number__lte=9)
    StatementAnswer.objects.bulk_create(
        [StatementAnswer(statement=one, participant=person, stance=Stance.AGREE) for one in known for person in people]
    )
    first = [serving.turn(asked, person=None, visitor=f"v{n}").statement.number for n in range(200)]
    assert first.count(10) > 100


def test_what_looks_like_it_is_found_and_what_does_not_is_not():
    asked = mapped()
    found = near.near(asked, "Il faudrait fermer le quai aux voitures")
    assert [one.number for one in found][:1] == [1]
    assert near.near(asked, "Réparer d'abord les trottoirs, partout")[0].number == 8
    assert near.near(asked, "Construire un téléphérique") == []
    assert near.near(asked, "Le quai") == []


def test_seeds_are_read_one_a_line():
    assert seeds.lines(" Un.\n\nDeux  fois.\nUN.\n") == ["UN.", "Deux fois."]
    assert seeds.too_long("a" * 141 + "\ncourt") == ["a" * 141]


# --- the pages ---------------------------------------------------------------------------------------------------


def test_somebody_answers_one_at_a_time_without_scripts(client):
    asked = mapped()
    visitor = words(client.get(carte(asked)))
    assert "D’accord" in visitor
    citizen, person = signed_in()
    page = words(citizen.get(carte(asked)))
    assert "0 réponse sur 10 affirmations" in page
    answer = citizen.post(carte(asked, "repondre/"), {"statement": "3", "stance": "agree"})
    assert answer["Location"] == carte(asked) + "?apres=3#affirmation"
    page = words(citizen.get(carte(asked) + "?apres=3"))
    assert "Enregistré" in page
    assert "1 réponse sur 10 affirmations" in page
    assert StatementAnswer.objects.get().participant == person


def test_with_scripts_the_next_one_comes_in_place():
    asked, (citizen, _person) = mapped(), signed_in()
    answer = citizen.post(
        carte(asked, "repondre/"), {"statement": "3", "stance": "pass"}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 200
    said = words(answer)
    assert "<html" not in said
    assert "autofocus" in said
    assert 'role="status"' in said


def test_an_answer_asks_few_questions(django_assert_max_num_queries):
    asked, (citizen, _person) = mapped(), signed_in()
    citizen.get(carte(asked))
    with django_assert_max_num_queries(8 + 2):  # eight, and the savepoint of a test
        citizen.post(carte(asked, "repondre/"), {"statement": "3", "stance": "agree"})


def test_a_visitor_answers_then_signs_in_and_finds_the_answer(client):
    asked = mapped(level="account")
    led = client.post(carte(asked, "repondre/"), {"statement": "3", "stance": "disagree"})
    assert led.status_code == 302
    assert not StatementAnswer.objects.exists()
    client.force_login(UserFactory())
    page = words(client.get(carte(asked)))
    assert SEEDS[2] in page
    assert "Enregistrer : Pas d’accord" in page.replace("\xa0", " ")


def test_a_visitor_confirms_an_answer_and_a_statement_from_their_mailbox(client):
    asked = mapped()
    led = client.post(carte(asked, "repondre/"), {"statement": "3", "stance": "agree"})
    assert led["Location"].startswith(f"/consultations/{asked.page.slug}/")
    assert "Votre réponse est gardée" in words(client.get(led["Location"]))
    same = {"email": "lea@exemple.fr", "browser": "b"}
    typed = {"statement": 3, "stance": 1, "words": SEEDS[2]}
    act = visiting.wait(asked, Awaited.STANCE, typed, key=uuid4(), **same)
    said = {"text": "Installer une fontaine.", "key": str(uuid4())}
    other = visiting.wait(asked, Awaited.STATEMENT, said, key=uuid4(), **same)
    assert not StatementAnswer.objects.exists()
    done, person = visiting.confirm(act, by=None)
    assert (done.url, counts(asked, 3)) == (carte(asked), (1, 0, 0))
    visiting.confirm(other, by=None)
    assert Statement.objects.get(text="Installer une fontaine.").author == person


def test_what_cannot_be_answered_is_said(client):
    asked, (citizen, _person) = mapped(), signed_in()
    assert citizen.post(carte(asked, "repondre/"), {"statement": "3", "stance": "oui"}).status_code == 404
    gone = citizen.post(carte(asked, "repondre/"), {"statement": "99", "stance": "agree"}, follow=True)
    assert "vient d’être retirée" in words(gone)
    close(asked)
    late = citizen.post(carte(asked, "repondre/"), {"statement": "3", "stance": "agree"})
    assert late.status_code == 409
    assert "fermée" in words(late)
    assert citizen.post(
        carte(asked, "repondre/"), {"statement": "3", "stance": "agree"}, headers={"HX-Request": "true"}
    )["HX-Redirect"] == carte(asked)
    assert "fermée" in words(citizen.get(carte(asked)))


def test_one_reads_ones_own_answers_and_changes_them():
    asked, (citizen, person) = mapped(), signed_in()
    acts.answer(asked, 3, Stance.AGREE, by=person)
    page = words(citizen.get(carte(asked, "mes-reponses/")))
    assert SEEDS[2] in page
    assert SEEDS[0] not in page
    back = citizen.post(carte(asked, "repondre/"), {"statement": "3", "stance": "disagree", "back": "mes-reponses"})
    assert back["Location"] == carte(asked, "mes-reponses/") + "#affirmation-3"
    assert counts(asked, 3) == (0, 1, 0)
    stranger, _other = signed_in()
    assert SEEDS[2] not in words(stranger.get(carte(asked, "mes-reponses/")))


def test_no_count_is_read_while_answering(client):
    asked, people = mapped(map_hides_results=True), crowd(61)  # no hour, minute nor day is 61
    for person in people:
        acts.answer(asked, 1, Stance.AGREE, by=person)
    citizen, _person = signed_in()
    for rest in ("", "1/", "resultats/", "mes-reponses/", "proposer/", "affirmations.csv"):
        answer = citizen.get(carte(asked, rest), follow=True)
        told = b"".join(answer.streaming_content).decode() if answer.streaming else words(answer)
        assert not re.search(r"\b61\b", re.sub(r"<[^>]*>", " ", told)), rest


def test_somebody_proposes_a_statement(client):
    asked, (citizen, person) = mapped(), signed_in()
    near_ones = words(citizen.post(carte(asked, "proches/"), {"text": "Fermer le quai aux voitures"}))
    assert SEEDS[0] in near_ones
    looked = citizen.post(carte(asked, "proposer/"), {"text": "Fermer le quai aux voitures", "look": "1"})
    assert SEEDS[0] in words(looked)
    assert Statement.objects.filter(author=person).count() == 0
    filed = citizen.post(carte(asked, "proposer/"), {"text": "Installer une fontaine."}, follow=True)
    assert "Installer une fontaine." in words(filed)
    assert Statement.objects.get(author=person).is_shown
    too_long = citizen.post(carte(asked, "proposer/"), {"text": "x" * 141})
    assert too_long.status_code == 422
    assert "maxlength" not in too_long.content.decode(), "a browser would cut what is pasted, and say nothing"
    twin = citizen.post(carte(asked, "proposer/"), {"text": SEEDS[0]})
    assert twin.status_code == 422
    assert carte(asked, "1/") in twin.content.decode()
    same_words = SEEDS[0].upper().rstrip(".") + " !"
    assert citizen.post(carte(asked, "proposer/"), {"text": same_words}).status_code == 422
    kept = client.post(carte(asked, "proposer/"), {"text": "Un banc de plus."})
    assert kept.status_code == 302


def test_where_nobody_may_propose_the_page_does_not_exist(client):
    asked = mapped(map_takes_statements=False)
    assert client.get(carte(asked, "proposer/")).status_code == 404
    assert carte(asked, "proposer/") not in client.get(carte(asked)).content.decode()
    with pytest.raises(NotTaken):
        acts.propose(asked, "Quand même.", by=crowd(1)[0])


def test_its_author_takes_a_statement_back():
    asked, (citizen, person) = mapped(), signed_in()
    mine = acts.propose(asked, "Installer une fontaine.", by=person)
    stranger, _other = signed_in()
    assert stranger.get(carte(asked, f"{mine.number}/retirer/")).status_code == 404
    assert citizen.get(carte(asked, f"{mine.number}/retirer/")).status_code == 200
    citizen.post(carte(asked, f"{mine.number}/retirer/"))
    assert stranger.get(carte(asked, f"{mine.number}/")).status_code == 404
    assert "Retirée" in words(citizen.get(carte(asked, f"{mine.number}/")))


# --- moderation --------------------------------------------------------------------------------------------------


def test_a_statement_read_before_is_shown_to_its_author_alone(client):
    asked, (citizen, person) = mapped(timing=Timing.BEFORE), signed_in()
    waiting = acts.propose(asked, "Installer une fontaine.", by=person)
    assert not waiting.is_shown
    assert citizen.get(carte(asked, f"{waiting.number}/")).status_code == 200
    assert client.get(carte(asked, f"{waiting.number}/")).status_code == 404
    assert serving.turn(asked, person=None, visitor="v").total == len(SEEDS)
    moderator = UserFactory()
    accounts.grant(moderator, RoleKind.MODERATOR, by=None)
    decide(waiting.case, outcome=Outcome.KEEP, after=None, by=moderator)
    assert client.get(carte(asked, f"{waiting.number}/")).status_code == 200


def test_a_statement_is_reported_judged_and_leaves_its_tombstone(client):
    asked, [someone] = mapped(), crowd(1)
    said = acts.propose(asked, "Le patron du café est un voleur.", by=someone)
    report(said.case, rule=Rule.FALSEHOOD, key=reporter_key(token="x"), is_good_faith=True)
    moderator = UserFactory()
    accounts.grant(moderator, RoleKind.MODERATOR, by=None)
    queue = Client()
    queue.force_login(moderator)
    assert "Le patron du café" in words(queue.get("/moderation/"))
    decide(said.case, outcome=Outcome.REMOVE, rule=Rule.FALSEHOOD, facts="Accusation.", after=None, by=moderator)
    assert client.get(carte(asked, f"{said.number}/")).status_code == 410
    assert "Affirmation 11" in words(client.get(f"/consultations/{asked.page.slug}/corbeille/"))
    assert serving.turn(asked, person=None, visitor="v").total == len(SEEDS)
