"""The pages of a shared tablet: a code, a ballot, a receipt, and nothing left for the next person."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consult import texts
from consult.budgets import kiosks, receipts
from consult.budgets.actions import drafting, voting
from consult.budgets.actions import kiosks as acts
from consult.budgets.choices import BudgetAct
from consult.budgets.errors import PaperRefused
from consult.budgets.forms.kiosk import CodeForm
from consult.budgets.models import Kiosk
from consult.budgets.papers import Sheet, Typed
from consult.budgets.phases import closed
from consult.budgets.public import Shared
from consult.budgets.views import ballot as online
from consult.budgets.views import ballot_words as words
from consult.budgets.views import kiosk_seat, project_words
from consult.budgets.views.casting import key_of
from consult.budgets.views.kiosk_seat import Seated, seated, still_seated
from consult.budgets.views.opened import project_or_404, shared_or_404
from consult.budgets.views.voter import back_to
from consult.errors import RuleBroken
from consult.views.limits import is_held, wrong_codes_too_often
from pages.dates import long_date

WAITS = 20  # seconds during which one reads that a session is over


# --- letting somebody begin ---------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def kiosk(request: HttpRequest, slug: str) -> HttpResponse:
    """The code. ``?fin``: the session before is over. On a device that is no tablet, it says so."""
    shared = shared_or_404(slug)
    tablet = kiosk_seat.tablet_of(request, shared)
    if tablet is None:
        context = {"shared": shared, "page": shared.page}
        return render(request, "budgets/kiosk/not_here.html", context, status=409 if request.method == "POST" else 200)
    if kiosks.seat_of(tablet) is not None:
        return redirect("budgets:kiosk_ballot", slug)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and (said := _opened(request, shared, tablet, form)):
        return said
    phase = shared.open_for(BudgetAct.VOTE)
    context = {
        "shared": shared,
        "page": shared.page,
        "form": form,
        "place": tablet.place,
        "is_open": phase is not None,
        "why_closed": "" if phase else str(closed(shared.phases, BudgetAct.VOTE, at=shared.at)),
        "is_over": "fin" in request.GET,
        "waits": WAITS,
    }
    answer = render(request, "budgets/kiosk/code.html", context, status=422 if form.errors else 200)
    return kiosk_seat.forget(request, answer) if "fin" in request.GET else answer


def _opened(request: HttpRequest, shared: Shared, tablet: Kiosk, form: CodeForm) -> HttpResponse | None:
    """The session begins; None when it does not, and the form says why."""
    if is_held(tablet.pk):
        form.add_error("code", _("Too many wrong codes on this tablet. Wait ten minutes, or ask at the counter."))
        return None
    try:
        acts.sit_down(tablet, form.cleaned_data["code"])
    except RuleBroken as broken:
        wrong_codes_too_often(tablet.pk)
        form.add_error("code", str(broken))
        return None
    return kiosk_seat.forget(request, redirect("budgets:kiosk_ballot", shared.slug))


# --- choosing -----------------------------------------------------------------------------------------------------


@seated
@require_safe
def ballot(request: HttpRequest, seen: Seated) -> HttpResponse:
    with timezone.override(seen.shared.page.zone):
        if seen.phase is None:
            return _stopped(request, seen, seen.why_closed)
        return render(request, "budgets/kiosk/ballot.html", online.shown(request, seen))


@seated
@require_POST
def choose(request: HttpRequest, seen: Seated) -> HttpResponse:
    """A button of the page: ``choose``, ``drop``, ``up``, ``down`` a project; else what was typed is kept."""
    act, number = online.asked(request)
    said = online.typed(request)

    def change(paper: Sheet, kept: drafting.Pairs) -> drafting.Pairs:
        kept = said if said and (act == "keep" or seen.keeps_values) else kept
        if number is None:
            return kept
        if act == "choose":
            return drafting.one_more(paper, kept, number)
        if act == "drop":
            return drafting.one_less(paper, kept, number)
        return drafting.moved(kept, number, -1 if act == "up" else 1)

    try:
        acts.change_draft(seen.kiosk, seen.seat, seen.envelope, change)
    except PaperRefused as refused:
        messages.warning(request, str(refused))
    except RuleBroken as broken:
        return _stopped(request, seen, str(broken))
    return back_to(seen.address(theme=request.POST.get("theme", "")[:60]), f"projet-{number}" if number else "")


@seated
@require_safe
def project(request: HttpRequest, seen: Seated, number: int) -> HttpResponse:
    """All that one needs to choose, without a way out of the tablet."""
    found = project_or_404(seen.shared, number)
    with timezone.override(seen.shared.page.zone):
        context = _around(seen) | {
            "project": found,
            "line": project_words.line(found, seen.shared),
            "body": texts.shown_without_links(found.body),
            "back": f"{seen.url}#projet-{number}",
        }
        return render(request, "budgets/kiosk/project.html", context)


# --- casting ------------------------------------------------------------------------------------------------------


@seated
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, seen: Seated) -> HttpResponse:
    """What would be in the box, for good; then in the box. The receipt is shown in the answer, and kept nowhere."""
    if seen.phase is None or seen.paper is None:
        return back_to(seen.url)
    if request.method == "POST":
        return _cast(request, seen)
    if not seen.standing.draft or seen.stopped_by:
        return back_to(seen.url)
    return _checked(request, seen, seen.standing.draft)


def _checked(request: HttpRequest, seen: Seated, typed: Typed, *, refused: list[str] | None = None) -> HttpResponse:
    seen.standing = voting.Standing(seen.standing.entry, None, None, typed)
    board = words.Board(seen, seen.paper)
    context = _around(seen) | {
        "board": board,
        "basket": board.basket(),
        "refused": refused or board.judged[1],
        "key": uuid4(),
        "pairs": [f"{number}:{said}" for number, said in board.typed],
    }
    return render(request, "budgets/kiosk/check.html", context, status=422 if refused else 200)


def _cast(request: HttpRequest, seen: Seated) -> HttpResponse:
    """What is cast is what this page showed."""
    typed = [pair.partition(":")[::2] for pair in request.POST.getlist("pair")]
    try:
        done = acts.cast(seen.kiosk, seen.seat, seen.envelope, typed, key=key_of(request))
    except PaperRefused as refused:
        return _checked(request, seen, typed, refused=refused.reasons)
    except RuleBroken as broken:
        return _stopped(request, seen, str(broken))
    seen.standing = voting.Standing(seen.standing.entry, seen.standing.mark, done.choices)
    left = {one.pk for one in kiosks.left_for(seen.shared.budget, seen.seat.entry)}
    with timezone.override(seen.shared.page.zone):
        context = _around(seen) | {
            "basket": words.Board(seen, seen.paper).basket(),
            "code": receipts.shown(done.code),
            "day": long_date(seen.phase.closes_at) if seen.phase else "",
            "others": [(one, seen.address_of(one)) for one in seen.shared.envelopes if one.pk in left],
        }
        return render(request, "budgets/kiosk/cast.html", context)


# --- staying and leaving ------------------------------------------------------------------------------------------


@still_seated
@require_http_methods(["GET", "HEAD", "POST"])
def stay(request: HttpRequest, seen: Seated) -> HttpResponse:
    """« Êtes-vous toujours là ? » Shown before the end; sent, it gives two minutes more. ``quiet``: by a script."""
    back = _back(request, seen)
    if request.method == "POST":
        return HttpResponse(status=204) if "quiet" in request.POST else redirect(back)
    left = int((seen.seat.until - timezone.now()).total_seconds())
    context = _around(seen) | {"back": back, "left": max(left, 1)}
    return render(request, "budgets/kiosk/stay.html", context)


def _back(request: HttpRequest, seen: Seated) -> str:
    """A page of this tablet, or the ballot."""
    said = (request.POST if request.method == "POST" else request.GET).get("retour", "")
    is_ours = said.startswith(kiosk_seat.home(seen.shared.slug)) and "\\" not in said
    return said if is_ours and url_has_allowed_host_and_scheme(said, allowed_hosts=None) else seen.url


@still_seated
@require_POST
def leave(request: HttpRequest, seen: Seated) -> HttpResponse:
    """« J'ai terminé », « Quitter sans voter », or the two minutes seen by a script (``late``)."""
    acts.get_up(seen.kiosk)
    return kiosk_seat.forget(request, redirect(kiosk_seat.home(seen.shared.slug, over="late" in request.POST)))


def _stopped(request: HttpRequest, seen: Seated, why: str) -> HttpResponse:
    if getattr(request, "htmx", False):
        return HttpResponse(headers={"HX-Redirect": seen.url})
    return render(request, "budgets/kiosk/stopped.html", _around(seen) | {"why": why}, status=409)


def _around(seen: Seated) -> dict[str, Any]:
    return {
        "shared": seen.shared,
        "page": seen.shared.page,
        "voter": seen,
        "kind": seen.paper.rules.kind if seen.paper else "",
        "back_to_ballot": seen.url,
        "here": reverse("budgets:kiosk", args=[seen.shared.slug]),
    }
