"""A prepared question gives what its queryset gives; its SQL is written once."""

import pytest
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Upper
from django.db.models.sql.compiler import SQLCompiler

from accounts.models import Role, User
from prepared import Given, Prepared
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def asked():
    roles = Role.objects.filter(user=OuterRef("pk"), kind=Given("kind"))
    rows = User.objects.annotate(has_role=Exists(roles), loud=Upper(F("name")))
    return rows.filter(name__in=["Léa", "100 %"], pk__gt=Given("after")).defer("password").order_by("-pk")


def test_the_same_rows_as_the_queryset_with_what_it_adds_and_leaves_out():
    first, second = UserFactory(name="Léa"), UserFactory(name="100 %")
    UserFactory(name="Paul")
    question = Prepared(asked)
    found = question.rows(after=0, kind="editor")
    assert [(one.pk, one.loud, one.has_role) for one in found] == [
        (second.pk, "100 %", False),
        (first.pk, "LÉA", False),
    ]
    assert found[0].get_deferred_fields() == {"password"}
    assert question.first(after=first.pk, kind="editor") == second
    assert question.first(after=second.pk, kind="editor") is None
    with pytest.raises(KeyError):
        question.rows(after=0)


def test_its_sql_is_written_once(monkeypatch):
    written = []
    write = SQLCompiler.as_sql
    monkeypatch.setattr(
        SQLCompiler, "as_sql", lambda self, *given, **more: written.append(1) or write(self, *given, **more)
    )
    question = Prepared(lambda: User.objects.filter(name=Given("name")))
    for name in ("Léa", "Paul", "Léa"):
        assert question.rows(name=name) == []
    assert len(written) == 1


def test_rows_of_several_models_are_refused():
    with pytest.raises(ValueError, match="annotate"):
        Prepared(lambda: Role.objects.select_related("user")).rows()
