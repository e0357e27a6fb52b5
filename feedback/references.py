"""The number people keep (``F-26-0412-7K``) and the key that opens what stands behind it.

A reference is F, the year, a number from a sequence, one random character and one check character (ISO 7064
MOD 37-2: every wrong character and every swap of two neighbours is caught). The two last characters are never
0, 1, I, L or O. The tracking key is derived, never stored: who holds the reference alone opens nothing.
"""

import re
import secrets

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from stdnum.iso7064 import mod_37_2

from feedback.errors import RuleBroken
from feedback.models import Fiche

CLEAR = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that one mistakes for another, typed or read aloud
KEY_LENGTH = 8
SHAPE = re.compile(r"F(?P<year>\d{2})(?P<number>\d{1,12})(?P<end>[0-9A-Z]{2})", re.ASCII)
DIGITS = str.maketrans("OIL", "011")


class MistypedReference(RuleBroken):
    """What was typed cannot be a reference: a character is missing, wrong or swapped."""

    def __init__(self) -> None:
        super().__init__(_("This number has a typing mistake. It looks like F-26-0412-7K."))


def new_reference() -> str:
    """A reference nobody holds yet. Gaps in the numbers mean nothing: a sequence never waits."""
    return new_references(1)[0]


def new_references(count: int) -> list[str]:
    """So many of them, in one query."""
    year = timezone.localdate().year % 100
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('feedback_reference_seq') FROM generate_series(1, %s)", [count])
        return [compose(year, number) for (number,) in cursor.fetchall()]


def compose(year: int, number: int) -> str:
    """The reference of this number, with a random character drawn so that the check character is clear too."""
    stem = f"F{year:02}{number:04}"
    drawn = (stem + character for character in iter(lambda: secrets.choice(CLEAR), None))
    body = next(body for body in drawn if mod_37_2.calc_check_digit(body) in CLEAR)
    return f"F-{year:02}-{number:04}-{body[-1]}{mod_37_2.calc_check_digit(body)}"


def normalise(typed: str) -> str:
    """The reference as we write it, from what people type: lower case, spaces, no dash, O for 0, no F.

    Raises ``MistypedReference`` when it cannot be one. Whether a fiche bears it is another question.
    """
    compact = re.sub(r"[\W_]", "", typed[:60]).upper()
    compact = compact if compact.startswith("F") else f"F{compact}"
    match = SHAPE.fullmatch(compact[:1] + compact[1:-2].translate(DIGITS) + compact[-2:])
    if match is None:
        raise MistypedReference
    year, number, end = match["year"], match["number"].zfill(4), match["end"]
    if not mod_37_2.is_valid(f"F{year}{number}{end}"):
        raise MistypedReference
    return f"F-{year}-{number}-{end}"


def tracking_key(fiche: Fiche) -> str:
    """Eight clear characters that only this fiche's author was given."""
    return _derived(fiche.reference, settings.SECRET_KEY)


def is_tracking_key(fiche: Fiche | None, key: str) -> bool:
    """Whether ``key`` opens this fiche. Takes as long, and answers no, when there is no fiche."""
    reference = fiche.reference if fiche else ""
    typed = re.sub(r"[\W_]", "", key[:60]).upper()
    secrets_of_ours = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    fits = [constant_time_compare(typed, _derived(reference, secret)) for secret in secrets_of_ours]
    return fiche is not None and any(fits)


def _derived(reference: str, secret: str) -> str:
    digest = salted_hmac("feedback.tracking_key", reference, secret=secret, algorithm="sha256").digest()
    number = int.from_bytes(digest)
    return "".join(CLEAR[number // len(CLEAR) ** rank % len(CLEAR)] for rank in range(KEY_LENGTH))
