"""What may stand around a proposition, asked at once: pages then ask only for what there is.

It says that rows exist, not that somebody may read them: each reading goes through its policy all the same.
"""

from django.db import connection

from consult.models import Proposition

_AROUND = {
    "sources": "SELECT FROM consult_referencelink WHERE proposition_id = %(key)s",
    "files": "SELECT FROM consult_attachment WHERE proposition_id = %(key)s",
    "merged": "SELECT FROM consult_proposition WHERE merged_into_id = %(key)s",
    "decisions": "SELECT FROM consult_decision WHERE proposition_id = %(key)s AND publication_id IS NOT NULL",
    "citations": "SELECT FROM consult_citation WHERE proposition_id = %(key)s",
    "merges": "SELECT FROM consult_mergesource WHERE proposition_id = %(key)s"
    " UNION ALL SELECT FROM consult_merge WHERE into_id = %(key)s",
}
_ASKED = "SELECT " + ", ".join(f"EXISTS ({rows})" for rows in _AROUND.values())


def of_proposition(proposition: Proposition) -> frozenset[str]:
    """The names of ``_AROUND`` that have a row, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_ASKED, {"key": proposition.pk})
        return frozenset(name for name, exists in zip(_AROUND, cursor.fetchone(), strict=True) if exists)
