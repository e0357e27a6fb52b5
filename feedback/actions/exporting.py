"""Taking tables away: written in the journal before the first row leaves."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from feedback import exports
from feedback.exports import Table
from feedback.models import PainPoint
from journal.actions import record


@transaction.atomic
def export_pain_points(pain_points: QuerySet[PainPoint], *, filters: Sequence[str], by: User) -> Table:
    """The table of these pain points. ``filters`` are the names of those that were on: what was typed is not kept."""
    record("board.exported", by, by=by, pain_points=pain_points.count(), filters=list(filters))
    return exports.table_of_pain_points(pain_points)


@transaction.atomic
def export_passages(pain_point: PainPoint, *, order: str, by: User) -> Table:
    """The table of the masked passages of this pain point."""
    record("pain_point.exported", pain_point, by=by, passages=pain_point.memberships.count())
    return exports.table_of_passages(pain_point, by, order=order)
