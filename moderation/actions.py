"""What happens to a case: the room opens it with its contribution, people report it, moderators decide.

Lock order: the case, then its contribution and what the room counts.
"""

from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from django.utils.crypto import salted_hmac
from wagtail.models import Page

from accounts.models import User
from journal.actions import record
from moderation import errors, letters
from moderation.choices import CASE_MOVES, LEADS_TO, CaseState, Outcome, Rule, Timing
from moderation.kinds import kind_of
from moderation.models import Case, Decision, Notice

BATCH = 500


def open_case(kind: str, *, page: Page | None, timing: Timing) -> Case:
    """The case of a contribution being written, in the same transaction; shown at once unless it is read before."""
    state = CaseState.WAITING if timing == Timing.BEFORE else CaseState.SHOWN
    case = Case.objects.create(kind=kind, page=page, state=state, is_shown=state == CaseState.SHOWN)
    if state == CaseState.WAITING:
        letters.alert(case)
    return case


def open_cases(kind: str, count: int, *, page: Page | None, timing: Timing) -> list[Case]:
    """The cases of many contributions written together; moderators hear of them once."""
    state = CaseState.WAITING if timing == Timing.BEFORE else CaseState.SHOWN
    shown = state == CaseState.SHOWN
    cases = Case.objects.bulk_create(Case(kind=kind, page=page, state=state, is_shown=shown) for _ in range(count))
    if cases and not shown:
        letters.alert(cases[0])
    return cases


def reporter_key(*, user: User | None = None, email: str = "", token: str = "") -> str:
    """Who reports, without being readable: their account; otherwise their address, or what their browser keeps."""
    who = f"account:{user.pk}" if user else f"email:{email.strip().lower()}" if email else f"browser:{token}"
    return salted_hmac("moderation.reporter", who, algorithm="sha256").hexdigest()


@transaction.atomic
def report(
    case: Case,
    *,
    rule: Rule,
    key: str,
    text: str = "",
    email: str = "",
    is_good_faith: bool,
    by: User | None = None,
) -> Notice:
    """Somebody says that a text breaks a rule. ``key`` is of ``reporter_key``: the same person says it once.

    Raises ``AlreadyReported``, ``NoLongerShown``.
    """
    case = Case.objects.select_for_update().get(pk=case.pk)
    if earlier := Notice.objects.filter(case=case, reporter_key=key).first():
        raise errors.AlreadyReported(earlier.created_at, is_answered=earlier.answered_at is not None)
    if not case.is_shown:
        raise errors.NoLongerShown
    notice = Notice.objects.create(
        case=case,
        rule=rule,
        text=text,
        is_good_faith=is_good_faith,
        user=by,
        email=email,
        reporter_key=key,
        purge_on=timezone.localdate() + timedelta(days=settings.NOTICE_ADDRESS_DAYS) if email else None,
    )
    now = {"open_notices": F("open_notices") + 1, "first_notice_at": Coalesce("first_notice_at", Now())}
    Case.objects.filter(pk=case.pk).update(**now)
    if case.open_notices == 0:
        letters.alert(case)
    return notice


@transaction.atomic
def decide(case: Case, *, outcome: Outcome, rule: str = "", facts: str = "", after: int | None, by: User) -> Decision:
    """Judge a contribution, answer those who reported it, and let its room tell the author.

    ``after`` is the key of the last decision that the moderator read, None when there was none.
    Raises ``AlreadyDecided``, ``NothingToDecide``, ``ReasonMissing``.
    """
    kind = kind_of(case)
    case = Case.objects.select_for_update().get(pk=case.pk)
    last = Decision.objects.filter(case=case).select_related("by").last()
    if last and last.pk != after:
        raise errors.AlreadyDecided(name=str(last.by or ""), outcome=last.get_outcome_display())
    before, then = CaseState(case.state), LEADS_TO[outcome]
    _check(case, outcome, rule, facts)
    said = {"rule": rule, "facts": facts} if outcome != Outcome.KEEP else {"rule": "", "facts": ""}
    decision = Decision.objects.create(case=case, outcome=outcome, **said, by=by, follows=last)
    _close(case, decision, then)
    record("case.decided", case, by=by, outcome=str(outcome), rule=said["rule"], decision=decision.pk)
    if then != before:
        kind.judged(case, decision)
    letters.answer(decision)
    return decision


def _check(case: Case, outcome: Outcome, rule: str, facts: str) -> None:
    """Keeping what is shown says something only to those who reported it."""
    before, then = CaseState(case.state), LEADS_TO[outcome]
    answers = then == before == CaseState.SHOWN and case.open_notices > 0
    if then not in CASE_MOVES[before] and not answers:
        raise errors.NothingToDecide(case.get_state_display())
    if outcome != Outcome.KEEP and not (rule in Rule.values and facts.strip()):
        raise errors.ReasonMissing


def _close(case: Case, decision: Decision, then: CaseState) -> None:
    """The case takes its state, and the database its contribution; every notice finds its answer."""
    Notice.objects.filter(case=case, decision=None).update(decision=decision, answered_at=Now())
    changed = {"state_changed_at": Now()} if then != case.state else {}
    Case.objects.filter(pk=case.pk).update(
        state=then, is_shown=then == CaseState.SHOWN, open_notices=0, first_notice_at=None, **changed
    )
    case.refresh_from_db()


def purge_addresses(*, today: date | None = None) -> int:
    """Erase the addresses of those who reported, when their time is over; how many. Twice is harmless."""
    today, erased = today or timezone.localdate(), 0
    while batch := _purge_batch(today):
        erased += batch
    return erased


@transaction.atomic
def _purge_batch(today: date) -> int:
    due = Notice.objects.exclude(email="").filter(purge_on__lte=today).select_for_update(skip_locked=True)
    keys = list(due.order_by("purge_on", "pk").values_list("pk", flat=True)[:BATCH])
    return Notice.objects.filter(pk__in=keys).update(email="")


@transaction.atomic
def forget_reporter(user: User) -> None:
    """Somebody closes their account: what they said when reporting goes with it; that there was a notice stays."""
    Notice.objects.filter(user=user).update(user=None, email="", text="")
