"""Checking a ballot and casting it, changing it, taking it back."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from consult.budgets import receipts
from consult.budgets.actions import voting
from consult.budgets.actions.drafting import Pairs
from consult.budgets.choices import BudgetAct
from consult.budgets.errors import NotRegistered, PaperRefused
from consult.budgets.models import Envelope
from consult.budgets.public import Shared
from consult.budgets.views import ballot_words as words
from consult.budgets.views import following
from consult.budgets.views.opened import bare_or_404
from consult.budgets.views.voter import Voter, back_to, envelope_asked, stopped, voter
from consult.errors import RuleBroken
from consult.people import participant_of
from pages.dates import long_date, long_moment

UNPROCESSABLE = 422


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, slug: str) -> HttpResponse:
    """What would be in the box, then in the box. The receipt is shown in the answer, and is kept nowhere."""
    if request.method == "POST":
        return _cast(request, slug)
    seen = voter(request, slug)
    if seen.paper is None or seen.phase is None or not seen.standing.draft:
        return back_to(seen.url)
    return _checked(request, seen, words.Board(seen, seen.paper))


def _checked(request: HttpRequest, seen: Voter, board: words.Board, **more: Any) -> HttpResponse:
    key, refused = more.get("key") or uuid4(), more.get("refused") or board.judged[1]
    context = {
        "shared": seen.shared,
        "page": seen.shared.page,
        "voter": seen,
        "crumbs": words.crumbs(seen, _("Check my ballot")),
        "board": board,
        "kind": board.kind.value,
        "basket": board.basket(),
        "refused": refused,
        "key": key,
        "was": receipts.stamp(seen.standing.mark),
        "pairs": [f"{number}:{said}" for number, said in board.typed],
    }
    with timezone.override(seen.shared.page.zone):
        context["until"] = long_moment(seen.phase.closes_at) if seen.phase else ""
        status = UNPROCESSABLE if more.get("refused") else 200
        return render(request, "budgets/ballot/check.html", context, status=status)


def _cast(request: HttpRequest, slug: str) -> HttpResponse:
    """What is cast is what this page showed, whatever was chosen since in another window."""
    shared = bare_or_404(slug)
    envelope = envelope_asked(request, shared)
    if shared.open_for(BudgetAct.VOTE) is None:
        return back_to(voter(request, slug).url)
    typed = [pair.partition(":")[::2] for pair in request.POST.getlist("pair")]
    person, key = participant_of(request.user), key_of(request)
    try:
        done = voting.cast(shared.budget, envelope, typed, by=person, key=key, was=request.POST.get("was", ""))
    except RuleBroken as broken:
        return _not_cast(request, voter(request, slug), broken, typed)
    return _receipt(request, shared, envelope, done)


def _not_cast(request: HttpRequest, seen: Voter, broken: RuleBroken, typed: Pairs) -> HttpResponse:
    if seen.paper is None:
        return back_to(seen.url)
    if isinstance(broken, NotRegistered):
        return back_to(seen.register_url)
    if isinstance(broken, PaperRefused):
        seen.standing = voting.Standing(seen.standing.entry, seen.standing.mark, seen.standing.in_box, typed)
        return _checked(request, seen, words.Board(seen, seen.paper), refused=broken.reasons)
    text = "\n".join(line.title for line in words.Board(seen, seen.paper).basket().lines)
    return stopped(request, broken, back=seen.url, text=text)


def _receipt(request: HttpRequest, shared: Shared, envelope: Envelope, done: voting.Done) -> HttpResponse:
    """From what the act has just read: nothing of the ballot is asked again."""
    seen = Voter(
        shared=shared,
        envelope=envelope,
        paper=done.paper,
        phase=shared.open_for(BudgetAct.VOTE),
        standing=voting.Standing(done.entry, in_box=done.choices),
        is_known=True,
        who=f"account {request.user.pk}",
    )
    board = words.Board(seen, done.paper)
    page = shared.page
    with timezone.override(page.zone):
        context = {
            "shared": seen.shared,
            "page": page,
            "voter": seen,
            "crumbs": words.crumbs(seen, _("My ballot")),
            "basket": board.basket(),
            "kind": board.kind.value,
            "code": receipts.shown(done.code),
            "is_change": done.is_change,
            "until": long_moment(seen.phase.closes_at),
            "day": long_date(seen.phase.closes_at),
            "others": _others(seen),
            "told": following.result_panel(request, seen.shared),
        }
        return render(request, "budgets/ballot/cast.html", context)


def _others(seen: Voter) -> list[Envelope]:
    """Those that still wait for a ballot of theirs."""
    others = [one for one in seen.shared.envelopes if one.pk != seen.envelope.pk]
    return [one for one in others if one.pk not in seen.cast_on]


def key_of(request: HttpRequest) -> UUID:
    """That of the form; another where somebody sent none."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid4()


@never_cache
@login_required
@require_POST
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """``keep``: the change is given up, the ballot in the box stays."""
    seen = voter(request, slug)
    act = voting.give_up_change if "keep" in request.POST else voting.begin_change
    try:
        act(seen.shared.budget, seen.envelope, by=participant_of(request.user))
    except NotRegistered:
        return back_to(seen.register_url)
    except RuleBroken as broken:
        return stopped(request, broken, back=seen.url)
    return back_to(seen.url)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    """Asked once more, then done."""
    seen = voter(request, slug)
    if request.method != "POST":
        if seen.phase is None or seen.standing.in_box is None:
            return back_to(seen.url)
        crumbs = words.crumbs(seen, _("Take my ballot back"))
        with timezone.override(seen.shared.page.zone):
            context = {
                "page": seen.shared.page,
                "voter": seen,
                "crumbs": crumbs,
                "until": long_moment(seen.phase.closes_at),
            }
            return render(request, "budgets/ballot/withdraw.html", context)
    try:
        voting.withdraw(seen.shared.budget, seen.envelope, by=participant_of(request.user))
    except NotRegistered:
        return back_to(seen.register_url)
    except RuleBroken as broken:
        return stopped(request, broken, back=seen.url)
    messages.success(request, _("Your ballot is no longer in the box: you have not voted."))
    return back_to(seen.url)
