"""The receipt of a ballot: a code shown once, and its hash beside the ballot, published after closing.

``SHA-256(code without dashes + canonical ballot)``: whoever has the code finds their ballot in the published list, and
nobody else can tell which it is. The code is never written: it is drawn from the key of the form that was sent, so that
the same form sent twice gives the same code.
"""

import hashlib
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Func, TextField, Value
from django.db.models.functions import Cast, Concat
from django.utils.crypto import salted_hmac

from consult.budgets.models import Ballot, Budget, Envelope, Mark, RollEntry
from consult.budgets.papers import Choices, written

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U
LENGTH = 12  # of 5 bits
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})


class _Sha256(Func):
    """PostgreSQL's own: Django's asks for an extension."""

    template = "ENCODE(SHA256(CONVERT_TO(%(expressions)s, 'UTF8')), 'hex')"
    output_field = TextField()


@dataclass(frozen=True)
class Found:
    """The ballot of a code, as it is in the box."""

    envelope: Envelope
    choices: Choices


def code_of(entry: RollEntry, envelope: Envelope, choices: Choices, *, key: UUID) -> str:
    """« V9QK27TMXE4D »: the same for the same form sent again."""
    said = f"{entry.pk}:{envelope.pk}:{key}:{written(choices)}"
    drawn = int.from_bytes(salted_hmac("budgets.receipt", said, algorithm="sha256").digest())
    return "".join(ALPHABET[(drawn >> (5 * place)) % 32] for place in range(LENGTH))


def shown(code: str) -> str:
    """« V9QK-27TM-XE4D »."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def read(typed: str) -> str:
    """The code in what somebody copied from paper; "" when it cannot be one."""
    plain = "".join(one for one in typed.upper() if one.isalnum()).translate(_READ_AS)
    return plain if len(plain) == LENGTH and set(plain) <= set(ALPHABET) else ""


def hashed(code: str, choices: Choices) -> str:
    """What stands beside the ballot, and in the published list."""
    return hashlib.sha256((code + written(choices)).encode()).hexdigest()


def stamp(mark: Mark | None) -> str:
    """What a page says of the ballot it was made from: another once the ballot is changed; "" for none."""
    return salted_hmac("budgets.stamp", mark.pointer).hexdigest()[:16] if mark and mark.pointer else ""


def check(code: str, budget: Budget) -> Found | None:
    """The ballot of this code; None when no ballot of the box has it. Only for budgets whose ballot is sealed."""
    plain = read(code)
    if not plain or budget.sealed_at is None:
        return None
    text = Concat(Value(plain), Cast("choices", TextField()), output_field=TextField())
    cast = Ballot.objects.filter(budget=budget).exclude(receipt="").annotate(again=_Sha256(text))
    ballot = cast.filter(again=F("receipt")).select_related("envelope").first()
    return Found(ballot.envelope, ballot.choices) if ballot else None


def published(budget: Budget) -> list[str]:
    """Every receipt hash of a sealed budget, in the order of the hashes; empty before."""
    if budget.sealed_at is None:
        return []
    return sorted(Ballot.objects.filter(budget=budget).exclude(receipt="").values_list("receipt", flat=True))
