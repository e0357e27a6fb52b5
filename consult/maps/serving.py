"""Which statement somebody is shown next: new and uncertain ones first, by a draw of their own (``tally``)."""

from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.crypto import salted_hmac

from consult.models import Consultation, Participant, Statement, StatementAnswer
from tally import next_statement


@dataclass(frozen=True)
class Turn:
    """What comes next for somebody (None: they answered everything), and how far they are."""

    statement: Statement | None
    answered: int
    total: int


def turn(consultation: Consultation, *, person: Participant | None, visitor: str) -> Turn:
    """``visitor``: what a browser is drawn by while nobody is known. Coming back shows the same statement."""
    rows = list(
        standing(consultation, person=person).values_list("pk", "agree_count", "disagree_count", "pass_count", "mine")
    )
    answered = {pk for pk, *_counts, mine in rows if mine is not None}
    counts = {pk: tuple(figures) for pk, *figures, _mine in rows}
    drawn_by = salted_hmac("consult.map.turn", f"person {person.pk}" if person else visitor).hexdigest()
    pk = next_statement(counts, answered=answered, person=drawn_by)
    found = Statement.objects.standing().filter(pk=pk).first() if pk else None
    return Turn(found, len(answered), len(rows))


def standing(consultation: Consultation, *, person: Participant | None) -> QuerySet[Statement]:
    """The statements that everybody may answer, each with what this person answered (``mine``; None: nothing)."""
    given = StatementAnswer.objects.filter(statement=OuterRef("pk"), participant=person and person.pk)
    return (
        Statement.objects.standing()
        .filter(consultation=consultation)
        .annotate(mine=Subquery(given.values("stance")[:1]))
        .order_by("number")
    )
