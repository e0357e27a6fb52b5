"""What somebody without an account does in a budget: kept, confirmed from their mailbox, done then by the usual acts.

``consult.actions.visiting`` keeps and confirms; here is what it asks (``consult.awaiting``).
"""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from consult import awaiting, texts
from consult.budgets import phases, policies
from consult.budgets.actions.suggestions import Written, file
from consult.budgets.actions.supports import support
from consult.budgets.choices import BudgetAct
from consult.budgets.models import Budget, BudgetPage, BudgetPhase, Envelope
from consult.choices import Awaited
from consult.models import Participant

Typed = dict[str, Any]


def idea_typed(budget: Budget, written: Written, *, key: UUID) -> Typed:
    """What waits of an idea: plain values. No file waits: who is not known yet attaches none."""
    return {
        "budget": budget.pk,
        "title": written.title,
        "body": written.body,
        "envelope": written.envelope.pk if written.envelope else None,
        "place": written.place,
        "at": [str(one) for one in written.at] if written.at else None,
        "cost": written.cost,
        "key": str(key),
    }


def form_of(typed: Typed) -> dict[str, Any]:
    """The same, as the form takes it again."""
    latitude, longitude = typed["at"] or ("", "")
    told = {name: typed[name] for name in ("title", "body", "place", "cost", "key")}
    return told | {"envelope": str(typed["envelope"] or ""), "latitude": latitude, "longitude": longitude}


def support_typed(budget: Budget, number: int, title: str) -> Typed:
    return {"budget": budget.pk, "idea": number, "title": title}


def declare() -> None:
    """Called once, when the apps are ready."""
    awaiting.declare(Awaited.IDEA, awaiting.Door(_page, _suggesting, _file, _written_said))
    awaiting.declare(Awaited.SUPPORT, awaiting.Door(_page, _supporting, _support, _support_said))
    awaiting.declare_list(_theirs)


def _page(typed: Typed) -> BudgetPage | None:
    found = Budget.objects.filter(pk=typed["budget"]).select_related("page").first()
    return found.page if found else None


def _budget(typed: Typed) -> Budget:
    """Of a page that is still public. Raises ``Budget.DoesNotExist``."""
    return policies.budgets().select_related("page").get(pk=typed["budget"])


def _suggesting(typed: Typed) -> BudgetPhase:
    return phases.admit(_budget(typed), BudgetAct.SUGGEST)


def _supporting(typed: Typed) -> BudgetPhase:
    return phases.admit(_budget(typed), BudgetAct.SUPPORT)


def _file(typed: Typed, by: Participant) -> str:
    latitude, longitude = typed["at"] or (None, None)
    written = Written(
        title=typed["title"],
        body=typed["body"],
        envelope=Envelope.objects.filter(pk=typed["envelope"]).first(),
        place=typed["place"],
        at=(Decimal(latitude), Decimal(longitude)) if latitude and longitude else None,
        cost=typed["cost"],
    )
    return file(_budget(typed), written, by=by, key=UUID(typed["key"])).get_absolute_url()


def _support(typed: Typed, by: Participant) -> str:
    return f"{support(_budget(typed), typed['idea'], by=by).get_absolute_url()}#soutien"


def _written_said(typed: Typed) -> str:
    return f"{typed['title']}\n\n{texts.said(typed['body'])}"


def _support_said(typed: Typed) -> str:
    return _("No. %(number)d: %(title)s") % {"number": typed["idea"], "title": typed["title"]}


def _theirs(person: Participant) -> list[dict[str, Any]]:
    """For the page where somebody without an account reads again what they did."""
    ideas = [_line(one) for one in policies.ideas_of(person)]
    supported = [_line(one) for one in policies.ideas_supported_by(person)]
    lists = [{"title": _("Ideas"), "rows": ideas}, {"title": _("Ideas supported"), "rows": supported}]
    return [one for one in lists if one["rows"]]


def _line(idea: Any) -> dict[str, str]:
    said = _("No. %(number)d: %(title)s") % {"number": idea.number, "title": idea.title}
    return {"label": said, "url": idea.get_absolute_url(), "where": idea.budget.page.title}
