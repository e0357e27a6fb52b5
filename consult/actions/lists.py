"""The people whom a list names: brought by an editor as a file, kept as keyed hashes, taken one place a person.

What the file says is an address or a code, one a line. Nobody reads it again: not even those who brought it.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.crypto import salted_hmac

from accounts.models import User
from consult import people
from consult.models import Consultation, ListPlace, Participant
from journal.actions import record

LEAST = 8  # characters of a code: shorter ones are guessed
MOST = 200_000  # places


@dataclass(frozen=True)
class Read:
    """What a file says: ``keys`` to keep, and the numbers of the lines that cannot be read."""

    keys: list[str]
    refused: list[int]


@dataclass(frozen=True)
class Changed:
    added: int
    removed: int
    total: int


def code_key(consultation: Consultation, code: str) -> str:
    """A keyed hash of a code, good for one consultation; spaces, dashes and capitals do not matter."""
    plain = "".join(one for one in code.upper() if one.isalnum())
    return salted_hmac("consult.list", f"{consultation.pk}:{plain}", algorithm="sha256").hexdigest()


def read(consultation: Consultation, text: str) -> Read:
    """One person a line, in the first column: an address, or a code of eight characters at least.

    A first line without digit nor « @ » is a title. Empty lines say nothing; a line twice is one person.
    """
    keys, refused = {}, []
    for number, cells in enumerate(csv.reader(text.lstrip("\ufeff").splitlines(), delimiter=_separator(text)), start=1):
        said = cells[0].strip() if cells else ""
        if not said or (number == 1 and not any(one.isdigit() or one == "@" for one in said)):
            continue
        key = _key(consultation, said)
        if key is None:
            refused.append(number)
        else:
            keys[key] = None
    return Read(list(keys), refused)


def _separator(text: str) -> str:
    first = text.splitlines()[0] if text.strip() else ""
    return max(";,\t", key=first.count)


def _key(consultation: Consultation, said: str) -> str | None:
    if "@" in said:
        try:
            validate_email(said)
        except ValidationError:
            return None
        return people.email_key(said)
    plain = [one for one in said if one.isalnum()]
    return code_key(consultation, said) if len(plain) >= LEAST and len(said) <= 60 else None


@transaction.atomic
def keep(consultation: Consultation, keys: Iterable[str], *, replaces: bool, by: User) -> Changed:
    """Add these places; ``replaces``: those that the file does not name go. Twice changes nothing."""
    wanted, before = list(dict.fromkeys(keys))[:MOST], ListPlace.objects.filter(consultation=consultation)
    removed = before.exclude(key__in=wanted).delete()[0] if replaces else 0
    known = set(before.values_list("key", flat=True))
    rows = [ListPlace(consultation=consultation, key=key, added_by=by) for key in wanted if key not in known]
    ListPlace.objects.bulk_create(rows, batch_size=2000, ignore_conflicts=True)
    if rows or removed:
        record("list.changed", consultation, by=by, added=len(rows), removed=removed)
    return Changed(len(rows), removed, before.count())


@transaction.atomic
def use_code(consultation: Consultation, code: str, *, by: Participant) -> bool:
    """Whether this code gives them a place: known, and nobody else's. Twice by the same person is yes."""
    places = ListPlace.objects.filter(consultation=consultation)
    if places.filter(participant=by).exists():
        return True
    place = places.filter(key=code_key(consultation, code)).values_list("pk", flat=True).first()
    return people.take_place(place, by=by)
