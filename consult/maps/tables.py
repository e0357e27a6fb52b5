"""The open data of a map: its statements, and every answer under names that mean nothing.

The file of answers is what ``manage.py opinion_map`` reads: it gives the fingerprint and the groups of the page again.
It holds no date, no order of arrival and nothing of who people are; ``reading.files_open`` says when it is given: the
editor chose so before anybody answered, everybody was told, taking part is over.
"""

from django.utils.translation import gettext_lazy as _

from consult.exports import Column, Table
from consult.maps import answers
from consult.models import Consultation, Statement

AT_ONCE = 500


def statements(consultation: Consultation, *, with_counts: bool) -> Table:
    """One row a statement that stands; its counts once the map may be read."""
    rows = Statement.objects.standing().filter(consultation=consultation).order_by("number")
    columns = [
        Column("statement", "integer", _("Number of the statement, never used again."), lambda one: one.number),
        Column("text", "string", _("Its text."), lambda one: one.text),
        Column("author", "string", _("administration, or participant."), _kind),
    ]
    counts = [
        Column("agree", "integer", _("People who agree."), lambda one: one.agree_count),
        Column("disagree", "integer", _("People who disagree."), lambda one: one.disagree_count),
        Column("pass", "integer", _("People who passed."), lambda one: one.pass_count),
    ]
    return Table([*columns, *(counts if with_counts else [])], rows.iterator(chunk_size=AT_ONCE))


def answers_given(consultation: Consultation) -> Table:
    """One row an answer, by person then statement."""
    votes = answers.votes_of(consultation)
    triples = zip(votes.person.tolist(), votes.statement.tolist(), votes.answer.tolist(), strict=True)
    columns = [
        Column("participant", "integer", _("A person; the number means nothing."), lambda row: votes.people[row[0]]),
        Column("statement", "integer", _("Number of the statement."), lambda row: votes.statements[row[1]]),
        Column("vote", "integer", _("1: agree, 0: pass, -1: disagree."), lambda row: row[2]),
    ]
    return Table(columns, triples)


def _kind(one: Statement) -> str:
    return "administration" if one.author_id is None else "participant"
