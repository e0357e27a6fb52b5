"""The chain: each seal's hash covers the previous one and the entry, so that no line changes or leaves unseen.

hash = SHA-256(previous hash + canonical JSON of the entry), in hexadecimal; the first seal follows 64 zeros.
Whoever can rewrite the whole database can rewrite the whole chain: keep its head elsewhere. ``verify_journal``
prints the head and, given with ``--expect``, checks it.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, timedelta

from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from journal.models import Entry, Seal

GENESIS = "0" * 64
BATCH = 1000
SEALING_LOCK = 0x0CA11E02
MAY_WAIT = timedelta(minutes=10)


def seal() -> int:
    """Chain every entry committed so far and not sealed yet, in the order of their ids; how many.

    Two sealings at once: the second waits for the first, then chains what is left.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEALING_LOCK])
        entries = list(Entry.objects.filter(seal=None).order_by("pk"))
        last = Seal.objects.order_by("number").last()
        first, link = (last.number + 1, last.hash) if last else (1, GENESIS)
        seals = []
        for number, entry in enumerate(entries, start=first):
            link = digest(link, entry)
            seals.append(Seal(number=number, entry=entry, hash=link))
        Seal.objects.bulk_create(seals, batch_size=BATCH)
    return len(seals)


def digest(previous: str, entry: Entry) -> str:
    """The hash of an entry that follows ``previous``."""
    return hashlib.sha256((previous + canonical(entry)).encode()).hexdigest()


def canonical(entry: Entry) -> str:
    """The entry as JSON that any program can write again: sorted keys, no spaces, times in UTC with microseconds."""
    fields = {
        "id": entry.pk,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "verb": entry.verb,
        "actor_key": entry.actor_key,
        "actor_name": entry.actor_name,
        "subject_type": entry.subject_type,
        "subject_key": entry.subject_key,
        "details": entry.details,
    }
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def verify(*, expect: tuple[int, str] | None = None) -> list[str]:
    """The faults of the journal, a sentence each; an empty list when all is well.

    ``expect`` is a seal noted earlier (number, hash): it proves that the chain was not rewritten since.
    """
    faults = [*_broken_links(), *_never_sealed()]
    if expect and not Seal.objects.filter(number=expect[0], hash=expect[1]).exists():
        faults.append(
            _("Seal %(number)d is not the one noted earlier: the chain was rewritten.") % {"number": expect[0]}
        )
    return faults


def head() -> tuple[int, str]:
    """The number and hash of the last seal."""
    return Seal.objects.order_by("number").values_list("number", "hash").last() or (0, GENESIS)


def _broken_links() -> Iterator[str]:
    previous_number, previous_hash = 0, GENESIS
    for seal, entry in _links():
        if seal.number != previous_number + 1:
            yield _("Seal %(number)d is missing.") % {"number": previous_number + 1}
        elif entry is None:
            yield _("Entry %(entry)d is missing.") % {"entry": seal.entry_id}
        elif seal.hash != digest(previous_hash, entry):
            yield _("Entry %(entry)d was changed, or its seal %(number)d.") % {
                "entry": seal.entry_id,
                "number": seal.number,
            }
        previous_number, previous_hash = seal.number, seal.hash


def _links() -> Iterator[tuple[Seal, Entry | None]]:
    """Every seal in order with its entry, or None: a plain join would hide the missing ones."""
    last = -1
    while seals := list(Seal.objects.filter(number__gt=last).order_by("number")[:BATCH]):
        entries = Entry.objects.in_bulk([seal.entry_id for seal in seals])
        for seal in seals:
            yield seal, entries.get(seal.entry_id)
        last = seals[-1].number


def _never_sealed() -> Iterator[str]:
    late = Entry.objects.filter(seal=None, at__lt=Now() - MAY_WAIT).order_by("pk")
    for key in late.values_list("pk", flat=True)[:BATCH]:
        yield _("Entry %(entry)d has waited for its seal for more than ten minutes.") % {"entry": key}
