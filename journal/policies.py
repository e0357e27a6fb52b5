"""What a page may show of the journal. The page has already judged who may see its subject."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from journal.actions import sentence_of
from journal.models import Entry


@dataclass(frozen=True, slots=True)
class Line:
    """One act as people read it. ``who`` is never empty: the machine has a name."""

    who: str
    sentence: str
    when: datetime
    details: dict[str, Any]


def history_of(subject: models.Model, *, limit: int = 200) -> list[Line]:
    """What was done to this row, the latest first; one query."""
    entries = Entry.objects.filter(subject_type=subject._meta.label_lower, subject_key=str(subject.pk))
    return [
        Line(
            who=entry.actor_name or _("The machine"),
            sentence=sentence_of(entry.verb),
            when=entry.at,
            details=entry.details,
        )
        for entry in entries.order_by("-pk")[:limit]
    ]
