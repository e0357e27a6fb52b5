"""The page of a budget in words: how much is shared out, what is open until when, and the next thing to do."""

from datetime import datetime
from typing import Any

from django.urls import is_valid_path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.budgets import policies, results
from consult.budgets.choices import BudgetPhaseKind, EnvelopeKind, ProjectState
from consult.budgets.models import BudgetPhase
from consult.budgets.public import Shared
from consult.count_words import amount
from consult.views.page_words import SOON, figure, moment, time_left
from consult.views.page_words import moves as asked_moves
from journal.models import Entry
from pages.dates import long_date, long_moment, short_date

WRITING = (BudgetPhaseKind.IDEAS, BudgetPhaseKind.BALLOT)


def kicker(page: Any) -> str:
    if page.administration:
        return _("Participatory budget · %(administration)s") % {"administration": page.administration.name}
    return _("Participatory budget")


def now(shared: Shared) -> BudgetPhase | None:
    """The phase that runs: the ballot first, then the one that began last."""
    running = [one for one in shared.phases if one.opens_at <= shared.at < one.closes_at]
    return max(running, key=lambda one: (one.kind == BudgetPhaseKind.BALLOT, one.opens_at), default=None)


def state(shared: Shared) -> dict[str, str]:
    """The pill, and the sentence beside it."""
    running = now(shared)
    if running is not None:
        return _running(running, shared)
    to_come = [one for one in shared.phases if one.opens_at > shared.at]
    if to_come:
        said = _("%(phase)s: opens on %(moment)s") % {"phase": to_come[0], "moment": moment(to_come[0].opens_at)}
        return {"state": "coming", "label": "", "sentence": said}
    if shared.phases:
        last = max(one.closes_at for one in shared.phases)
        return {"state": "closed", "label": "", "sentence": _("Over since %(day)s") % {"day": long_date(last)}}
    return {"state": "coming", "label": "", "sentence": ""}


def _running(phase: BudgetPhase, shared: Shared) -> dict[str, str]:
    closes = _("Closes on %(moment)s") % {"moment": moment(phase.closes_at)}
    if phase.kind not in WRITING:
        return {"state": "underway", "label": str(phase), "sentence": closes}
    left = phase.closes_at - shared.at
    label = _("%(phase)s: %(left)s left") % {"phase": phase, "left": time_left(left)}
    return {"state": "ending" if left <= SOON else "open", "label": label, "sentence": closes}


def main_act(shared: Shared, *, is_frozen: bool) -> dict[str, str] | None:
    """The next thing to do, one for each phase; None while there is nothing."""
    if shared.budget.pk is None:
        return None
    if results.is_public(shared.budget) and (url := address(shared, "resultats/")):
        return {"url": url, "label": _("Read the results"), "text": ""}
    running = now(shared)
    if running is None:
        return None
    return next((act for act in _acts(shared, running.kind, is_frozen=is_frozen) if act["url"]), None)


def _acts(shared: Shared, kind: str, *, is_frozen: bool) -> list[dict[str, str]]:
    """The best first; those whose page is not there are left out."""
    ideas = {"url": address(shared, "idees/"), "label": _("Read the ideas"), "text": ""}
    projects = {"url": address(shared, "projets/"), "label": _("Read the projects"), "text": ""}
    file = {"url": address(shared, "idees/nouvelle/"), "label": _("File an idea"), "text": ""}
    vote = {"url": address(shared, "bulletin/"), "label": _("Prepare my ballot"), "text": ""}
    waits = projects | {"text": _("The ballot is being made ready. Come back in a moment to vote.")}
    by_kind = {
        BudgetPhaseKind.IDEAS: [file, ideas],
        BudgetPhaseKind.MERGE: [ideas, projects],
        BudgetPhaseKind.STUDY: [projects, ideas],
        BudgetPhaseKind.BALLOT: [vote, projects] if is_frozen else [waits],
        BudgetPhaseKind.COUNT: [projects | {"text": _("Ballots are being counted. Nothing is told before the end.")}],
        BudgetPhaseKind.REALISATION: [projects | {"label": _("Follow the projects")}],
    }
    return by_kind[BudgetPhaseKind(kind)]


def links(shared: Shared, *, main: dict[str, str] | None) -> list[dict[str, str]]:
    """The other pages of the budget that exist, without the one of the main button."""
    if shared.budget.pk is None:
        return []
    begun = {one.kind for one in shared.phases if one.opens_at <= shared.at}
    wanted = [
        (BudgetPhaseKind.IDEAS, "idees/", _("The ideas")),
        (BudgetPhaseKind.MERGE, "projets/", _("The projects")),
        (BudgetPhaseKind.BALLOT, "bulletin/", _("My ballot")),
    ]
    found = [(address(shared, tail), label) for kind, tail, label in wanted if kind in begun]
    if results.is_public(shared.budget):
        found.append((address(shared, "resultats/"), _("The results")))
        found.append((address(shared, "depouillement/"), _("The count, to be checked")))
    used = main["url"] if main else ""
    return [{"url": url, "label": label} for url, label in found if url and url != used]


def team_links(shared: Shared) -> list[dict[str, str]]:
    """Where those who run the budget do their part, in the order in which they do it."""
    names = (
        ("regroup", _("Group ideas")),
        ("study_board", _("Studies and works")),
        ("counting", _("Count the ballots")),
    )
    return [
        {"url": reverse(f"budgets:{name}", args=[shared.budget.page.slug]), "label": label} for name, label in names
    ]


def address(shared: Shared, tail: str) -> str:
    """An address of the contract below the budget; "" while nobody answers there."""
    url = reverse("budgets:budget", args=[shared.slug]) + tail
    return url if is_valid_path(url) else ""


def facts(shared: Shared) -> list[dict[str, str]]:
    """What is shared out, what was filed, what is voted: never how many voted before the result is told."""
    shown = [{"label": _("To share out"), "value": amount(shared.total), "note": _in_envelopes(len(shared.envelopes))}]
    if shared.page.population:
        word = shared.page.population_word or _("inhabitants")
        shown.append({"label": _("People concerned"), "value": figure(shared.page.population), "note": word})
    if shared.budget.pk is None:
        return shown
    day = _("on %(day)s") % {"day": short_date(shared.at)}
    ideas, projects = _ideas(shared), policies.projects(shared.budget).exclude(state__in=UNSEEN).count()
    shown += [{"label": _("Ideas"), "value": figure(ideas), "note": day}] if ideas else []
    return shown + ([{"label": _("Projects"), "value": figure(projects), "note": day}] if projects else [])


UNSEEN = (ProjectState.WITHDRAWN, ProjectState.NOT_RETAINED)


def _ideas(shared: Shared) -> int:
    return policies.ideas(shared.budget).count()


def _in_envelopes(many: int) -> str:
    return ngettext("in %(n)d envelope", "in %(n)d envelopes", many) % {"n": many} if many > 1 else ""


def envelopes(shared: Shared) -> list[dict[str, str]]:
    """Each with its amount, and its share of the whole in percent."""
    total = shared.total or 1
    return [
        {
            "title": one.title,
            "kind": EnvelopeKind(one.kind).label,
            "amount": amount(one.amount),
            "share": str(round(100 * one.amount / total)),
        }
        for one in shared.envelopes
    ]


def closed(shared: Shared) -> dict[str, str] | None:
    """What every page says once the ballot is over and before the result is told."""
    ballot = shared.phase(BudgetPhaseKind.BALLOT)
    if ballot is None or shared.at < ballot.closes_at or shared.budget.pk is None or results.is_public(shared.budget):
        return None
    said = _("The vote is now closed, since %(moment)s.") % {"moment": moment(ballot.closes_at)}
    return {"title": said, "text": _("The result is told once the count is signed.")}


def moves(entries: list[Entry]) -> list[str]:
    """Each time the dates moved, in sentences; a prolonged ballot says who signed it."""
    prolonged = [_prolonged(one) for one in entries if one.verb == "budget.prolonged"]
    return prolonged + asked_moves((one for one in entries if one.verb != "budget.prolonged"), BudgetPhaseKind)


def _prolonged(entry: Entry) -> str:
    before, after = (datetime.fromisoformat(entry.details[name]) for name in ("before", "after"))
    return _(
        "The vote closes on %(after)s instead of %(before)s, because: %(reason)s. Signed by %(name)s on %(day)s."
    ) % {
        "after": long_moment(after),
        "before": long_moment(before),
        "reason": entry.details["reason"].rstrip(". "),
        "name": entry.details["signed_as"],
        "day": long_date(entry.at),
    }
