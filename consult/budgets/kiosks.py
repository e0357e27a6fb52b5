"""Who stands before a shared tablet: found again by what its cookie holds, and by the code somebody typed.

A code is six figures, read aloud by a clerk. It is drawn by chance, kept as a keyed hash, and works once, on a tablet
that a clerk opened: nowhere else may it be tried.
"""

import hashlib
import json
import secrets
from datetime import timedelta

from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac

from consult.budgets.choices import EnvelopeKind
from consult.budgets.models import Budget, Envelope, FrozenRegulation, Kiosk, KioskDraft, KioskPass, Mark, RollEntry
from consult.budgets.rules import ONE_TERRITORY

LENGTH = 6  # figures
CODE = timedelta(minutes=15)  # to walk to the tablet and type
IDLE = timedelta(minutes=2)  # without a gesture, the session is over
DAY = timedelta(hours=16)  # a tablet is opened each morning


def draw() -> str:
    """« 482913 »."""
    return f"{secrets.randbelow(10**LENGTH):0{LENGTH}d}"


def shown(code: str) -> str:
    """« 482 913 »: as one reads it aloud."""
    return f"{code[:3]} {code[3:]}"


def read(typed: str) -> str:
    """The code in what somebody typed; "" when it cannot be one."""
    figures = "".join(one for one in typed if not one.isspace() and one not in ".-")
    return figures if len(figures) == LENGTH and figures.isascii() and figures.isdigit() else ""


def code_hash(budget: Budget, code: str) -> str:
    """Keyed: six figures would be found again from a plain hash."""
    return salted_hmac("budgets.kiosk.code", f"{budget.pk}:{code}", algorithm="sha256").hexdigest()


def secret_hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def open_ones(budget: Budget) -> QuerySet[Kiosk]:
    """The tablets that still take codes, the latest first."""
    rows = Kiosk.objects.filter(budget=budget, closed_at=None, opened_at__gt=Now() - DAY)
    return rows.select_related("opened_by").order_by("-opened_at")


def of_secret(budget: Budget, secret: str) -> Kiosk | None:
    """The open tablet whose cookie this is."""
    return open_ones(budget).filter(secret=secret_hash(secret)).first() if secret else None


def seat_of(kiosk: Kiosk) -> KioskPass | None:
    """Who stands before it now; None when nobody does, or not any more."""
    return KioskPass.objects.filter(kiosk=kiosk, until__gt=Now()).select_related("entry").first()


def stamp(seat: KioskPass) -> str:
    """What every form of a session says, so that a page left by somebody does nothing for the next one."""
    return salted_hmac("budgets.kiosk.seat", str(seat.pk)).hexdigest()[:16]


def draft_of(seat: KioskPass, envelope: Envelope) -> list[tuple[str, str]]:
    """What was typed, as the form gave it."""
    draft = KioskDraft.objects.filter(seat=seat, envelope=envelope).first()
    return [(number, said) for number, said in json.loads(draft.choices)] if draft and draft.choices else []


def left_for(budget: Budget, entry: RollEntry | None) -> list[Envelope]:
    """The envelopes on which this person may still vote."""
    marks = {mark.envelope_id: mark for mark in Mark.objects.filter(entry=entry)} if entry else {}
    frozen = FrozenRegulation.objects.filter(budget=budget).first()
    one_only = frozen is not None and frozen.content["rules"].get("envelopes") == ONE_TERRITORY
    taken = one_only and any(mark.is_territory for mark in marks.values())
    envelopes = Envelope.objects.filter(page=budget.page_id).order_by("sort_order", "pk")
    return [one for one in envelopes if one.pk not in marks and not (taken and one.kind == EnvelopeKind.TERRITORY)]
