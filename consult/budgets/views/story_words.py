"""The story of a project as its page tells it: words and figures ready for ``budgets/_story.html``."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.budgets import policies, stories
from consult.budgets.choices import ProjectState
from consult.budgets.models import Project
from consult.budgets.results import is_public
from consult.count_words import amount
from consult.views import who
from pages.dates import long_date


def shown(project: Project) -> dict[str, Any]:
    """Moments, pictures and money; ``silence`` is a sentence when nothing was told for six months."""
    story = stories.of(project)
    return {
        "moments": story.moments,
        "photos": story.photos,
        "silence": _silence(story),
        "result_url": reverse("budgets:results", args=[project.budget.page.slug]) if is_public(project.budget) else "",
        "last_news": long_date(story.last_news) if story.last_news else "",
        "money": _money(story.money),
    }


def silent_for(months: int) -> str:
    """« sans nouvelle depuis 7 mois »."""
    said = ngettext("No news for %(n)d month", "No news for %(n)d months", months)
    return said % {"n": months} if months else ""


def _silence(story: stories.Story) -> str:
    return silent_for(story.silent_months)


def _money(money: stories.Money | None) -> dict[str, Any] | None:
    """``done`` out of ``total`` for the bar, in euros; the table of payments."""
    if money is None:
        return None
    words = {"paid": amount(money.paid), "cost": amount(money.cost), "share": money.share}
    return {
        "title": _("%(paid)s paid, of %(cost)s planned") % words,
        "note": _("%(share)d%% of what was planned") % words,
        "over": _("%(over)s more than planned.") % {"over": amount(money.over)} if money.over else "",
        "done": min(money.paid, money.cost) // 100,
        "total": max(money.cost // 100, 1),
        "columns": [{"label": _("Paid on")}, {"label": _("For what")}, {"label": _("Amount"), "number": True}],
        "rows": [[long_date(one.on), one.label, amount(one.amount)] for one in money.lines],
    }


def follow(request: HttpRequest, project: Project) -> dict[str, Any]:
    """What the button to follow reads; nothing where no news will come."""
    is_followed = policies.follows_of(who.reader(request)).filter(project=project).exists()
    if project.state in stories.ENDS - {ProjectState.REALISED} and not is_followed:
        return {}
    return {
        "url": reverse("budgets:follow_project", args=[project.budget.page.slug, project.number]),
        "is_followed": is_followed,
    }
