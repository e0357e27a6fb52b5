"""Receiving what people say."""

import re
import uuid
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any, Required, TypedDict, Unpack

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import copying
from accounts.models import User
from directory.models import Office, Service
from feedback import intake_text, references, tasks
from feedback.choices import IntakeChannel
from feedback.errors import FormClosed, RuleBroken
from feedback.models import Fiche, Import, Original
from feedback.receipts import RECEIPT
from journal.actions import record, record_all
from letters.actions import promise

# The form on screen closes with the service. What is already written on paper, or in a file, is still taken.
ONLINE = {IntakeChannel.WEB, IntakeChannel.WIDGET, IntakeChannel.API}
UNREADABLE = re.compile("[\x00\ud800-\udfff]")  # NUL, half of a pair
BATCH = 500  # lines of past feedback written together
Progress = Callable[[int], None]
KEYED = {IntakeChannel.PAPER, IntakeChannel.COUNTER, IntakeChannel.PHONE, IntakeChannel.EMAIL}


class NothingWritten(RuleBroken):
    """A fiche without words."""

    def __init__(self) -> None:
        super().__init__(_("Write what happened. One sentence is enough."))


class TooLong(RuleBroken):
    """Past ``TEXT_LIMIT`` characters."""

    def __init__(self) -> None:
        super().__init__(_("Shorten your text: %(limit)d characters at most.") % {"limit": intake_text.TEXT_LIMIT})


class Unreadable(RuleBroken):
    """Characters that no text may hold (NUL, half of a pair)."""

    def __init__(self) -> None:
        super().__init__(_("Some characters cannot be read. Type the text again."))


class OfficeElsewhere(RuleBroken):
    """The office belongs to another service."""

    def __init__(self) -> None:
        super().__init__(_("This office belongs to another service. Choose it again."))


class Past(TypedDict, total=False):
    """One line of past feedback."""

    text: Required[str]
    idempotency_key: Required[uuid.UUID]
    office: Office | None
    received_on: date | None
    occurred_on: date | None
    satisfaction: int | None
    wants_answer: bool
    step: str
    language: str
    email: str


def _quiet(_done: int) -> None:
    """Nobody watches."""


class Details(TypedDict, total=False):
    """What a fiche may say besides its text."""

    step: str
    occurred_on: date | None
    satisfaction: int | None
    wants_answer: bool
    language: str
    imported_in: Import | None


@transaction.atomic
def submit_fiche(
    *,
    text: str,
    service: Service | None = None,
    office: Office | None = None,
    channel: IntakeChannel | str = IntakeChannel.WEB,
    received_on: date | None = None,
    email: str = "",
    phone: str = "",
    postal_name: str = "",
    on_behalf_of: str = "",
    idempotency_key: uuid.UUID | None = None,
    author: User | None = None,
    by: User | None = None,
    **details: Unpack[Details],
) -> Fiche:
    """Record what somebody says, masked, with its receipt promised when an e-mail is given.

    The same ``idempotency_key`` gives the same fiche, however many times and however close together it comes.
    Raises ``FormClosed`` (online channels only), ``NothingWritten``, ``TooLong``, ``Unreadable``, ``OfficeElsewhere``.
    """
    text = _written(text)
    if service and channel in ONLINE and not Service.objects.open().filter(pk=service.pk).exists():
        return _filed_before(idempotency_key)
    columns = {"service": _service_of(office, service), "office": office, "channel": channel, "author": author}
    columns["keyed_by"] = by if channel in KEYED else None
    details["step"] = intake_text.masked_line(details.get("step", ""))
    fiche = _insert(
        text, received_on=received_on or timezone.localdate(), idempotency_key=idempotency_key, **columns, **details
    )
    if fiche is None:
        return Fiche.objects.get(idempotency_key=idempotency_key)
    contact = {"contact_email": email, "contact_phone": phone, "postal_name": postal_name, "on_behalf_of": on_behalf_of}
    Original.objects.create(fiche=fiche, text=text, purge_on=_purge_date(fiche), **contact)
    _follow(fiche, email=email, by=by)
    return fiche


@transaction.atomic
def submit_past(
    lines: Sequence[Past], *, service: Service, imported_in: Import, by: User | None, progress: Progress = _quiet
) -> int:
    """Record the lines of a file as ``submit_fiche`` would one by one, by the batch; how many are new.

    A line whose ``idempotency_key`` is already there is left as it is. Raises what ``submit_fiche`` raises.
    """
    new = 0
    for start in range(0, len(lines), BATCH):
        batch = lines[start : start + BATCH]
        new += _insert_past(batch, service=service, imported_in=imported_in, by=by)
        progress(start + len(batch))
    return new


def _insert_past(lines: Sequence[Past], *, service: Service, imported_in: Import, by: User | None) -> int:
    written = dict(zip(references.new_references(len(lines)), lines, strict=True))
    common = {"service": service, "channel": IntakeChannel.IMPORT, "imported_in": imported_in}
    fiches = [_past_fiche(reference, line, common) for reference, line in written.items()]
    copying.insert(fiches, ignore_conflicts=True)
    new = list(Fiche.objects.filter(reference__in=written).only("reference", "channel", "received_on").order_by("pk"))
    copying.insert([_past_original(fiche, written[fiche.reference]) for fiche in new])
    told = ((fiche, {"channel": fiche.channel, "reference": fiche.reference}) for fiche in new)
    record_all("fiche.submitted", told, by=by)
    return len(new)


def _past_fiche(reference: str, line: Past, common: dict[str, Any]) -> Fiche:
    details = {name: value for name, value in line.items() if name not in {"text", "email", "received_on"}}
    details["step"] = intake_text.masked_line(details.get("step", ""))
    seen = intake_text.masked(_written(line["text"]))
    received_on = line.get("received_on") or timezone.localdate()
    office = details.pop("office", None)
    _service_of(office, common["service"])
    return Fiche(reference=reference, office=office, received_on=received_on, **_columns(seen), **common, **details)


def _past_original(fiche: Fiche, line: Past) -> Original:
    return Original(
        fiche=fiche,
        text=_written(line["text"]),
        purge_on=_purge_date(fiche),
        contact_email=line.get("email", ""),
    )


@transaction.atomic
def mask_again(fiche: Fiche) -> bool:
    """Mask a fiche whose masking failed. True when it can now be read and grouped; may run twice."""
    fiche = Fiche.objects.select_for_update(of=("self",)).select_related("original").get(pk=fiche.pk)
    if fiche.masked_text is not None:
        return True
    seen = intake_text.masked(fiche.original.text)
    if seen.text is None:
        return False
    Fiche.objects.filter(pk=fiche.pk).update(**_columns(seen))
    record("fiche.masked", fiche, by=None)
    transaction.on_commit(lambda: tasks.ring(tasks.place_fiche, fiche.pk))
    return True


def _written(text: str) -> str:
    text = intake_text.tidied(text)
    if UNREADABLE.search(text):
        raise Unreadable
    if not text:
        raise NothingWritten
    if len(text) > intake_text.TEXT_LIMIT:
        raise TooLong
    return text


def _filed_before(idempotency_key: uuid.UUID | None) -> Fiche:
    """The form closed between a first sending and its retry: what was recorded stays acknowledged."""
    fiche = Fiche.objects.filter(idempotency_key=idempotency_key).first() if idempotency_key else None
    if fiche is None:
        raise FormClosed
    return fiche


def _service_of(office: Office | None, service: Service | None) -> Service | None:
    if office is None:
        return service
    if service and office.service_id != service.pk:
        raise OfficeElsewhere
    return service or office.service


def _columns(seen: intake_text.Masked) -> dict[str, Any]:
    return {
        "masked_text": seen.text,
        "mask_spans": seen.spans,
        "mask_version": seen.version,
        "flags": seen.flags,
    }


def _insert(text: str, **columns: Any) -> Fiche | None:
    """INSERT … ON CONFLICT DO NOTHING. None when the key of the form is already there: a twin was faster."""
    fiche = Fiche(reference=references.new_reference(), **_columns(intake_text.masked(text)), **columns)
    Fiche.objects.bulk_create([fiche], ignore_conflicts=True)
    return Fiche.objects.filter(reference=fiche.reference).select_related("service").first()


def _purge_date(fiche: Fiche) -> date:
    """When the first of what is private falls due; ``privacy.purge_expired`` then looks at each kind."""
    return fiche.received_on + timedelta(days=min(settings.RETENTION_DAYS.values()))


def _follow(fiche: Fiche, *, email: str, by: models.Model | None) -> None:
    """What filing sets in motion: a line of the journal, a receipt, and the grouping.

    Past feedback had its thanks in its time, and the fiches of one file are grouped together once they are all there.
    """
    record("fiche.submitted", fiche, by=by, channel=fiche.channel, reference=fiche.reference)
    if fiche.imported_in_id:
        return
    if email:
        campaign = f"receipt:{fiche.pk}"
        promise(RECEIPT, key=fiche.pk, campaign=campaign, recipient=email, address=email, language=fiche.language)
    transaction.on_commit(lambda: tasks.ring(tasks.place_fiche, fiche.pk))
