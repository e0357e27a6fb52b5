"""What voters were promised, against what a draft would say now."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from consult.budgets.choices import BudgetPhaseKind
from consult.budgets.models import Budget, BudgetPhase, FrozenRegulation
from consult.budgets.phases import clock


def broken(
    budget: Budget, *, envelopes: Iterable[Any], conditions: Iterable[Any], phases: Iterable[Any]
) -> dict[str, str]:
    """What these rows of a draft would change of a frozen budget: name → words. Empty before it is frozen.

    The closing hour is the one that is public now: a ballot that was prolonged by its own act closes at the new one.
    """
    frozen = FrozenRegulation.objects.filter(budget=budget).first()
    if frozen is None:
        return {}
    wrong = {}
    if _money(envelopes) != sorted(map(list, frozen.content["envelopes"])):
        wrong["envelopes"] = _("the envelopes and their amounts")
    if [[one.kind, one.value, one.words] for one in conditions] != frozen.content["conditions"]:
        wrong["conditions"] = _("who may vote")
    return wrong | _hours(budget, phases)


def _money(envelopes: Iterable[Any]) -> list[list[Any]]:
    return sorted([one.pk or 0, one.title, one.kind, one.amount] for one in envelopes)


def _hours(budget: Budget, phases: Iterable[Any]) -> dict[str, str]:
    """The closing hour; and the opening one, once it has passed."""
    public = BudgetPhase.objects.get(page_id=budget.page_id, kind=BudgetPhaseKind.BALLOT)
    typed: Sequence[Any] = [one for one in phases if one.kind == BudgetPhaseKind.BALLOT]
    if len(typed) != 1 or typed[0].closes_at != public.closes_at:
        return {"closes_at": _("the hour at which the ballot closes")}
    if typed[0].opens_at != public.opens_at and public.opens_at <= clock():
        return {"opens_at": _("the hour at which the ballot opened")}
    return {}
