"""Statements of the opinion map: written by an editor or proposed by people, answered once each, taken back.

The database counts (migration 0010). A number is given under the row of the consultation. Rows are held in the order
statement → consultation. Journal lines name no participant, and never an answer.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from accounts.models import User
from consult import people, phases, texts
from consult.choices import Act, Channel, Stance
from consult.errors import AlreadySaid, EnoughSaid, NotTaken, PromiseChanged, StatementInUse
from consult.maps import seeds
from consult.maps.near import of_the_same_words
from consult.models import Consultation, ConsultationPage, Participant, Statement, StatementAnswer
from journal.actions import record
from moderation.actions import open_case
from moderation.choices import Timing
from moderation.models import Case

MOST_A_PERSON = 10
_KEYS = UUID("5b0f3f7e-52a3-4c36-9d0c-2f7f5f3f9a10")


@transaction.atomic
def answer(consultation: Consultation, number: int, stance: Stance, *, by: Participant) -> Statement:
    """Answer the statement of this number, or change one's answer. Twice, or from two tabs at once: one answer.

    A moderator who takes the statement out waits for the end of this, or is waited for.
    Raises ``PhaseClosed``, ``NotForYou``, ``NotTaken``, ``Statement.DoesNotExist``.
    """
    people.let_in(by, phases.admit(consultation, Act.STATE))
    if not consultation.page.has_map:
        raise NotTaken
    rows = Statement.objects.standing().select_for_update(no_key=True)
    answered = rows.get(consultation=consultation, number=number)
    StatementAnswer.objects.bulk_create(
        [StatementAnswer(statement=answered, participant=by, stance=stance, changed_at=Now())],
        update_conflicts=True,
        unique_fields=["participant", "statement"],
        update_fields=["stance", "changed_at"],
    )
    return answered


@transaction.atomic
def propose(consultation: Consultation, text: str, *, by: Participant, key: UUID | None = None) -> Statement:
    """Propose a statement. ``key`` is the form's: sent twice, it is written once.

    Raises ``PhaseClosed``, ``NotForYou``, ``NotTaken``, ``AlreadySaid``, ``EnoughSaid``.
    """
    own_key = uuid5(_KEYS, f"{consultation.pk}:{by.pk}:{key}") if key else None
    if own_key and (sent := Statement.objects.filter(idempotency_key=own_key).first()):
        return sent  # acknowledged, even when the phase closed between the two
    people.let_in(by, phases.admit(consultation, Act.STATE))
    if not (consultation.page.has_map and consultation.page.map_takes_statements):
        raise NotTaken
    held = _held(consultation)
    if own_key and (sent := Statement.objects.filter(idempotency_key=own_key).first()):
        return sent
    mine = Statement.objects.filter(consultation=held, author=by, withdrawn_at=None)
    if mine.count() >= MOST_A_PERSON:
        raise EnoughSaid(MOST_A_PERSON)
    said = texts.line(text)
    if twin := _twin(held, said):
        raise AlreadySaid(twin.number if twin.is_shown else 0)
    timing = Timing(held.page.moderation or Timing.BEFORE)
    filed = _insert(held, said, timing=timing, author=by, idempotency_key=own_key, channel=Channel.WEB)
    record("statement.filed", filed, by=None, number=filed.number, participant=by.pk)
    return filed


@transaction.atomic
def withdraw(statement: Statement, *, by: Participant) -> Statement:
    """Its author takes it back: its number stays, its answers are no longer counted. Twice changes nothing.

    Raises ``PhaseClosed``, ``NotForYou``.
    """
    people.let_in(by, phases.admit(statement.consultation, Act.STATE))
    mine = Statement.objects.select_for_update(no_key=True).get(pk=statement.pk, author=by)
    if mine.withdrawn_at is None:
        Statement.objects.filter(pk=mine.pk).update(withdrawn_at=Now())
        record("statement.withdrawn", mine, by=None, number=mine.number, participant=by.pk)
        mine.refresh_from_db()
    return mine


@transaction.atomic
def sow(consultation: Consultation, page: ConsultationPage, *, by: User | None) -> None:
    """Make the first statements those of the page being published, alone (``phases.alone``).

    A line that is gone takes its statement back, unless people answered it.
    Raises ``StatementInUse``, ``PromiseChanged``.
    """
    if not page.has_map:
        return
    held = _held(consultation)
    _keep_the_promise(held, page)
    wanted = {line.lower(): line for line in seeds.lines(page.map_seeds)}
    sown = Statement.objects.filter(consultation=held, author=None, withdrawn_at=None)
    for gone in [one for one in sown if one.text.lower() not in wanted]:
        _take_back(gone, by=by)
    known = {text.lower() for text in _standing_texts(held)}
    for line in (line for key, line in wanted.items() if key not in known):
        written = _insert(held, line, timing=Timing.AFTER, author=None)
        record("statement.sown", written, by=by, number=written.number)
        held.last_statement += 1


def forget(consultations: Sequence[int]) -> None:
    """Before their pages are deleted: what the administration wrote, that nobody answered."""
    sown = Statement.objects.filter(consultation__in=consultations, author=None)
    cases = list(sown.values_list("case", flat=True))
    sown.delete()
    Case.objects.filter(pk__in=cases).delete()


def _keep_the_promise(held: Consultation, page: ConsultationPage) -> None:
    if held.opens_answers == page.map_opens_answers:
        return
    if StatementAnswer.objects.filter(statement__consultation=held).exists():
        raise PromiseChanged
    Consultation.objects.filter(pk=held.pk).update(opens_answers=page.map_opens_answers)


def _take_back(gone: Statement, *, by: User | None) -> None:
    if gone.answers.exists():
        raise StatementInUse(gone.number, gone.text)
    Statement.objects.filter(pk=gone.pk).update(withdrawn_at=Now())
    record("statement.withdrawn", gone, by=by, number=gone.number)


def _held(consultation: Consultation) -> Consultation:
    return (
        Consultation.objects.select_for_update(of=("self",), no_key=True).select_related("page").get(pk=consultation.pk)
    )


def _standing_texts(held: Consultation) -> list[str]:
    return list(Statement.objects.filter(consultation=held, withdrawn_at=None).values_list("text", flat=True))


def _twin(held: Consultation, text: str) -> Statement | None:
    standing = Statement.objects.filter(consultation=held, withdrawn_at=None)
    return of_the_same_words(standing, text).order_by("number").first()


def _insert(held: Consultation, text: str, *, timing: Timing, **columns: Any) -> Statement:
    Consultation.objects.filter(pk=held.pk).update(last_statement=F("last_statement") + 1)
    case = open_case("statement", page=held.page, timing=timing)
    return Statement.objects.create(
        consultation=held, number=held.last_statement + 1, text=text, case=case, is_shown=case.is_shown, **columns
    )
