"""A sheet, a ballot and a voter: nothing leads from one to the other, in the schema, in the rows, in a dump."""

import json

import pytest
from scipy.stats import spearmanr

from consult.budgets import boxes
from consult.budgets.actions import batches, registering
from consult.budgets.models import Ballot, DeskDay, Mark, PaperBatch, PaperSheet, RollEntry
from journal.models import Entry
from tests.budgets import paper
from tests.budgets.test_ballot_secrecy import in_new_files, rows
from tests.budgets.voting import cast, close, person

SHEETS = 40
pytestmark = pytest.mark.django_db


def test_the_tables_of_paper_share_no_key_and_no_hour_with_marks_nor_ballots():
    timed = ("DateTimeField", "TimeField")
    for model in (PaperBatch, PaperSheet, DeskDay):
        fields = model._meta.concrete_fields
        assert not [field for field in fields if field.get_internal_type() in timed]
        leads_to = {field.related_model for field in fields if field.is_relation}
        assert not leads_to & {Ballot, Mark, RollEntry}
    for table in ("ballot", "mark", "rollentry"):
        found = rows(
            "SELECT 1 FROM pg_constraint WHERE contype = 'f' AND "
            f"(conrelid = 'budgets_{table}'::regclass AND confrelid IN"
            " ('budgets_paperbatch'::regclass, 'budgets_papersheet'::regclass)"
            f" OR confrelid = 'budgets_{table}'::regclass AND conrelid IN"
            " ('budgets_paperbatch'::regclass, 'budgets_papersheet'::regclass, 'budgets_deskday'::regclass))"
        )
        assert found == []


def pointed():
    """People marked one by one; their sheets in the same order: each says whose it is."""
    asked = paper.ballot(100, kind="points", points=10_000)
    paper.marked(asked, SHEETS)
    batch = paper.batch(asked, SHEETS)
    lines = [f"1*{place + 1}" for place in range(SHEETS)]
    for by in (paper.clerk(), paper.clerk()):
        paper.keyed(batch, lines, by=by)
    return asked, batch


def order():
    return [row[0] - 1 for row in rows("SELECT (choices->0->>1)::int FROM budgets_ballot ORDER BY ctid")]


def correlation(found):
    return abs(spearmanr(range(SHEETS), found)[0])


def test_the_order_of_a_stack_is_lost_when_its_ballots_go_to_the_box(monkeypatch):
    in_new_files()
    asked, batch = pointed()
    with monkeypatch.context() as patched:  # the control: written as they were keyed
        patched.setattr(batches.SystemRandom, "shuffle", lambda _self, _all: None)
        patched.setattr(batches.boxes, "mix", lambda _budget: None)
        batches.close(batch, by=paper.clerk())
    assert correlation(order()) > 0.9  # PostgreSQL may put a row on the page before
    boxes.mix(asked)
    assert correlation(order()) < 0.7
    other, batch = pointed()
    Ballot.objects.filter(budget=asked).delete()
    batches.close(batch, by=paper.clerk())
    assert sorted(order()) == list(range(SHEETS))
    assert correlation(order()) < 0.7  # forty random places: beyond it once in a hundred thousand
    assert not PaperSheet.objects.filter(batch__budget=other).exists()


@pytest.mark.django_db(transaction=True)
def test_the_rows_of_a_batch_are_written_like_all_others_of_the_box():
    """``xmin`` and the place in the table tell neither the batch nor the way."""
    asked = paper.ballot()
    for _each in range(6):
        said, voter = paper.somebody(), person()
        registering.register(asked, said, by=voter)
        cast(asked, voter, 1)
    paper.boxed(asked, ["1", "2", "3"])
    assert len(rows("SELECT DISTINCT xmin::text FROM budgets_ballot")) == 1
    assert rows("SELECT count(*) FROM budgets_papersheet") == [(0,)]


def test_a_dump_says_neither_what_a_sheet_said_nor_who_was_marked_when():
    asked, batch = pointed()
    batches.close(batch, by=paper.clerk())
    close(asked)
    tables = ("paperbatch", "papersheet", "deskday")
    dump = json.dumps([rows(f"SELECT row_to_json(t) FROM budgets_{table} t") for table in tables])
    assert "choices" not in dump
    keys = [str(one) for model in (Ballot, Mark, RollEntry) for one in model.objects.values_list("pk", flat=True)]
    assert len(keys) == 3 * SHEETS
    assert not [one for one in keys if one in dump]
    told = list(Entry.objects.filter(verb__startswith="batch.").values_list("details", flat=True))
    assert {name for one in told for name in one} <= {"batch", "announced", "settled"}
    assert not any(str(key) in json.dumps(told) for key in keys)
    assert rows("SELECT sum(marks) FROM budgets_deskday") == [(SHEETS,)]
