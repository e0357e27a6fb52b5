"""Who voted and what was voted: nothing leads from one to the other, in the schema, in the rows, on any page."""

import re
from random import Random

import pytest
from django.db import connection
from scipy.stats import spearmanr

from consult.budgets import boxes
from consult.budgets.actions import closing, drafting
from consult.budgets.clock import close_ballots, mix_ballots, remind_of_ballots
from consult.budgets.models import Ballot, BallotDraft, Budget, BudgetPhase, Mark, RollEntry
from consult.budgets.phases import clock
from consult.models import Participant
from journal.models import Entry
from letters.models import Letter
from tests.budgets import world
from tests.budgets.voting import cast, close, closes_in, counts, person

pytestmark = pytest.mark.django_db
VOTERS = 60
committed = pytest.mark.django_db(transaction=True)


def rows(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


# --- the schema ---------------------------------------------------------------------------------------------------


def test_the_two_tables_share_no_column_no_key_and_no_hour():
    def columns(model):
        return {field.column: field for field in model._meta.concrete_fields}

    voters, box = {**columns(Mark), **columns(RollEntry)}, columns(Ballot)
    shared = set(voters) & set(box)
    # The channel and the place are those of thousands: they say how many, never who.
    assert shared == {"id", "budget_id", "envelope_id", "channel"}
    for field in (*voters.values(), *box.values()):
        assert field.get_internal_type() not in ("DateTimeField", "DateField", "TimeField", "BigAutoField", "AutoField")
    assert columns(Mark)["id"].get_internal_type() == columns(Ballot)["id"].get_internal_type() == "UUIDField"
    links = rows(
        "SELECT 1 FROM pg_constraint WHERE contype = 'f' AND"
        " (confrelid = 'budgets_ballot'::regclass OR (conrelid = 'budgets_ballot'::regclass"
        " AND confrelid IN ('budgets_mark'::regclass, 'budgets_rollentry'::regclass)))"
    )
    assert links == []


def test_a_pointer_says_no_hour_and_no_key_in_clear():
    asked = world.ballot()
    cast(asked, person(), 1)
    [[stored]] = rows("SELECT pointer FROM budgets_mark")
    from base64 import urlsafe_b64decode

    token = urlsafe_b64decode(stored)
    assert token[1:9] == bytes(8)  # where Fernet writes the hour
    assert str(Ballot.objects.get().pk) not in stored


# --- the rows -----------------------------------------------------------------------------------------------------


def voted(many=VOTERS):
    """People in a known order, each with their own points: what a ballot says gives away who cast it."""
    asked = world.ballot(100, rules=world.ballot_rules("points", points=10_000))
    envelope = world.envelope_of(asked)
    places = {}
    for place in range(many):
        one = Participant.objects.create(name=f"Personne {place}")
        entry = RollEntry.objects.create(budget=asked, person_key=str(place), participant=one)
        ballot = Ballot.objects.create(
            budget=asked, envelope=envelope, channel="web", choices=[[1, place + 1]], receipt=f"{place:064d}"
        )
        Mark.objects.create(entry=entry, envelope=envelope, channel="web", pointer=str(ballot.pk))
        places[str(entry.pk)] = place
    return asked, places


def in_new_files():
    """What rows of other tests, undone since, left behind are holes that PostgreSQL fills in any order."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE budgets_ballot, budgets_mark, budgets_rollentry CASCADE")


def orders(places):
    """The order of people in a copy of the marks, and of their ballots in a copy of the box: as ``pg_dump`` writes."""
    people = [places[str(row[0])] for row in rows("SELECT entry_id FROM budgets_mark ORDER BY ctid")]
    lines = [int(row[0]) for row in rows("SELECT person_key FROM budgets_rollentry ORDER BY ctid")]
    box = [row[0] - 1 for row in rows("SELECT (choices->0->>1)::int FROM budgets_ballot ORDER BY ctid")]
    return people, lines, box


def correlation(first, second):
    """Between the places of the same person in two copies."""
    return abs(spearmanr([first.index(one) for one in sorted(first)], [second.index(one) for one in sorted(first)])[0])


def test_after_closing_no_order_of_rows_says_anything_and_before_it_did():
    in_new_files()
    asked, places = voted()
    people, lines, box = orders(places)
    # The control: written as people came, the two copies go together line by line.
    assert min(correlation(people, box), correlation(lines, box)) > 0.9
    close(asked)
    closing.close(asked)
    people, lines, box = orders(places)
    assert sorted(people) == sorted(lines) == sorted(box) == list(range(VOTERS))
    limit = 0.55  # sixty random places: beyond it once in a hundred thousand
    assert max(correlation(people, box), correlation(lines, box), correlation(people, lines)) < limit
    came = list(range(VOTERS))
    assert max(correlation(one, came) for one in (people, lines, box)) < limit


def test_while_people_vote_the_box_is_mixed_from_time_to_time():
    in_new_files()
    _asked, places = voted()
    known = set(Ballot.objects.values_list("pk", "receipt"))
    mix_ballots()
    people, _lines, box = orders(places)
    assert correlation(people, box) < 0.55
    assert set(Ballot.objects.values_list("pk", "receipt")) == known  # changing one's vote still finds it
    assert Mark.objects.exclude(pointer="").count() == VOTERS


def test_after_closing_the_keys_are_others_and_pointers_are_gone():
    asked, _places = voted()
    before = {*Ballot.objects.values_list("pk", flat=True), *Mark.objects.values_list("pk", flat=True)}
    close(asked)
    closing.close(asked)
    after = {*Ballot.objects.values_list("pk", flat=True), *Mark.objects.values_list("pk", flat=True)}
    assert len(after) == 2 * VOTERS
    assert not before & after
    assert set(Mark.objects.values_list("pointer", flat=True)) == {""}


@committed
def test_after_closing_rows_do_not_say_which_transaction_wrote_them():
    """``xmin``: the mark and the ballot of one vote were written by one transaction, which reads in a raw copy."""
    asked = world.ballot()
    for number in (1, 2, 3):
        cast(asked, person(), number)
    both = "SELECT count(DISTINCT b.xmin::text) FROM budgets_ballot b JOIN budgets_mark m ON b.xmin = m.xmin"
    assert rows(both) == [(3,)]  # the control
    close(asked)
    close_ballots()
    writers = [rows(f"SELECT DISTINCT xmin::text, xmax::text FROM budgets_{name}") for name in ("ballot", "mark")]
    assert [len(one) for one in writers] == [1, 1]
    assert len(rows("SELECT DISTINCT xmin::text, xmax::text FROM budgets_rollentry")) == 1
    assert Budget.objects.get(pk=asked.pk).sealed_at


def test_closing_touches_no_other_budget_and_every_column_is_kept():
    asked, _places = voted(5)
    other = world.ballot()
    cast(other, person(), 1)
    kept = sorted(Ballot.objects.filter(budget=asked).values_list("receipt", "channel", "choices"))
    close(asked)
    closing.close(asked)
    assert sorted(Ballot.objects.filter(budget=asked).values_list("receipt", "channel", "choices")) == kept
    assert Mark.objects.filter(entry__budget=other).exclude(pointer="").count() == 1


def test_closing_cut_in_the_middle_is_done_again(monkeypatch):
    asked = world.ballot()
    voter = person()
    cast(asked, voter, 1)
    close(asked)
    from django.db import transaction

    def cut(_budget):
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(boxes, "seal", cut)
        with pytest.raises(RuntimeError), transaction.atomic():
            closing.close(asked)
    assert Mark.objects.get().pointer
    assert closing.close(asked)
    first = Budget.objects.get(pk=asked.pk).sealed_at
    assert closing.close(asked)
    assert Budget.objects.get(pk=asked.pk).sealed_at == first
    assert counts(asked) == (1, 1)


def test_an_open_ballot_is_not_closed_and_one_prolonged_is_closed_again():
    asked = world.ballot()
    cast(asked, person(), 1)
    assert closing.close(asked) is False
    close(asked)
    assert closing.close(asked)
    closes_in(asked, world.DAY)
    assert closing.close(asked) is False
    cast(asked, person(), 2)
    close(asked)
    assert closing.close(asked)
    assert not Mark.objects.exclude(pointer="").exists()


def test_nothing_of_a_vote_is_journalled():
    asked = world.ballot()
    before = Entry.objects.count()
    cast(asked, person(), 1)
    assert Entry.objects.count() == before


# --- reminded once ------------------------------------------------------------------------------------------------


def test_who_did_not_cast_is_reminded_once_before_it_closes():
    asked = world.ballot()
    late, cast_already = person(), person()
    for one in (late, cast_already):
        drafting.choose(asked, world.envelope_of(asked), 1, by=one)
    cast(asked, cast_already, 1)
    remind_of_ballots()
    assert not Letter.objects.filter(kind="budgets.not_cast").exists()  # nine days are left
    closes_in(asked, world.DAY)
    remind_of_ballots()
    remind_of_ballots()
    assert Letter.objects.get(kind="budgets.not_cast").address == late.user.email
    assert BallotDraft.objects.get().reminded


# --- no partial result --------------------------------------------------------------------------------------------


def test_no_page_says_how_many_voted_while_people_vote(client):
    """Each address of the budget, as nobody and as somebody who did not vote: the same whatever is in the box."""
    asked = world.ballot()
    slug = asked.page.slug
    voter = person()
    urls = ["/", "/budgets/", f"/budgets/{slug}/", f"/budgets/{slug}/bulletin/", f"/budgets/{slug}/recepisse/"]
    more = re.findall(rf'href="(/budgets/{slug}/[^"#]*)', client.get(f"/budgets/{slug}/").content.decode())

    def read():
        found = {}
        for url in sorted({*urls, *more}):
            answer = client.get(url)
            text = answer.content.decode() if not answer.streaming else ""
            found[url] = answer.status_code, re.sub(r"(nonce|csrf\w*|X-CSRFToken|value|key)\W+[\w-]{20,}", "", text)
        return found

    def seen():
        client.logout()
        as_nobody = read()
        client.force_login(voter.user)
        return as_nobody, read()

    before = seen()
    for number in Random(7).choices(range(1, 7), k=37):
        cast(asked, person(), number)
    assert seen() == before
    assert clock() < BudgetPhase.objects.get(page=asked.page, kind="ballot").closes_at
