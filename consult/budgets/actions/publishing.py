"""Publishing a budget: complete or not at all, its dates moved in front of everybody, nothing frozen changed."""

from collections.abc import Callable
from typing import Any

from django.db import models, transaction

from accounts.models import User
from consult.actions import announcing
from consult.budgets import checklist, phases, policies, promises
from consult.budgets.errors import BudgetNotReady, EnvelopeInUse, PromiseBroken
from consult.budgets.models import Budget, BudgetPage, BudgetPhase
from journal.actions import record


def publish(page: BudgetPage, *, then: Callable[[], None]) -> None:
    """Make a draft public by Wagtail's own save (``then``), whoever asks: an editor, a workflow, the clock.

    The regulation is that of ``regulating.regulate``: no revision brings another one back. Raises ``BudgetNotReady``,
    ``ReasonMissing``, ``EnvelopeInUse``, and ``PromiseBroken``, which the journal keeps.
    """
    budget = Budget.objects.filter(page=page).first()
    if budget is None:  # a translation: words only
        then()
        return
    try:
        with transaction.atomic():
            _publish(budget, page, then)
    except PromiseBroken as refused:
        refuse(budget, refused.parts, by=page.live_revision.user)
        raise


def refuse(budget: Budget, parts: list[str], *, by: User | None) -> None:
    """Somebody tried to change what was frozen: the journal says who, when and what."""
    record("budget.change_refused", budget, by=by, parts=parts)


def _publish(budget: Budget, page: BudgetPage, then: Callable[[], None]) -> None:
    if missing := checklist.missing(page):
        raise BudgetNotReady([str(point.words) for point in missing])
    phases.alone(budget)
    page.rules = BudgetPage.objects.values_list("rules", flat=True).get(pk=page.pk)
    _keep_promises(budget, page)
    then()
    rows = BudgetPhase.objects.filter(page=page)
    by = page.live_revision.user
    announcing.announce(budget, rows, reason=page.dates_reason, by=by, first="budget.published", moved="budget.phase_")


def _keep_promises(budget: Budget, page: BudgetPage) -> None:
    if told := broken_by(budget, page):
        raise PromiseBroken(told)
    kept = {one.pk for one in page.envelopes.all()}
    for lost in policies.envelopes_in_use(page):
        if lost.pk not in kept:
            raise EnvelopeInUse(lost.title)


def broken_by(budget: Budget, draft: BudgetPage) -> dict[str, str]:
    """What this draft would change of what was frozen: name → words."""
    rows = {"conditions": draft.conditions.all(), "phases": draft.phases.all()}
    return promises.broken(budget, envelopes=list(draft.envelopes.all()), **rows)


@transaction.atomic
def make_template(page: BudgetPage, *, by: User) -> int:
    """Ready the copy of a budget to be a new one: a draft, its dates later by whole weeks. How many weeks.

    The regulation comes along; ideas, projects and ballots do not. A number for lots is drawn once, not copied.
    """
    draft: Any = page.get_latest_revision_as_object()
    draft.rules = _without_lots(page.rules)
    weeks = announcing.put_off(draft)
    announcing.keep_as_draft(page, draft, by=by)
    return weeks


def _without_lots(rules: dict[str, Any]) -> dict[str, Any]:
    count = rules.get("count", {})
    ties = [tie for tie in count.get("ties", []) if tie != "drawn_lots"]
    return rules | {"count": count | {"ties": ties, "seed": ""}} if count else rules


def forget(budgets: models.QuerySet[Budget]) -> None:
    """Before their pages are deleted: nothing was written in them. Raises ``ProtectedError`` otherwise."""
    budgets.delete()
