"""The ballot box as the database keeps it: rewritten in a random order, so that the order of its rows says nothing.

A row tells more than its columns: where it stands in the table, and which transaction wrote it (``xmin``). The ballot
and the mark of one person are written by one transaction. Rewriting a table gives all its rows one transaction and an
order drawn by PostgreSQL's cryptographic generator. ``docs/decisions/0007`` says what is protected, and when.
"""

from django.db import connection
from django.db.models import Model

from consult.budgets.models import Ballot, BallotDraft, Budget, KioskDraft, KioskPass, Mark, PaperSheet, RollEntry

_OF_THE_BUDGET = {
    Ballot: "budget_id = %s",
    Mark: "entry_id IN (SELECT id FROM budgets_rollentry WHERE budget_id = %s)",
    RollEntry: "budget_id = %s",
}


def mix(budget: Budget) -> None:
    """The ballots in another order, under the same keys. The caller is alone (``phases.alone``)."""
    _rewrite(Ballot, budget, {})


def seal(budget: Budget) -> None:
    """Pointers go; ballots and marks receive other keys, and the three tables another order. The caller is alone.

    Other keys: an old copy of the base, with its pointers, no longer leads to a ballot by its key.
    """
    new = "gen_random_uuid()"
    _rewrite(Mark, budget, {"id": new, "pointer": "''"})
    _rewrite(Ballot, budget, {"id": new})
    _rewrite(RollEntry, budget, {})


def _rewrite(model: type[Model], budget: Budget, said: dict[str, str]) -> None:
    """Each row is taken out and put back, whatever columns the table has. ``said``: what some of them become."""
    names = [field.column for field in model._meta.concrete_fields]
    columns, values = ", ".join(names), ", ".join(said.get(name, name) for name in names)
    table, where = model._meta.db_table, _OF_THE_BUDGET[model]
    statement = (
        f"WITH gone AS (DELETE FROM {table} WHERE {where} RETURNING *)"  # noqa: S608  (names of ours, no value)
        f" INSERT INTO {table} ({columns}) SELECT {values} FROM gone ORDER BY gen_random_uuid()"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [budget.pk])


def sweep() -> None:
    """The space of rows that are gone is given back: nothing of their order is left in the files of the base.

    Outside any transaction.
    """
    with connection.cursor() as cursor:
        for model in (*_OF_THE_BUDGET, BallotDraft, KioskPass, KioskDraft, PaperSheet):
            cursor.execute(f"VACUUM {model._meta.db_table}")
