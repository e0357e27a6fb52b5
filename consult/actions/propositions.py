"""Filing a proposition, changing it, amending it in front of everybody, withdrawing it.

Journal lines name no participant, so that whoever is erased leaves no name there: only the key of their row.

The database counts (migrations 0005 and ``propositions_counted``). A number is given under the lock of the
consultation's row, which is freed when the act ends: no two alike, and none lost when an act fails.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from accounts.models import User
from consult import people, phases, texts
from consult.actions.attaching import attach, detach
from consult.actions.following import follow_by_default
from consult.choices import PROPOSITION_MOVES, Act, Channel, PropositionState
from consult.errors import NotAllowedNow, NothingChanged, NotTaken, ReadAlready, TalkedAbout, TookOthersIn
from consult.models import Consultation, Draft, Participant, Proposition, ReferenceLink, Section, Version
from consult.revisions import is_talked_about
from consult.uploads import Prepared
from journal.actions import record
from moderation.actions import open_case
from moderation.choices import Timing

_KEYS = UUID("0d6a1c53-0c92-4d4f-8a3c-5a6f9d1c4b77")


@dataclass(frozen=True)
class Written:
    """What a proposition says. ``body`` as it was typed (``texts.body_of``); sources: (title, address or "")."""

    title: str
    body: str
    sources: Sequence[tuple[str, str]] = ()
    files: Sequence[Prepared] = ()


@transaction.atomic
def file(
    consultation: Consultation,
    section: Section,
    written: Written,
    *,
    by: Participant,
    key: UUID | None = None,
    channel: Channel = Channel.WEB,
    keyed_by: User | None = None,
) -> Proposition:
    """File a proposition in a section. ``key`` is the form's: sent twice, it is filed once and its draft is gone.

    Raises ``PhaseClosed``, ``NotForYou``, ``NotTaken``.
    """
    own_key = uuid5(_KEYS, f"{consultation.pk}:{by.pk}:{key}") if key else None
    if own_key and (sent := _sent(own_key)):
        return sent  # acknowledged, even when the phase closed between the two
    phase = phases.admit(consultation, Act.PROPOSE)
    if keyed_by is None:  # said in a room, or on paper: who keys it in answers for it
        people.let_in(by, phase)
    if not section.takes_propositions or section.page_id != consultation.page_id:
        raise NotTaken
    held = Consultation.objects.select_for_update(no_key=True).get(pk=consultation.pk)
    if own_key and (sent := _sent(own_key)):
        return sent
    filed = _insert(held, section, written, author=by, idempotency_key=own_key, channel=channel, keyed_by=keyed_by)
    if key:
        Draft.objects.filter(key=key).delete()
    follow_by_default(filed, by=by)
    record("proposition.filed", filed, by=keyed_by, number=filed.number, participant=by.pk)
    return filed


def _sent(key: UUID) -> Proposition | None:
    return Proposition.objects.filter(idempotency_key=key).first()


def _insert(held: Consultation, section: Section, written: Written, **columns: Any) -> Proposition:
    Consultation.objects.filter(pk=held.pk).update(last_number=F("last_number") + 1)
    timing = Timing(held.page.moderation or Timing.BEFORE)
    case = open_case("proposition", page=held.page, timing=timing)
    filed = Proposition.objects.create(
        consultation=held,
        number=held.last_number + 1,
        section=section,
        title=texts.line(written.title),
        body=texts.body_of(written.body),
        case=case,
        is_shown=case.is_shown,
        **columns,
    )
    Version.objects.create(proposition=filed, number=1, title=filed.title, body=filed.body)
    _cite(filed, written.sources if section.takes_sources else ())
    attach(filed, written.files if section.takes_sources else ())
    return filed


def _cite(proposition: Proposition, sources: Sequence[tuple[str, str]]) -> None:
    said = [(texts.line(label), url.strip()) for label, url in sources]
    rows = [ReferenceLink(proposition=proposition, label=label or url, url=url) for label, url in said if label or url]
    ReferenceLink.objects.bulk_create(rows)


@transaction.atomic
def change(
    proposition: Proposition, written: Written, *, by: Participant, reason: str = "", without: Sequence[int] = ()
) -> Proposition:
    """Its author writes a new version. Without ``reason`` only while nobody argued nor voted.

    Every text is kept; files are added, and those whose keys are in ``without`` are thrown away.
    Raises ``PhaseClosed``, ``NotForYou``, ``NotAllowedNow``, ``ReadAlready``, ``TalkedAbout``, ``NothingChanged``.
    """
    mine = _held(proposition, by)
    if mine.is_shown and mine.consultation.page.moderation == Timing.BEFORE:
        raise ReadAlready
    if is_talked_about(mine) and not reason.strip():
        raise TalkedAbout
    title, body = texts.line(written.title), texts.body_of(written.body)
    before = list(ReferenceLink.objects.filter(proposition=mine).order_by("pk").values_list("label", "url"))
    after = [(texts.line(label) or url.strip(), url.strip()) for label, url in written.sources if label or url]
    files = written.files if mine.section.takes_sources else ()
    thrown = detach(mine, without)
    attach(mine, files)
    if (title, body, after) == (mine.title, mine.body, before) and not files and not thrown:
        raise NothingChanged
    number = mine.version + 1
    Version.objects.create(proposition=mine, number=number, title=title, body=body, reason=texts.line(reason))
    Proposition.objects.filter(pk=mine.pk).update(title=title, body=body, version=number)
    if after != before:
        ReferenceLink.objects.filter(proposition=mine).delete()
        _cite(mine, after if mine.section.takes_sources else ())
    record("proposition.changed", mine, by=None, version=number, participant=by.pk)
    mine.refresh_from_db()
    return mine


@transaction.atomic
def withdraw(proposition: Proposition, *, reason: str, by: Participant) -> Proposition:
    """Its author takes it back: its page, its number and the reason stay, its files go. Twice changes nothing.

    Raises ``PhaseClosed``, ``NotForYou``, ``NotAllowedNow``, ``TookOthersIn``.
    """
    mine = _held(proposition, by, otherwise=PropositionState.WITHDRAWN)
    if mine.state == PropositionState.WITHDRAWN:
        return mine
    if Proposition.objects.filter(merged_into=mine).exists():
        raise TookOthersIn
    Proposition.objects.filter(pk=mine.pk).update(
        state=PropositionState.WITHDRAWN, state_changed_at=Now(), withdrawn_reason=texts.said(reason)
    )
    detach(mine)
    record("proposition.withdrawn", mine, by=None, number=mine.number, participant=by.pk)
    mine.refresh_from_db()
    return mine


def _held(proposition: Proposition, by: Participant, *, otherwise: PropositionState | None = None) -> Proposition:
    """The row of this author, locked, in a state from which it may move, or in ``otherwise``."""
    people.let_in(by, phases.admit(proposition.consultation, Act.PROPOSE))
    rows = Proposition.objects.select_for_update(of=("self",), no_key=True).select_related(
        "section", "consultation__page"
    )
    mine = rows.get(pk=proposition.pk, author=by)
    if mine.state != otherwise and PropositionState.WITHDRAWN not in PROPOSITION_MOVES[PropositionState(mine.state)]:
        raise NotAllowedNow(mine.get_state_display())
    return mine
