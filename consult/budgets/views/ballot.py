"""The page of a ballot: its projects, in one's own order, and what one has chosen; without JavaScript."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from consult.budgets.actions import drafting
from consult.budgets.choices import BallotKind
from consult.budgets.errors import NotRegistered, PaperRefused
from consult.budgets.papers import whole
from consult.budgets.views import ballot_words as words
from consult.budgets.views.opened import shared_or_404
from consult.budgets.views.voter import Voter, back_to, stopped, voter
from consult.errors import RuleBroken
from consult.models import Participant
from consult.people import participant_of
from pages.dates import long_moment

VALUE = "v_"


@never_cache
@require_safe
def ballot(request: HttpRequest, slug: str) -> HttpResponse:
    """``enveloppe`` and ``theme``: what is shown. Whatever the phase, it says when one votes."""
    seen = voter(request, slug)
    with timezone.override(seen.shared.page.zone):
        return render(request, "budgets/ballot/ballot.html", shown(request, seen))


def shown(request: HttpRequest, seen: Voter) -> dict[str, Any]:
    context = {
        "shared": seen.shared,
        "page": seen.shared.page,
        "voter": seen,
        "crumbs": words.crumbs(seen, _("My ballot")),
        "tabs": words.tabs(seen),
        "until": long_moment(seen.phase.closes_at) if seen.phase else "",
        "url": seen.url,
    }
    if seen.paper is None:
        return context
    board = words.Board(seen, seen.paper, theme=request.GET.get("theme", "")[:60])
    may_choose = bool(seen.phase and not seen.stopped_by and (seen.standing.mark is None or seen.standing.in_box))
    return context | {
        "title": words.title(seen.paper),
        "lead": words.lead(seen.paper),
        "board": board,
        "kind": board.kind.value,
        "cards": board.cards(),
        "ranking": board.ranking() if board.kind == BallotKind.RANKING else [],
        "mentions": list(enumerate(seen.paper.rules.mentions)),
        "basket": board.basket(),
        "chips": words.chips(board),
        "many": len(seen.paper.options),
        "may_choose": may_choose and not board.is_cast,
        "has_voted": seen.standing.mark is not None and seen.standing.in_box is None,
    }


@never_cache
@require_POST
def choose(request: HttpRequest, slug: str) -> HttpResponse:
    """A button of the page: ``choose``, ``drop``, ``up``, ``down`` a project; else what was typed is kept."""
    seen = voter(request, slug)
    if not seen.is_known:
        return redirect_to_login(seen.url)
    act, number = asked(request)
    try:
        _act(request, seen, participant_of(request.user), act, number)
    except NotRegistered:
        return back_to(f"{seen.register_url}")
    except PaperRefused as refused:
        messages.warning(request, str(refused))
    except RuleBroken as broken:
        return stopped(request, broken, back=seen.url)
    return back_to(seen.address(theme=request.POST.get("theme", "")[:60]), f"projet-{number}" if number else "")


def asked(request: HttpRequest) -> tuple[str, int | None]:
    """Which button was pressed, and the number of its project; « keep » for none."""
    for act in ("choose", "drop", "up", "down"):
        if act in request.POST:
            number = whole(request.POST[act])
            if number is None:
                raise Http404
            return act, number
    return "keep", None


def _act(request: HttpRequest, seen: Voter, person: Participant, act: str, number: int | None) -> None:
    budget, envelope = seen.shared.budget, seen.envelope
    if (said := typed(request)) and (act == "keep" or seen.keeps_values):
        drafting.keep_draft(budget, envelope, said, by=person)
    if number is None:
        return
    if act == "choose":
        drafting.choose(budget, envelope, number, by=person)
    elif act == "drop":
        drafting.drop(budget, envelope, number, by=person)
    else:
        drafting.move(budget, envelope, number, places=-1 if act == "up" else 1, by=person)


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """The values of a form: ``v_17=3``, those left empty left out."""
    pairs = ((name.removeprefix(VALUE), said.strip()) for name, said in request.POST.items() if name.startswith(VALUE))
    return [(number, said) for number, said in pairs if said]


@require_safe
def secrecy(request: HttpRequest, slug: str) -> HttpResponse:
    """How names and choices are kept apart, and how far."""
    shared = shared_or_404(slug)
    crumbs = [{"label": shared.page.title, "url": shared.page.get_absolute_url()}, {"label": _("Secrecy"), "url": ""}]
    return render(request, "budgets/ballot/secrecy.html", {"shared": shared, "page": shared.page, "crumbs": crumbs})
