"""Filing an idea, taking it back; and, by the administration, not taking it up, with the reason that everybody reads.

Journal lines name no participant: only the key of their row. The number is given under the row of the budget, which
is freed when the act ends: no two alike, and none lost when an act fails.
"""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID, uuid4, uuid5

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from accounts.models import User
from consult import people, texts
from consult.budgets import idea_news, phases, pictures
from consult.budgets.choices import IDEA_MOVES, BudgetAct, IdeaNews, SuggestionState
from consult.budgets.errors import IdeaBecameProject
from consult.budgets.models import Budget, Envelope, ProjectOrigin, Suggestion, SuggestionDraft
from consult.choices import Channel
from consult.errors import NotAllowedNow
from consult.models import Participant
from consult.uploads import Prepared
from journal.actions import record
from moderation.actions import open_case
from moderation.choices import Timing

_KEYS = UUID("5b8f8d0c-7a35-4f0e-9a8e-3c8b9a2f6d41")
Point = tuple[Decimal, Decimal]


@dataclass(frozen=True)
class Written:
    """What an idea says, as it was typed. ``cost`` in cents; ``at`` is latitude, longitude; ``photo`` drawn again."""

    title: str
    body: str
    envelope: Envelope | None = None
    place: str = ""
    at: Point | None = None
    cost: int | None = None
    photo: Prepared | None = None
    photo_description: str = ""


@transaction.atomic
def file(
    budget: Budget,
    written: Written,
    *,
    by: Participant,
    key: UUID | None = None,
    channel: Channel = Channel.WEB,
    keyed_by: User | None = None,
) -> Suggestion:
    """File an idea. ``key`` is the form's: sent twice, it is filed once. Its author's draft is gone.

    Raises ``PhaseClosed``, ``NotForYou``.
    """
    own_key = uuid5(_KEYS, f"{budget.pk}:{by.pk}:{key}") if key else None
    if own_key and (sent := _sent(own_key)):
        return sent  # acknowledged, even when the phase closed between the two
    phase = phases.admit(budget, BudgetAct.SUGGEST)
    if keyed_by is None:  # on paper: who keys it in answers for it
        people.let_in(by, phase)
    held = Budget.objects.select_for_update(no_key=True).get(pk=budget.pk)
    if own_key and (sent := _sent(own_key)):
        return sent
    filed = _insert(held, written, Suggestion(author=by, idempotency_key=own_key, channel=channel, keyed_by=keyed_by))
    pictures.throw_away(SuggestionDraft.objects.filter(budget=budget, participant=by))
    record("idea.filed", filed, by=keyed_by, number=filed.number, participant=by.pk)
    return filed


def _sent(key: UUID) -> Suggestion | None:
    return Suggestion.objects.filter(idempotency_key=key).first()


def _insert(held: Budget, written: Written, row: Suggestion) -> Suggestion:
    Budget.objects.filter(pk=held.pk).update(last_idea=F("last_idea") + 1)
    row.case = open_case("idea", page=held.page, timing=Timing(held.page.moderation or Timing.BEFORE))
    row.is_shown = row.case.is_shown
    row.budget, row.number = held, held.last_idea + 1
    row.envelope, row.cost = written.envelope, written.cost
    row.title, row.body = texts.line(written.title), texts.body_of(written.body)
    row.place = texts.line(written.place)
    row.latitude, row.longitude = written.at or (None, None)
    if written.photo is not None:
        row.photo_description = texts.line(written.photo_description)
        row.photo.save(f"{uuid4().hex}.{written.photo.kind}", ContentFile(written.photo.content), save=False)
    row.save()
    return row


@transaction.atomic
def withdraw(suggestion: Suggestion, *, reason: str, by: Participant) -> Suggestion:
    """Its author takes it back while ideas are filed: the page, the number and the reason stay. Twice changes nothing.

    Raises ``PhaseClosed``, ``NotForYou``, ``NotAllowedNow``, ``IdeaBecameProject``, ``Suggestion.DoesNotExist``.
    """
    people.let_in(by, phases.admit(suggestion.budget, BudgetAct.SUGGEST))
    mine = _held(suggestion, author=by)
    if mine.state == SuggestionState.WITHDRAWN:
        return mine
    _free(mine)
    _move(mine, SuggestionState.WITHDRAWN, texts.said(reason))
    throw_photo_away(mine)
    record("idea.withdrawn", mine, by=None, number=mine.number, participant=by.pk)
    return mine


@transaction.atomic
def set_aside(suggestion: Suggestion, *, reason: str, by: User) -> Suggestion:
    """The administration does not take it up; its author is told why.

    Raises ``NotAllowedNow``, ``IdeaBecameProject``.
    """
    phases.beside(suggestion.budget)
    held = _held(suggestion)
    _free(held)
    _move(held, SuggestionState.SET_ASIDE, texts.said(reason))
    idea_news.tell(IdeaNews.SET_ASIDE, [held])
    record("idea.set_aside", held, by=by, number=held.number)
    return held


@transaction.atomic
def take_up(suggestion: Suggestion, *, by: User) -> Suggestion:
    """It was set aside, and is not any more; its author is told. Raises ``NotAllowedNow``."""
    phases.beside(suggestion.budget)
    held = _held(suggestion)
    _move(held, SuggestionState.PUBLISHED, "")
    idea_news.tell(IdeaNews.TAKEN_UP, [held])
    record("idea.taken_up", held, by=by, number=held.number)
    return held


def throw_photo_away(suggestion: Suggestion) -> None:
    """The photo goes with the act: the row now, what is on disk once it is committed."""
    if not suggestion.photo:
        return
    storage, name = suggestion.photo.storage, suggestion.photo.name
    Suggestion.objects.filter(pk=suggestion.pk).update(photo="", photo_description="")
    transaction.on_commit(lambda: storage.delete(name))


def _held(suggestion: Suggestion, **of: Participant) -> Suggestion:
    rows = Suggestion.objects.select_for_update(of=("self",), no_key=True).select_related("budget__page", "author")
    return rows.get(pk=suggestion.pk, **of)


def _free(suggestion: Suggestion) -> None:
    if ProjectOrigin.objects.filter(suggestion=suggestion).exists():
        raise IdeaBecameProject


def _move(suggestion: Suggestion, to: SuggestionState, reason: str) -> None:
    if to not in IDEA_MOVES[SuggestionState(suggestion.state)]:
        raise NotAllowedNow(suggestion.get_state_display())
    Suggestion.objects.filter(pk=suggestion.pk).update(state=to, state_reason=reason, state_changed_at=Now())
    suggestion.state, suggestion.state_reason = to, reason
