"""Tying a contribution to its case, in the database: for the migrations of the rooms."""

from django.db.migrations import RunSQL


def shown_as_judged(table: str) -> RunSQL:
    """``table.is_shown`` can only be what the case of the row says, and follows it in the same statement."""
    return RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_is_shown_as_judged FOREIGN KEY (case_id, is_shown)"
        " REFERENCES moderation_case (id, is_shown) ON UPDATE CASCADE DEFERRABLE INITIALLY IMMEDIATE",
        f"ALTER TABLE {table} DROP CONSTRAINT {table}_is_shown_as_judged",
    )
