"""Rows copied by the thousand are the rows that plain inserts write; what is refused leaves nothing."""

import uuid

import pytest
from django.db import IntegrityError, transaction

import copying
from feedback.models import Fiche, Segment
from journal.models import Entry
from tests.factories import ServiceFactory

pytestmark = pytest.mark.django_db

MANY = copying.FEW + 10


def entries(count):
    return [
        Entry(verb="fiche.placed", subject_type="feedback.fiche", subject_key=str(n), details={"é\t\\N": [n, None]})
        for n in range(count)
    ]


def fiches(count, service):
    return [
        Fiche(reference=f"F-26-{n}", service=service, channel="import", received_on="2025-01-01",
              masked_text=f"Ligne\t{n}\\.\n« fin »", flags=["health"], mask_spans=[{"start": n}],
              idempotency_key=uuid.uuid5(uuid.NAMESPACE_URL, str(n)))
        for n in range(count)
    ]  # fmt: skip


@pytest.mark.parametrize("count", [0, 1, MANY])
def test_few_or_many_rows_are_written_alike(count):
    rows = entries(count)
    copying.insert(rows)
    found = Entry.objects.filter(subject_type="feedback.fiche").order_by("pk")
    assert [(one.subject_key, one.details) for one in found] == [(one.subject_key, one.details) for one in rows]
    assert [one.pk for one in found] == [one.pk for one in rows]
    assert all(one.at for one in found), "what the database fills is left to it"


def test_every_kind_of_column_comes_back_as_it_was():
    service = ServiceFactory()
    rows = fiches(MANY, service)
    copying.insert(rows, ignore_conflicts=True)
    for given, found in zip(rows, Fiche.objects.order_by("pk"), strict=True):
        names = ("reference", "masked_text", "flags", "mask_spans", "idempotency_key", "occurred_on", "office_id")
        assert [getattr(found, name) for name in names] == [getattr(given, name) for name in names]
    fiche = Fiche.objects.first()
    vector = bytes(range(256))
    passages = [
        Segment(fiche=fiche, position=n, start=0, end=4, text="mots", vector=vector, documents=["é,{}"], bands=[-n, n])
        for n in range(MANY)
    ]
    copying.insert(passages)
    for found in Segment.objects.all():
        assert (bytes(found.vector), found.documents) == (vector, ["é,{}"])
        assert found.bands == [-found.position, found.position]


def test_a_row_that_was_there_is_left_as_it_is_or_refuses_the_whole():
    service = ServiceFactory()
    known = fiches(1, service)[0].idempotency_key
    before = Fiche.objects.create(
        reference="F-26-A", channel="web", received_on="2025-01-01", idempotency_key=known, masked_text="avant"
    )
    copying.insert(fiches(MANY, service), ignore_conflicts=True)
    assert Fiche.objects.count() == MANY
    before.refresh_from_db()
    assert before.masked_text == "avant"
    again = fiches(2 * MANY, service)[MANY - 1 :]
    with pytest.raises(IntegrityError), transaction.atomic():
        copying.insert(again)
    assert Fiche.objects.count() == MANY, "none of them"
