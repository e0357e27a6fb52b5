"""Everything kept about one fiche, for the person who filed it."""

from typing import Any

from django.db.models import Q

from accounts.models import User
from feedback.models import Fiche
from journal.actions import sentence_of
from journal.models import Entry
from letters.models import Letter

FICHE = (
    "reference",
    "channel",
    "received_on",
    "created_at",
    "occurred_on",
    "step",
    "satisfaction",
    "language",
    "wants_answer",
    "masked_text",
    "mask_spans",
    "mask_version",
    "flags",
    "state",
    "state_changed_at",
    "dismissed_reason",
    "placed_at",
)
ORIGINAL = ("text", "contact_email", "contact_phone", "postal_name", "on_behalf_of", "purge_on", "erased_at")
LETTER = ("kind", "channel", "address", "language", "state", "promised_at", "sent_at")


def everything_about(fiche: Fiche) -> dict[str, Any]:
    """Values as they are stored, decrypted; names of columns as keys. Nothing about anybody else."""
    return {
        **_values(fiche, FICHE),
        "service": str(fiche.service or ""),
        "office": str(fiche.office or ""),
        "account": fiche.author.email if fiche.author else "",
        "original": _values(fiche.original, ORIGINAL),
        "passages": list(fiche.segments.values("position", "start", "end", "text", "documents")),
        "pain_points": list(
            fiche.segments.filter(membership__isnull=False).values_list("membership__pain_point", flat=True)
        ),
        "answers": [
            _values(received.answer, ("outcome", "changes", "does_not_change", "planned_for", "created_at"))
            for received in fiche.answers_received.select_related("answer")
        ],
        "follow_ups": list(fiche.follow_ups.values("asked_at", "reply", "text", "replied_at")),
        "letters": [_values(letter, LETTER) for letter in letters_about(fiche)],
        "history": [{"at": entry.at, "act": sentence_of(entry.verb)} for entry in _history(fiche)],
    }


def copy_for(user: User) -> list[dict[str, Any]]:
    """The fiches filed from this account, for the copy that its holder asks for."""
    fiches = Fiche.objects.filter(author=user).select_related("service", "office", "author", "original").order_by("pk")
    return [everything_about(fiche) for fiche in fiches]


def letters_about(fiche: Fiche):
    """The letters promised to its author, whatever became of them."""
    return Letter.objects.filter(
        Q(kind="feedback.receipt", key=fiche.pk)
        | Q(kind="feedback.answer", key__in=fiche.answers_received.values("pk"))
        | Q(kind="feedback.follow_up", key__in=fiche.follow_ups.values("pk"))
    )


def _history(fiche: Fiche):
    return Entry.objects.filter(subject_type=fiche._meta.label_lower, subject_key=str(fiche.pk))


def _values(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
