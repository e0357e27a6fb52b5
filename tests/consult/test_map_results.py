"""What the map says: counted by the worker, honest, hidden until its hour, counted again by anybody."""

import json
from io import StringIO
from pathlib import Path
from threading import Thread

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from consult import tasks
from consult.actions import statements as acts
from consult.choices import MapState, Stance
from consult.errors import PromiseChanged, StatementInUse
from consult.maps import answers, drawing, telling
from consult.models import Consultation, ConsultationPage, OpinionMap, Statement, StatementAnswer
from consult.people import participant_of
from moderation.models import Case
from tally import opinion_map
from tests.consult.map_world import SEEDS, crowd, mapped, two_camps
from tests.consult.test_map import carte, words
from tests.consult.world import close
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
committed = pytest.mark.django_db(transaction=True)


def drawn(asked: Consultation) -> OpinionMap:
    run = drawing.draw(asked.pk)
    assert run is not None
    return run


# --- the count ---------------------------------------------------------------------------------------------------


def test_two_camps_are_two_groups_with_what_they_say_and_what_all_say(client):
    asked = mapped()
    two_camps(asked)
    run = drawn(asked)
    assert (run.state, run.refusal, run.people, run.answers) == (MapState.DONE, "", 80, 800)
    assert [group["size"] for group in run.result["groups"]] == [40, 40]
    page = words(client.get(carte(asked, "resultats/")))
    assert "2 groupes de personnes" in page
    assert "Ce n’est pas un sondage" in page
    assert page.count("<ellipse") == 2
    consensus = page.split('id="accord"')[-1].split('id="accord-titre"')[1].split("</section>")[0]
    assert "trottoirs" in consensus
    assert "800 réponses de 80 personnes" in page.replace("\xa0", " ")
    assert run.input_hash in page


def test_too_few_people_are_told_so_and_nothing_is_shown(client):
    asked = mapped()
    two_camps(asked, many=49)
    run = drawn(asked)
    assert run.refusal == "few_people"
    page = words(client.get(carte(asked, "resultats/")))
    assert "50 personnes" in page
    assert "Elles sont 49" in page
    assert "<ellipse" not in page
    assert "Groupe A" not in page


def test_nothing_is_counted_again_while_nothing_changes():
    asked = mapped()
    people = two_camps(asked)
    first = drawn(asked)
    assert drawing.draw(asked.pk) is None
    assert drawing.to_draw() == []
    before = StatementAnswer.objects.get(participant=people[0], statement__number=1).stance
    acts.answer(asked, 1, Stance.AGREE if before == Stance.PASS else Stance.PASS, by=people[0])
    assert drawing.to_draw() == [asked.pk]
    second = drawn(asked)
    assert second.input_hash != first.input_hash
    assert OpinionMap.objects.count() == 1, "one map a day is kept"


def test_a_statement_taken_out_leaves_the_page_at_once_and_the_count_at_the_next(client):
    asked = mapped()
    two_camps(asked)
    drawn(asked)
    Case.objects.filter(statement__consultation=asked, statement__number=8).update(state="hidden", is_shown=False)
    assert "trottoirs" not in words(client.get(carte(asked, "resultats/")))
    assert drawing.to_draw() == [asked.pk]
    assert "8" not in {one["id"] for one in drawn(asked).result["statements"]}


def test_the_clock_asks_the_worker(monkeypatch):
    asked, rung = mapped(), []
    two_camps(asked)
    monkeypatch.setattr(tasks, "ring", lambda task, key: rung.append((task.name, key)))
    tasks.draw_maps()
    assert rung == [("consult.tasks.draw_map", asked.pk)]
    tasks.draw_map(asked.pk)
    tasks.draw_map(asked.pk)
    assert OpinionMap.objects.get().state == MapState.DONE


def test_a_run_left_by_a_killed_worker_is_finished_by_the_next():
    asked = mapped()
    two_camps(asked)
    left = OpinionMap.objects.create(
        consultation=asked, state=MapState.WORKING, step="grouping", read_at=timezone.now()
    )
    assert drawing.to_draw() == [asked.pk]
    assert drawn(asked).pk == left.pk


def test_a_run_that_fails_is_said_and_tried_again_later(monkeypatch, client):
    asked = mapped()
    two_camps(asked)

    def broken(*_args):
        raise RuntimeError("plus de mémoire")

    monkeypatch.setattr(drawing, "opinion_map", broken)
    with pytest.raises(RuntimeError):
        drawing.draw(asked.pk)
    assert OpinionMap.objects.get().state == MapState.FAILED
    assert drawing.to_draw() == []
    assert client.get(carte(asked, "resultats/")).status_code == 200


@committed
def test_two_workers_draw_one_map():
    asked = mapped()
    two_camps(asked)
    found: list = []

    def work() -> None:
        try:
            found.append(drawing.draw(asked.pk))
        finally:
            connections.close_all()

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([run for run in found if run is not None]) == 1
    assert OpinionMap.objects.get().state == MapState.DONE


def test_a_result_is_never_changed():
    asked = mapped()
    two_camps(asked)
    run = drawn(asked)
    for changed in ({"result": {}}, {"people": 3}, {"state": MapState.ASKED}):
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            OpinionMap.objects.filter(pk=run.pk).update(**changed)


# --- hidden until its hour, and nobody placed --------------------------------------------------------------------


def test_a_hidden_map_is_read_by_nobody_before_the_end(client):
    asked = mapped(map_hides_results=True, map_opens_answers=True)
    two_camps(asked)
    drawn(asked)
    for rest in ("", "resultats/"):
        page = words(client.get(carte(asked, rest)))
        assert "<ellipse" not in page
        assert "Groupe A" not in page
    csv = b"".join(client.get(carte(asked, "affirmations.csv")).streaming_content).decode()
    assert csv.splitlines()[0].lstrip("\ufeff") == "statement,text,author"
    assert client.get(carte(asked, "reponses.csv")).status_code == 404
    close(asked)
    page = words(client.get(carte(asked)))
    assert "<ellipse" in page
    assert "fermée" in page
    csv = b"".join(client.get(carte(asked, "affirmations.csv")).streaming_content).decode()
    assert csv.splitlines()[0].endswith("agree,disagree,pass")


def test_no_person_has_a_place_in_what_is_kept():
    asked = mapped()
    people = two_camps(asked)
    kept = json.dumps(drawn(asked).result)
    assert "placements" not in kept
    assert all(f'"{person.pk}"' not in kept for person in people)
    assert all(set(group) == {"name", "size", "x", "y", "width", "height", "angle", "representative"}
               for group in json.loads(kept)["groups"])  # fmt: skip


COUNTS = st.lists(st.integers(0, 40), min_size=3, max_size=3)


@given(st.dictionaries(st.sampled_from("ABCDE"), COUNTS, min_size=1))
def test_no_small_cell_is_told_nor_can_be_found_from_the_total(groups):
    kept = telling.without_few(groups)
    for place in range(3):
        column = [counts[place] for counts in kept.values()]
        assert all(count is None or count == 0 or count >= telling.FEW for count in column)
        hidden = [groups[name][place] for name, counts in kept.items() if counts[place] is None]
        if len(hidden) == 1:
            assert not any(column), "one cell alone is hidden beside others that are told"


# --- the promise, and counting again -----------------------------------------------------------------------------


def test_the_file_of_answers_gives_the_same_map_again(client, tmp_path: Path):
    asked = mapped(map_opens_answers=True)
    two_camps(asked)
    run = drawn(asked)
    close(asked)
    sent = client.get(carte(asked, "reponses.csv"))
    content = b"".join(sent.streaming_content)
    file = tmp_path / "reponses.csv"
    file.write_bytes(content)
    told = StringIO()
    call_command("opinion_map", str(file), json=True, stdout=told)
    again = json.loads(told.getvalue())
    assert (again["input_hash"], again["method"]) == (run.input_hash, run.method)
    whole = opinion_map(answers.votes_of(asked))
    assert json.loads(json.dumps(telling.told(whole))) == run.result
    names = ("people", "grouped", "answers", "refusal", "silhouette", "agreement", "explained", "consensus")
    assert {name: again[name] for name in names} == {name: run.result[name] for name in names}
    assert [(g["name"], g["size"], g["x"], g["y"]) for g in again["groups"]] == [
        (g["name"], g["size"], g["x"], g["y"]) for g in run.result["groups"]
    ]


def test_the_file_says_nothing_of_who_nor_when(client):
    asked = mapped(map_opens_answers=True)
    people = two_camps(asked)
    drawn(asked)
    close(asked)
    lines = b"".join(client.get(carte(asked, "reponses.csv")).streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0] == "participant,statement,vote"
    assert len(lines) == 801
    order = [int(line.split(",")[0]) for line in lines[1:]]
    assert sorted(set(order)) == list(range(1, 81))
    # The order of arrival is not that of the numbers: the answers of the first who came are under another one.
    first = {one.statement.number: one.stance for one in StatementAnswer.objects.filter(participant=people[0])}
    told = {int(s): int(v) for p, s, v in (line.split(",") for line in lines[1:]) if p == "1"}
    assert (first, people[0].pk) != (told, 1)


def test_no_file_is_given_without_the_promise_or_the_groups(client):
    kept = mapped()
    two_camps(kept)
    drawn(kept)
    close(kept)
    assert client.get(carte(kept, "reponses.csv")).status_code == 404
    few = mapped(map_opens_answers=True)
    for person in crowd(8, start=500):
        for number in range(1, 9):
            acts.answer(few, number, Stance.AGREE, by=person)
    drawn(few)
    close(few)
    assert client.get(carte(few, "reponses.csv")).status_code == 404


def test_what_people_were_told_does_not_change_once_they_answered():
    asked = mapped()
    page = asked.page
    page.map_opens_answers = True
    acts.sow(asked, page, by=None)
    asked.refresh_from_db()
    assert asked.opens_answers
    acts.answer(asked, 1, Stance.AGREE, by=crowd(1)[0])
    page.map_opens_answers = False
    with pytest.raises(PromiseChanged):
        acts.sow(asked, page, by=None)


def test_a_line_that_people_answered_stays_as_it_was():
    asked = mapped()
    page = asked.page
    page.map_seeds = "\n".join([*SEEDS[:9], "Un marché le dimanche."])
    acts.sow(asked, page, by=None)
    standing = Statement.objects.filter(consultation=asked, withdrawn_at=None)
    assert set(standing.values_list("number", flat=True)) == {*range(1, 10), 11}
    acts.answer(asked, 1, Stance.AGREE, by=crowd(1)[0])
    page.map_seeds = "\n".join(SEEDS[1:])
    with pytest.raises(StatementInUse) as refused:
        acts.sow(asked, page, by=None)
    assert "affirmation 1" in str(refused.value)


# --- the pages around --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rest", ["", "resultats/"])
def test_the_pages_ask_as_many_questions_whatever_the_number(rest, client, django_assert_max_num_queries):
    asked = mapped()
    two_camps(asked)
    drawn(asked)
    client.get(carte(asked, rest))
    with django_assert_max_num_queries(12):
        client.get(carte(asked, rest))


def test_ones_own_answers_and_the_files_ask_as_many_questions_whatever_the_number(client):
    asked, user = mapped(), UserFactory()
    client.force_login(user)
    acts.answer(asked, 1, Stance.AGREE, by=participant_of(user))
    for rest in ("mes-reponses/", "affirmations.csv"):
        read(client, carte(asked, rest))
        few = questions(client, carte(asked, rest))
        for place in range(5):
            acts.propose(asked, f"Encore une idée, {rest} {place}.", by=participant_of(user))
        for number in range(2, 9):
            acts.answer(asked, number, Stance.PASS, by=participant_of(user))
        assert questions(client, carte(asked, rest)) == few


def questions(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        read(client, url)
    return len(captured)


def read(client: Client, url: str) -> None:
    answer = client.get(url)
    assert answer.status_code == 200
    if answer.streaming:
        b"".join(answer.streaming_content)


def test_a_consultation_without_a_map_has_no_such_pages(client):
    asked = mapped()
    ConsultationPage.objects.filter(pk=asked.page_id).update(has_map=False)
    for rest in ("", "resultats/", "1/", "proposer/", "affirmations.csv", "reponses.csv", "mes-reponses/"):
        assert client.get(carte(asked, rest)).status_code == 404
    assert "carte/" not in client.get(f"/consultations/{asked.page.slug}/").content.decode()


def test_the_consultation_leads_to_its_map(client):
    asked = mapped()
    page = words(Client().get(f"/consultations/{asked.page.slug}/"))
    assert page.count(carte(asked)) == 2, "a tab, and an invitation while one may answer"
    close(asked)
    assert carte(asked) in client.get(f"/consultations/{asked.page.slug}/resultats/").content.decode()
