"""Writing the journal."""

from typing import Any

from django.db import models

from journal.models import Entry

_sentences: dict[str, Any] = {}


class UndeclaredVerb(Exception):
    """A verb that no package declared in its ``apps.py``."""


def declare(verbs: dict[str, Any]) -> None:
    """Add the acts of a package: verb → what people read, translated. Called from ``AppConfig.ready``."""
    _sentences.update(verbs)


def sentence_of(verb: str) -> str:
    return str(_sentences[verb])


def record(verb: str, subject: models.Model, *, by: models.Model | None, **details: Any) -> Entry:
    """Write one line in the caller's transaction; ``by`` is None when the machine acts.

    ``details`` must be JSON and hold no personal data. Raises ``UndeclaredVerb``.
    """
    if verb not in _sentences:
        raise UndeclaredVerb(verb)
    return Entry.objects.create(
        verb=verb,
        actor_key=by.pk if by else None,
        actor_name=str(by) if by else "",
        subject_type=subject._meta.label_lower,
        subject_key=str(subject.pk),
        details=details,
    )
