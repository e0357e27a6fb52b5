"""A visitor gives an address, then confirms from their mailbox: opening the link writes nothing, its button does."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from consult import awaiting, policies
from consult.actions import visiting
from consult.choices import SIGNED, Awaited
from consult.errors import HasAnAccount, RuleBroken
from consult.forms.visiting import AddressForm
from consult.models import Consultation, VisitorAct
from consult.views import held, limits, page_words, visiting_words, who
from consult.views.opened import asked_or_404
from consult.views.refusing import refused
from consult.visitor_letters import act_of
from pages.dates import full_date


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: HttpRequest, slug: str) -> HttpResponse:
    """Where one who has no account gives an address; once it is given, what to do next."""
    asked = asked_or_404(slug)
    with timezone.override(asked.page.zone):
        waits = held.held(request, held.place_of(asked.consultation))
        if not waits:
            return redirect("consult:visits")
        takes_code = who.goes_by_a_list(asked, visiting.ACT_OF.get(Awaited(waits["kind"])))
        base = page_words.address("consultation", asked)
        return asking(request, waits, Place(asked.page.title, base, asked.consultation, takes_code))


@dataclass(frozen=True)
class Place:
    """Where a visitor wrote, as the page that asks for an address says it. ``base``: the address of its page."""

    title: str
    base: str
    consultation: Consultation | None = None
    takes_code: bool = False


def asking(request: HttpRequest, waits: dict[str, Any], place: Place) -> HttpResponse:
    """The page that asks for an address, for what ``held`` gave; of a consultation, and of the rooms above."""
    fields = {"is_signed": Awaited(waits["kind"]) in SIGNED, "takes_code": place.takes_code}
    if request.method != "POST":
        return _asking(request, place, waits, AddressForm(initial={"email": waits.get("email", "")}, **fields))
    form = AddressForm(request.POST, **fields)
    if not form.is_valid():
        return _asking(request, place, waits, form, status=422)
    if limits.asks_too_often(request, form.cleaned_data["email"]):
        return _asking(request, place, waits, form, status=429)
    return _sent(request, place, waits, form)


def _sent(request: HttpRequest, place: Place, waits: dict[str, Any], form: AddressForm) -> HttpResponse:
    given = form.cleaned_data
    try:
        act = visiting.wait(
            place.consultation,
            Awaited(waits["kind"]),
            waits["typed"] | {"code": given.get("code", "")},
            email=given["email"],
            name=given.get("name", ""),
            browser=held.browser(request),
            key=UUID(waits["key"]),
        )
    except RuleBroken as broken:
        return refused(request, broken, back=waits["back"], text=waits["said"])
    held.sent(request, email=given["email"], until=full_date(act.purge_on))
    return redirect(request.path)


def _asking(
    request: HttpRequest, place: Place, waits: dict[str, Any], form: AddressForm, *, status: int = 200
) -> HttpResponse:
    is_sent = "until" in waits and "corriger" not in request.GET and not form.is_bound
    context = {
        "form": form,
        "waits": waits,
        "what": visiting_words.kept(Awaited(waits["kind"])),
        "is_sent": is_sent,
        "is_vote": Awaited(waits["kind"]) not in SIGNED,
        "too_many": status == 429,
        "sign_in_url": redirect_to_login(waits["next"]).url,
        "is_budget": place.consultation is None,
        "crumbs": visiting_words.crumbs(place.title, place.base),
        "base": place.base,
    }
    return render(request, "consult/visitor_address.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """What the link of the letter opens. The button confirms all that the same browser wrote meanwhile."""
    act = get_object_or_404(policies.acts_to_confirm(), pk=act_of(token))
    if request.method != "POST":
        return _confirming(request, act)
    shown = {one for one in request.POST.getlist("act") if one.isascii() and one.isdigit()}
    waiting = [one for one in visiting.waiting_with(act) if str(one.pk) in shown]
    if not waiting:
        return redirect("consult:confirm", token)
    try:
        done, left = _tried(request, waiting)
    except HasAnAccount:
        return redirect("consult:confirm", token)
    for one in done:
        messages.success(request, visiting_words.confirmed(Awaited(one.kind)))
    if left:
        return _confirming(request, act, left=left, status=409)
    held.let_go(request)
    return redirect(done[0].url if len(done) == 1 and done[0].url else "consult:visits")


def _tried(request: HttpRequest, waiting: list[VisitorAct]) -> tuple[list[VisitorAct], list[dict[str, Any]]]:
    """Those that are done, and those that a rule refused, with why. Raises ``HasAnAccount``."""
    done, left = [], []
    for one in waiting:
        page = awaiting.page_of(one)
        with timezone.override(page.zone if page else None):
            try:
                done.append(_confirmed(request, one))
            except HasAnAccount:
                raise
            except RuleBroken as broken:
                left.append(visiting_words.left(one, str(broken)))
            except ObjectDoesNotExist:
                left.append(visiting_words.left(one, _("What you answered is no longer there.")))
    return done, left


def _confirmed(request: HttpRequest, act: VisitorAct) -> VisitorAct:
    by = request.user if request.user.is_authenticated else None
    done, person = visiting.confirm(act, by=by)
    if person is not None and person.user_id is None:
        who.remember(request, person)
    return done


def _confirming(
    request: HttpRequest, act: VisitorAct, *, left: list[dict[str, str]] | None = None, status: int = 200
) -> HttpResponse:
    account = visiting.account_of(act)
    context = {
        "act": act,
        "acts": [visiting_words.waiting(one) for one in visiting.waiting_with(act)] if not left else [],
        "left": left,
        "is_known": Awaited(act.kind) == Awaited.RECOGNISE,
        "has_account": account is not None,
        "is_signed_in": account is not None and account == request.user,
        "sign_in_url": redirect_to_login(request.path).url,
    }
    response = render(request, "consult/visitor_confirm.html", context, status=status)
    # The address is a key: no other site hears of it, no search engine keeps it.
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
