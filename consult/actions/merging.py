"""Putting propositions together: supporters are asked, a person decides, and it may be undone for a while.

Nobody's vote moves without a yes: it stays where it was given, and counts there. A vote that moves leaves its place
(``Vote.given_on`` keeps that place taken), and whoever had already voted on the result keeps that one vote. Votes move
only while the vote is not over: what was counted at closing stays counted so.
Lock order, as everywhere: phase → the merging → propositions, by key → votes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from consult import asking, carrying, news, people, phases, tasks, texts
from consult.choices import MERGE_MOVES, Act, MergeState, NewsKind, PhaseKind, PropositionState
from consult.errors import NotAllowedNow, NotMergeable, StillAsking, TooLateToUndo
from consult.models import (
    Consultation,
    Decision,
    Merge,
    MergeSource,
    MergeVoice,
    Participant,
    Phase,
    Proposition,
    Section,
    Version,
)
from directory.models import Administration
from journal.actions import record
from moderation.actions import open_case
from moderation.choices import Timing

UNDONE_WITHIN = timedelta(days=14)


@dataclass(frozen=True)
class Plan:
    """What becomes of ``sources``: they go into another proposition, or into a new text of a section."""

    sources: Sequence[Proposition]
    reason: str
    into: Proposition | None = None
    title: str = ""
    body: str = ""
    section: Section | None = None


@transaction.atomic
def propose(source: Proposition, into: Proposition, *, reason: str, by: Participant) -> Merge:
    """The author of ``source`` proposes to put it into another one; the administration then asks, or gives it up.

    Raises ``PhaseClosed``, ``NotForYou``, ``NotMergeable``, ``Proposition.DoesNotExist``.
    """
    people.let_in(by, phases.admit(source.consultation, Act.PROPOSE))
    mine = Proposition.objects.get(pk=source.pk, author=by)
    plan = Plan([mine], reason, into=into)
    _held(plan)
    merge = _written(mine.consultation, plan, state=MergeState.PROPOSED, proposed_by=by)
    record("merge.proposed", merge, by=None, into=into.number, numbers=[mine.number], participant=by.pk)
    return merge


@transaction.atomic
def ask(consultation: Consultation, plan: Plan, *, days: int, by: User) -> Merge:
    """Ask those who agree with any of them, for some days. Nothing else changes before somebody decides.

    Raises ``NotMergeable``.
    """
    phases.beside(consultation)
    _held(plan)
    merge = _written(consultation, plan, state=MergeState.ASKED, asked_by=by)
    return _ask(merge, days=days, by=by)


@transaction.atomic
def ask_for(merge: Merge, *, days: int, by: User) -> Merge:
    """The same, for what an author proposed. Raises ``NotMergeable``, ``NotAllowedNow``."""
    phases.beside(merge.consultation)
    merge = _locked(merge, MergeState.ASKED)
    _held(Plan(list(merge.sources.all()), merge.reason, into=merge.into), but=merge)
    Merge.objects.filter(pk=merge.pk).update(state=MergeState.ASKED, asked_by=by)
    return _ask(merge, days=days, by=by)


def _ask(merge: Merge, *, days: int, by: User) -> Merge:
    """Where nobody supports them, there is nobody to wait for."""
    asked = asking.add_voices(merge)
    wait = timedelta(days=days if asked else 0)
    Merge.objects.filter(pk=merge.pk).update(asked_at=Now(), answers_until=Now() + wait)
    merge.refresh_from_db()
    record("merge.asked", merge, by=by, numbers=_numbers(merge))
    _tell(NewsKind.ASKED, merge)
    transaction.on_commit(lambda: tasks.ring(tasks.ask_supporters, merge.pk))
    return merge


@transaction.atomic
def answer(voice: MergeVoice, wants: bool, *, by: None = None) -> MergeVoice:
    """A supporter says yes or no, and may say the other until it can no longer be undone. Twice changes nothing.

    Once the merging is done, a yes moves their vote, a no puts it back. Raises ``NotAllowedNow``.
    """
    consultation = voice.merge.consultation
    phases.beside(consultation)
    merge = Merge.objects.select_for_update(no_key=True).get(pk=voice.merge_id)
    is_open = merge.state == MergeState.ASKED or (merge.state == MergeState.DONE and phases.clock() < merge.undo_until)
    if not is_open:
        raise NotAllowedNow(merge.get_state_display())
    mine = MergeVoice.objects.select_for_update().get(pk=voice.pk)
    if mine.wants == wants:
        return mine
    if merge.state == MergeState.DONE and takes_votes(consultation):
        _hold_all(merge)
        if not wants:
            carrying.put_back(merge, [mine])
        MergeVoice.objects.filter(pk=mine.pk).update(wants=wants, answered_at=Now())
        if wants:
            carrying.carry(merge, [mine])
    else:
        MergeVoice.objects.filter(pk=mine.pk).update(wants=wants, answered_at=Now())
    mine.refresh_from_db()
    return mine


@transaction.atomic
def join(merge: Merge, *, by: User) -> Merge:
    """A person decides: the sources go into the other one, and the votes of those who said yes with them.

    Raises ``StillAsking``, ``NotMergeable``, ``NotAllowedNow``.
    """
    phases.alone(merge.consultation)
    merge = _locked(merge, MergeState.DONE)
    if merge.answers_until > phases.clock() and merge.voices.filter(wants=None).exists():
        raise StillAsking(merge.answers_until)
    sources = list(merge.sources.order_by("pk"))
    _held(Plan(sources, merge.reason, into=merge.into), but=merge)
    into = merge.into or _new_text(merge, by=by)
    Proposition.objects.filter(pk__in=[one.pk for one in sources]).update(
        state=PropositionState.MERGED, merged_into=into, state_changed_at=Now()
    )
    Merge.objects.filter(pk=merge.pk).update(
        state=MergeState.DONE, into=into, decided_by=by, decided_at=Now(), undo_until=_undone_before(merge.consultation)
    )
    merge.refresh_from_db()
    asking.add_voices(merge)
    if takes_votes(merge.consultation):
        carrying.carry(merge, merge.voices.filter(wants=True))
    record("merge.done", merge, by=by, into=into.number, numbers=_numbers(merge))
    _tell(NewsKind.MERGED, merge)
    transaction.on_commit(lambda: tasks.ring(tasks.ask_supporters, merge.pk))
    return merge


@transaction.atomic
def drop(merge: Merge, *, reason: str, by: User) -> Merge:
    """Give it up: nothing changed, and nothing does. Raises ``NotAllowedNow``."""
    before = merge.state
    merge = _locked(merge, MergeState.DROPPED)
    Merge.objects.filter(pk=merge.pk).update(state=MergeState.DROPPED, end_reason=texts.said(reason))
    record("merge.dropped", merge, by=by, numbers=_numbers(merge))
    if before == MergeState.ASKED or merge.proposed_by_id:
        _tell(NewsKind.DROPPED, merge)
    merge.refresh_from_db()
    return merge


@transaction.atomic
def undo(merge: Merge, *, reason: str, by: User) -> Merge:
    """Everything as it was before: each proposition stands again, each vote that moved is back where it was given.

    What somebody said on the result since then, they said: it stays there too. A text written for the merging is
    withdrawn, with the reason. Raises ``TooLateToUndo``, ``NotAllowedNow``.
    """
    phases.alone(merge.consultation)
    merge = _locked(merge, MergeState.UNDONE)
    moved = list(merge.voices.filter(carried_from__isnull=False))
    over = moved and not takes_votes(merge.consultation)
    keys = _hold_all(merge)
    decided = Decision.objects.public().filter(proposition__in=keys).exists()
    if over or decided or phases.clock() >= merge.undo_until:
        raise TooLateToUndo(merge.undo_until)
    Proposition.objects.filter(merged_into=merge.into_id, pk__in=keys).update(
        state=PropositionState.PUBLISHED, merged_into=None, state_changed_at=Now()
    )
    carrying.put_back(merge, moved)
    said = texts.said(reason)
    if merge.title:
        Proposition.objects.filter(pk=merge.into_id).update(
            state=PropositionState.WITHDRAWN, state_changed_at=Now(), withdrawn_reason=said
        )
    Merge.objects.filter(pk=merge.pk).update(state=MergeState.UNDONE, undone_at=Now(), end_reason=said)
    record("merge.undone", merge, by=by, numbers=_numbers(merge))
    _tell(NewsKind.UNMERGED, merge)
    merge.refresh_from_db()
    return merge


def takes_votes(consultation: Consultation) -> bool:
    """The last vote is not over: opinions may still move."""
    return Phase.objects.filter(page=consultation.page_id, kind=PhaseKind.VOTE, closes_at__gt=Now()).exists()


def _undone_before(consultation: Consultation) -> datetime:
    """Two weeks, and before the vote closes when it is still to close."""
    votes = Phase.objects.filter(page=consultation.page_id, kind=PhaseKind.VOTE, closes_at__gt=Now())
    closing = votes.order_by("-closes_at").values_list("closes_at", flat=True).first()
    latest = phases.clock() + UNDONE_WITHIN
    return min(latest, closing) if closing else latest


def _written(consultation: Consultation, plan: Plan, **columns: object) -> Merge:
    new = {} if plan.into else {"title": texts.line(plan.title), "body": texts.body_of(plan.body)}
    merge = Merge.objects.create(
        consultation=consultation,
        into=plan.into,
        section=None if plan.into else plan.section,
        reason=texts.said(plan.reason),
        **new,
        **columns,
    )
    MergeSource.objects.bulk_create(MergeSource(merge=merge, proposition=one) for one in plan.sources)
    return merge


def _locked(merge: Merge, target: MergeState) -> Merge:
    found = Merge.objects.select_for_update(no_key=True, of=("self",)).select_related("consultation", "into")
    row = found.get(pk=merge.pk)
    if target not in MERGE_MOVES[MergeState(row.state)]:
        raise NotAllowedNow(row.get_state_display())
    return row


def _hold_all(merge: Merge) -> list[int]:
    """The keys of the sources, and of what they go into, locked in the order of keys."""
    keys = [*merge.sources.values_list("pk", flat=True), *([merge.into_id] if merge.into_id else [])]
    list(Proposition.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))
    return keys


def _held(plan: Plan, *, but: Merge | None = None) -> None:
    """All of them locked, and such that they can be merged; raises ``NotMergeable`` otherwise."""
    keys = {one.pk for one in plan.sources} | ({plan.into.pk} if plan.into else set())
    rows = list(Proposition.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))
    if len(rows) < 2 or (len(plan.sources) == len(keys) and plan.into):
        raise NotMergeable(_("Choose at least two propositions."))
    if len({one.consultation_id for one in rows}) > 1:
        raise NotMergeable(_("Choose propositions of the same consultation."))
    for one in rows:
        if one.state != PropositionState.PUBLISHED or not one.is_shown:
            raise NotMergeable(_("#%(number)d no longer stands.") % {"number": one.number})
    _not_elsewhere(rows, sources={one.pk for one in plan.sources}, but=but)


def _not_elsewhere(rows: Sequence[Proposition], *, sources: set[int], but: Merge | None) -> None:
    numbers = {one.pk: one.number for one in rows}
    others = Merge.objects.going_on().exclude(pk=but.pk if but else None)
    for pk, number in numbers.items():
        if others.filter(Q(sources=pk) | Q(into=pk)).exists():
            raise NotMergeable(_("Another merging of #%(number)d is considered. End it first.") % {"number": number})
    taken = Proposition.objects.filter(merged_into__in=sources).values_list("merged_into", flat=True).first()
    if taken:
        raise NotMergeable(_("#%(number)d took others in: merge the others into it.") % {"number": numbers[taken]})
    decided = Decision.objects.public().filter(proposition__in=numbers).values_list("proposition", flat=True).first()
    if decided:
        raise NotMergeable(_("A decision about #%(number)d is public.") % {"number": numbers[decided]})


def _new_text(merge: Merge, *, by: User) -> Proposition:
    """The new text takes the next number, in the name of the administration that consults."""
    rows = Consultation.objects.select_for_update(no_key=True, of=("self",)).select_related("page__administration")
    held = rows.get(pk=merge.consultation_id)
    held.last_number += 1
    held.save(update_fields=["last_number"])
    case = open_case("proposition", page=held.page, timing=Timing.AFTER)
    author = _speaker(held.page.administration) or people.participant_of(by)
    filed = Proposition.objects.create(
        consultation=held,
        number=held.last_number,
        section=merge.section,
        title=merge.title,
        body=merge.body,
        author=author,
        case=case,
        is_shown=case.is_shown,
    )
    Version.objects.create(proposition=filed, number=1, title=filed.title, body=filed.body)
    return filed


def _speaker(administration: Administration | None) -> Participant | None:
    """The administration as an author: its name, on texts that are nobody's own."""
    if administration is None:
        return None
    key = people.email_key(f"administration {administration.pk}")
    named = {"name": administration.name, "is_organisation": True, "is_verified": True}
    return Participant.objects.update_or_create(email_key=key, defaults=named)[0]


def _tell(kind: NewsKind, merge: Merge) -> None:
    told = news.of_merge(kind, merge=merge)
    transaction.on_commit(lambda: tasks.ring(tasks.tell_news, told.pk))


def _numbers(merge: Merge) -> list[int]:
    return list(merge.sources.order_by("number").values_list("number", flat=True))
