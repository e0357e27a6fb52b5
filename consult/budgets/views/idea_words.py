"""Ideas in words: a line of the list, the head of a page, what became of one."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult import texts
from consult.budgets.choices import BudgetAct, SuggestionState
from consult.budgets.models import Project, Suggestion, SuggestionDraft
from consult.budgets.phases import closed
from consult.budgets.places import Drawing, Place, drawing
from consult.budgets.public import Shared
from consult.budgets.views.standing import is_known, takes_visitors
from consult.count_words import amount
from consult.views import who
from consult.views.kept import kept as kept_before
from consult.views.page_words import figure
from moderation.choices import CaseState
from pages.dates import clock, long_date

MOST_PLACES = 30  # of a list to choose from


@dataclass(frozen=True)
class Line:
    """An idea in a list. ``pill``: state and label, or None while it simply stands."""

    number: int
    title: str
    url: str
    excerpt: str
    place: str
    envelope: str
    cost: str
    supports: str
    author: str
    pill: dict[str, str] | None
    is_mine: bool  # the reader supports it
    may_support: bool


def line(idea: Suggestion, shared: Shared, *, supported: Iterable[int] = (), is_open: bool = False) -> Line:
    """``supported``: the keys of those that the reader supports; ``is_open``: one may support now."""
    is_project = getattr(idea, "is_project", False)
    return Line(
        number=idea.number,
        title=idea.title,
        url=address("idea", shared, idea.number),
        excerpt=texts.excerpt(idea.body),
        place=idea.place,
        envelope=str(idea.envelope) if idea.envelope and len(shared.envelopes) > 1 else "",
        cost=amount(idea.cost) if idea.cost is not None else "",
        supports=supports(idea.support_count),
        author=idea.author.name or _("Erased account"),
        pill=pill(idea, is_project=is_project),
        is_mine=idea.pk in set(supported),
        may_support=is_open and idea.state == SuggestionState.PUBLISHED,
    )


def address(name: str, shared: Shared, *more: Any) -> str:
    return reverse(f"budgets:{name}", args=[shared.slug, *more])


def supports(count: int) -> str:
    return ngettext("%(n)s support", "%(n)s supports", count) % {"n": figure(count)} if count else _("No support yet")


def pill(idea: Suggestion, *, is_project: bool) -> dict[str, str] | None:
    if idea.state == SuggestionState.WITHDRAWN:
        return {"state": "closed", "label": _("Withdrawn by its author")}
    if idea.state == SuggestionState.SET_ASIDE:
        return {"state": "dismissed", "label": _("Not taken up")}
    return {"state": "grouped", "label": _("Became a project")} if is_project else None


def status(idea: Suggestion) -> dict[str, Any] | None:
    """What became of it, in a sentence and its reason; None when it simply stands."""
    day = long_date(idea.state_changed_at)
    if idea.case.state == CaseState.WAITING:
        return {
            "kind": "info",
            "title": _("A moderator reads your idea before it is published."),
            "text": _("You alone can see this page for now. An e-mail tells you as soon as it is published."),
        }
    if idea.state == SuggestionState.WITHDRAWN:
        return {
            "kind": "closed",
            "title": _("Withdrawn by its author on %(day)s") % {"day": day},
            "text": idea.state_reason,
        }
    if idea.state == SuggestionState.SET_ASIDE:
        return {"kind": "closed", "title": _("Not taken up, on %(day)s") % {"day": day}, "text": idea.state_reason}
    return None


def support_panel(request: HttpRequest, shared: Shared, idea: Suggestion, *, is_mine: bool) -> dict[str, Any]:
    """What ``_support.html`` reads: the count, the button, or why there is none."""
    phase = shared.open_for(BudgetAct.SUPPORT)
    is_open = phase is not None and idea.state == SuggestionState.PUBLISHED and idea.is_shown
    over = "" if phase else str(closed(shared.phases, BudgetAct.SUPPORT, at=shared.at))
    return {
        "url": address("support", shared, idea.number),
        "count": figure(idea.support_count),
        "word": ngettext("support", "supports", idea.support_count),
        "is_open": is_open,
        "is_mine": is_mine,
        "until": _("You may support ideas until %(day)s.") % {"day": long_date(phase.closes_at)} if phase else "",
        "why_closed": over,
        "then": _then(request, shared),
        "is_visitor": who.visitor(request) is not None,
        "kept": is_open and not is_mine and bool(kept_before(request, kept_place(idea))),
    }


def kept_place(idea: Suggestion) -> str:
    """Of the session, for a support pressed before signing in."""
    return f"support {idea.pk}"


def _then(request: HttpRequest, shared: Shared) -> str:
    """What comes after pressing, for somebody who is not known yet."""
    if is_known(request, shared, BudgetAct.SUPPORT):
        return ""
    if takes_visitors(shared, BudgetAct.SUPPORT):
        return _("You press, then you confirm with an e-mail address: no account is needed.")
    return _("You press, then you sign in: one person, one support.")


def plan(ideas: Iterable[dict[str, Any]], shared: Shared) -> Drawing | None:
    """The ideas that have a point: rows of ``number``, ``title``, ``latitude``, ``longitude``."""
    return drawing(
        Place(one["number"], one["title"], address("idea", shared, one["number"]), one["latitude"], one["longitude"])
        for one in ideas
    )


def known_places(rows: Iterable[dict[str, Any]]) -> tuple[Drawing | None, list[Place]]:
    """The plan on which a point is chosen, and its list: rows of ``place``, ``latitude``, ``longitude``."""
    there = [
        Place(rank, one["place"], "", one["latitude"], one["longitude"])
        for rank, one in enumerate(sorted(rows, key=lambda one: slugify(one["place"]))[:MOST_PLACES], start=1)
    ]
    return drawing(there), there


def where(one: Suggestion | Project) -> str:
    """The point, as other plans take it: « 48.85341, 2.34880 »."""
    return "" if one.latitude is None else f"{one.latitude:.5f}, {one.longitude:.5f}"


def thanks(filed: Suggestion) -> str:
    if filed.is_shown:
        return _("Your idea is published under number %(number)d.") % {"number": filed.number}
    return _("Your idea is received under number %(number)d. A moderator reads it first.") % {"number": filed.number}


def supported(found: Suggestion) -> str:
    return _("You support idea no. %(number)d.") % {"number": found.number}


def supported_instead(found: Suggestion) -> str:
    said = _("You support idea no. %(number)d. Your draft is kept, in case you come back to it.")
    return said % {"number": found.number}


def kept(draft: SuggestionDraft) -> str:
    return _("Draft kept at %(hour)s. You alone can read it.") % {"hour": clock(draft.saved_at)}


def left(draft: SuggestionDraft) -> str:
    """What was found when coming back."""
    day = long_date(draft.saved_at)
    return _("This is your draft of %(day)s. It is erased on %(end)s.") % {"day": day, "end": long_date(draft.purge_on)}


def crumbs(shared: Shared, *trail: tuple[str, str]) -> dict[str, Any]:
    """The budget, then each (label, address); the last has none."""
    base = address("budget", shared)
    steps = [{"label": shared.page.title, "url": base}]
    steps += [{"label": label, "url": url} if url else {"label": label} for label, url in trail]
    return {"crumbs": steps, "base": base}
