"""A database put back as it was after a test that commits, without copying it whole again.

A copy creates two thousand files: more than a CPU second here. Putting back empties what was empty, and writes again
what is not as it was; triggers and keys sleep meanwhile. Nothing is guessed: every table, every sequence and the whole
schema are looked at each time.
"""

from dataclasses import dataclass

import psycopg
from psycopg import sql

_TABLES = """
SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY 1, 2"""
_SCHEMA = """
SELECT md5(string_agg(what, ' ' ORDER BY what)) FROM (
  SELECT concat_ws(',', 'c', oid, relname, relkind) AS what FROM pg_class WHERE oid >= 16384 AND relkind <> 't'
  UNION ALL SELECT concat_ws(',', 'a', attrelid, attnum, attname, atttypid, attnotnull) FROM pg_attribute
    WHERE attrelid >= 16384
  UNION ALL SELECT concat_ws(',', 'k', oid, conname, convalidated) FROM pg_constraint WHERE oid >= 16384
  UNION ALL SELECT concat_ws(',', 't', oid, tgname, tgenabled) FROM pg_trigger WHERE oid >= 16384
  UNION ALL SELECT concat_ws(',', 'p', oid, md5(prosrc)) FROM pg_proc WHERE oid >= 16384
) AS everything"""
_ALONE = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()"""
_MAY = "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"  # triggers sleep for superusers alone
_SEQUENCES = "SELECT schemaname, sequencename, start_value, last_value FROM pg_sequences"
_LARGE = 4_000_000  # bytes: rows deleted leave holes behind them

Table = tuple[str, str]


@dataclass(frozen=True)
class Kept:
    """What a database holds: its schema in a hash, the rows of tables that have some, where sequences are."""

    schema: str
    rows: dict[Table, bytes]
    hashes: dict[Table, str]
    empty: list[Table]
    sequences: dict[Table, tuple[int, int | None]]


def remember(server: psycopg.Connection) -> Kept:
    """``server``: connected to the database, committing by itself."""
    tables = server.execute(_TABLES).fetchall()
    full = _with_rows(server, tables)
    return Kept(
        schema=_schema(server),
        rows={table: _copy_out(server, table) for table in full},
        hashes={table: _hash(server, table) for table in full},
        empty=[table for table in tables if table not in full],
        sequences=_sequences(server),
    )


def put_back(server: psycopg.Connection, kept: Kept) -> bool:
    """Whether everything is as it was kept. False, and nothing is touched: copy the database again.

    Whoever is still connected is sent away first.
    """
    server.execute(_ALONE)
    if not server.execute(_MAY).fetchone()[0] or _schema(server) != kept.schema:
        return False
    changed = [table for table, was in kept.hashes.items() if _hash(server, table) != was]
    changed += _with_rows(server, kept.empty)
    if any(_size(server, table) > _LARGE for table in changed):
        return False
    with server.transaction():
        server.execute("SET LOCAL session_replication_role = replica")
        for table in changed:
            server.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(*table)))
            if table in kept.rows:
                _copy_in(server, table, kept.rows[table])
        for sequence, (start, last) in _sequences(server).items():
            if kept.sequences[sequence] != (start, last):
                _set(server, sequence, *kept.sequences[sequence])
    _sweep(server, changed)
    return True


def _sweep(server: psycopg.Connection, tables: list[Table]) -> None:
    """Rows deleted leave no hole: tests of secrecy look at where a row lies."""
    if tables:
        names = sql.SQL(", ").join(sql.Identifier(*table) for table in tables)
        server.execute(sql.SQL("VACUUM (TRUNCATE, INDEX_CLEANUP ON, PARALLEL 0) {}").format(names))


def _schema(server: psycopg.Connection) -> str:
    return server.execute(_SCHEMA).fetchone()[0]


def _with_rows(server: psycopg.Connection, tables: list[Table]) -> list[Table]:
    if not tables:
        return []
    asked = [sql.SQL("EXISTS (SELECT FROM {})").format(sql.Identifier(*table)) for table in tables]
    found = server.execute(sql.SQL("SELECT ARRAY[{}]").format(sql.SQL(", ").join(asked))).fetchone()[0]
    return [table for table, has_rows in zip(tables, found, strict=True) if has_rows]


def _hash(server: psycopg.Connection, table: Table) -> str | None:
    rows = sql.SQL("SELECT md5(string_agg(one::text, ' ' ORDER BY one::text)) FROM {} AS one")
    return server.execute(rows.format(sql.Identifier(*table))).fetchone()[0]


def _size(server: psycopg.Connection, table: Table) -> int:
    return server.execute(
        sql.SQL("SELECT pg_relation_size({}::regclass)").format(sql.Literal(sql.Identifier(*table).as_string(server)))
    ).fetchone()[0]


def _copy_out(server: psycopg.Connection, table: Table) -> bytes:
    with server.cursor() as cursor, cursor.copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(*table))) as copy:
        return b"".join(bytes(part) for part in copy)


def _copy_in(server: psycopg.Connection, table: Table, rows: bytes) -> None:
    with server.cursor() as cursor, cursor.copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(*table))) as copy:
        copy.write(rows)


def _sequences(server: psycopg.Connection) -> dict[Table, tuple[int, int | None]]:
    return {(schema, name): (start, last) for schema, name, start, last in server.execute(_SEQUENCES)}


def _set(server: psycopg.Connection, sequence: Table, start: int, last: int | None) -> None:
    name = sql.Identifier(*sequence).as_string(server)
    server.execute("SELECT setval(%s::regclass, %s, %s)", [name, start if last is None else last, last is not None])
