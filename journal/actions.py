"""Writing the journal."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models

import copying
from journal.models import Entry

_sentences: dict[str, Any] = {}
_moment: ContextVar[datetime | None] = ContextVar("journal_moment", default=None)


class UndeclaredVerb(Exception):
    """A verb that no package declared in its ``apps.py``."""


def declare(verbs: dict[str, Any]) -> None:
    """Add the acts of a package: verb → what people read, translated. Called from ``AppConfig.ready``."""
    _sentences.update(verbs)


@contextmanager
def dated(moment: datetime) -> Iterator[None]:
    """Lines written inside bear this date: the past of a demo town, and of nothing else (``DEMO_ALLOWED``)."""
    if not settings.DEMO_ALLOWED:
        raise RuntimeError("only a demo may write lines of the past")
    token = _moment.set(moment)
    try:
        yield
    finally:
        _moment.reset(token)


def sentence_of(verb: str) -> str:
    return str(_sentences[verb])


def record(verb: str, subject: models.Model, *, by: models.Model | None, **details: Any) -> Entry:
    """Write one line in the caller's transaction; ``by`` is None when the machine acts.

    ``details`` must be JSON and hold no personal data. Raises ``UndeclaredVerb``.
    """
    entry = _entry(verb, subject, by, details)
    entry.save(force_insert=True)
    return entry


def record_all(verb: str, told: Iterable[tuple[models.Model, dict[str, Any]]], *, by: models.Model | None) -> None:
    """One line per subject and its details, written together: the same as ``record`` for each, many times faster."""
    copying.insert([_entry(verb, subject, by, details) for subject, details in told])


def _entry(verb: str, subject: models.Model, by: models.Model | None, details: dict[str, Any]) -> Entry:
    if verb not in _sentences:
        raise UndeclaredVerb(verb)
    moment = _moment.get()
    return Entry(
        **({"at": moment} if moment else {}),
        verb=verb,
        actor_key=by.pk if by else None,
        actor_name=str(by) if by else "",
        subject_type=subject._meta.label_lower,
        subject_key=str(subject.pk),
        details=details,
    )
