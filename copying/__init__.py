"""Rows of one model written by the thousand, in one COPY: what an import of ten thousand fiches is made of.

PostgreSQL takes a row of COPY several times faster than a row of INSERT, and nobody has to write, then to read, a
statement of ten thousand values. Constraints and triggers see the rows as any others.
"""

from collections.abc import Sequence
from typing import TypeVar

from django.db import connection, models, transaction
from django.db.models.expressions import DatabaseDefault
from psycopg import sql

FEW = 50  # rows that a plain INSERT writes as fast
_TWIN = "copied_rows"
Row = TypeVar("Row", bound=models.Model)


def insert(rows: Sequence[Row], *, ignore_conflicts: bool = False) -> None:
    """Write unsaved rows of one model, whole or not at all; each then has its key.

    With ``ignore_conflicts`` a row that a unique constraint refuses is left out, and no key is known: read them again.
    """
    if len(rows) < FEW:
        if rows:
            type(rows[0])._default_manager.bulk_create(rows, ignore_conflicts=ignore_conflicts)
        return
    with transaction.atomic():
        _number(rows)
        fields = _written(rows)
        if ignore_conflicts:
            _insert_what_is_new(rows, fields)
        else:
            _copy(rows, fields, rows[0]._meta.db_table)
    for row in rows:
        row._state.adding = False
        if ignore_conflicts:
            row.pk = None  # whoever was there before has another one


def _number(rows: Sequence[Row]) -> None:
    """Give each its key, from the sequence of the table."""
    meta = rows[0]._meta
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [connection.ops.quote_name(meta.db_table), meta.pk.column, len(rows)],
        )
        for row, (key,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = key


def _written(rows: Sequence[Row]) -> list[models.Field]:
    """The columns to write: those that the database fills for every row are left to it."""
    fields = [field for field in rows[0]._meta.concrete_fields if not field.generated]
    return [
        field
        for field in fields
        if not (field.has_db_default() and all(_is_left(getattr(row, field.attname)) for row in rows))
    ]


def _is_left(value: object) -> bool:
    return isinstance(value, DatabaseDefault)


def _copy(rows: Sequence[Row], fields: Sequence[models.Field], table: str) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), _names(fields))
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row([_value(row, field) for field in fields])


def _names(fields: Sequence[models.Field]) -> sql.Composable:
    return sql.SQL(", ").join(sql.Identifier(field.column) for field in fields)


def _value(row: Row, field: models.Field) -> object:
    value = field.pre_save(row, add=True)
    return None if value is None else field.get_db_prep_save(value, connection)


def _insert_what_is_new(rows: Sequence[Row], fields: Sequence[models.Field]) -> None:
    meta = rows[0]._meta
    table, twin, names = sql.Identifier(meta.db_table), sql.Identifier(_TWIN), _names(fields)
    key = sql.Identifier(meta.pk.column)
    with connection.cursor() as cursor:
        made = "CREATE TEMPORARY TABLE {} ON COMMIT DROP AS SELECT {} FROM {} WITH NO DATA"
        cursor.execute(sql.SQL(made).format(twin, names, table).as_string())
        _copy(rows, fields, _TWIN)
        statement = "INSERT INTO {} ({}) SELECT {} FROM {} ORDER BY {} ON CONFLICT DO NOTHING"
        cursor.execute(sql.SQL(statement).format(table, names, names, twin, key).as_string())
        cursor.execute(sql.SQL("DROP TABLE {}").format(twin).as_string())
