"""The door of a shared tablet: which tablet this is, who stands before it, and how nothing of them is left.

The tablet is known by a cookie of its own, sent to its own pages alone: elsewhere on the site it is nobody.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

from consult.budgets import kiosks
from consult.budgets.actions import kiosks as acts
from consult.budgets.choices import BudgetAct
from consult.budgets.models import BallotOption, Envelope, Kiosk, KioskPass
from consult.budgets.papers import sheet
from consult.budgets.public import Shared
from consult.budgets.views.opened import shared_or_404
from consult.budgets.views.voter import Voter, envelope_asked, query
from pages import display

COOKIE = "borne"
# What somebody may have chosen for themselves: the next one meets the tablet as it was opened.
LEFT_BEHIND = ("messages", display.COOKIE)


@dataclass
class Seated(Voter):
    """Who stands before a tablet: a voter whose pages are those of the tablet, and whom no account follows."""

    kiosk: Kiosk
    seat: KioskPass

    def address_of(self, envelope: Envelope, **more: str) -> str:
        url = reverse("budgets:kiosk_ballot", args=[self.shared.slug])
        return url + query(envelope, len(self.shared.envelopes) > 1, **more)

    def project_url(self, option: BallotOption) -> str:
        url = reverse("budgets:kiosk_project", args=[self.shared.slug, option.number])
        return url + query(self.envelope, len(self.shared.envelopes) > 1)

    @property
    def must_register(self) -> bool:
        return False

    @property
    def stamp(self) -> str:
        """What every form of this session says."""
        return kiosks.stamp(self.seat)


def tablet_of(request: HttpRequest, shared: Shared) -> Kiosk | None:
    """The tablet that this browser is, while it is open."""
    kiosk = kiosks.of_secret(shared.budget, request.COOKIES.get(COOKIE, ""))
    if kiosk is not None:
        kiosk.budget = shared.budget  # its page is already here
    return kiosk


def remember(response: HttpResponse, slug: str, secret: str) -> None:
    """This browser is a tablet from now on, on its own pages."""
    response.set_cookie(
        COOKIE,
        secret,
        max_age=kiosks.DAY,
        path=reverse("budgets:kiosk", args=[slug]),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def forget(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Nothing of who stood here stays in the browser: language, display, messages, an account, a form left open."""
    if request.session.session_key or request.user.is_authenticated:
        request.session.flush()
    rotate_token(request)
    for name in LEFT_BEHIND:
        if name in request.COOKIES:
            response.delete_cookie(name)
    response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, path=settings.LANGUAGE_COOKIE_PATH)
    return response


def home(slug: str, *, over: bool = False) -> str:
    return reverse("budgets:kiosk", args=[slug]) + ("?fin=1" if over else "")


View = Callable[..., HttpResponse]


def seated(view: View) -> View:
    """The page of somebody who stands there: each one gives two minutes more; back to the code when nobody does."""
    return _door(view, is_a_gesture=True)


def still_seated(view: View) -> View:
    """The same for the page that asks whether somebody is still there: being shown is no gesture."""
    return _door(view, is_a_gesture=False)


def _door(view: View, *, is_a_gesture: bool) -> View:
    @wraps(view)
    @never_cache
    def guarded(request: HttpRequest, slug: str, **given: Any) -> HttpResponse:
        shared = shared_or_404(slug)
        kiosk = tablet_of(request, shared)
        if kiosk is None:
            return _away(request, home(slug))
        gives_time = is_a_gesture or request.method == "POST"
        seat = acts.stay(kiosk) if gives_time else kiosks.seat_of(kiosk)
        if seat is None or (request.method == "POST" and request.POST.get("passage") != kiosks.stamp(seat)):
            return _away(request, home(slug, over=True))
        return view(request, seated_at(request, shared, kiosk, seat), **given)

    return guarded


def _away(request: HttpRequest, url: str) -> HttpResponse:
    """Where a script sent the form, the whole page goes."""
    return HttpResponse(headers={"HX-Redirect": url}) if getattr(request, "htmx", False) else redirect(url)


def seated_at(request: HttpRequest, shared: Shared, kiosk: Kiosk, seat: KioskPass) -> Seated:
    if not shared.envelopes:
        raise Http404
    envelope = envelope_asked(request, shared)
    seat.entry.budget = shared.budget
    return Seated(
        shared=shared,
        envelope=envelope,
        paper=sheet(shared.budget, envelope),
        phase=shared.open_for(BudgetAct.VOTE),
        standing=acts.standing(seat, envelope),
        is_known=True,
        who=f"tablet {seat.pk}",
        kiosk=kiosk,
        seat=seat,
    )
