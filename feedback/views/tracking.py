"""The author of a fiche at the door: a receipt, what becomes of the fiche, and the rights over one's data.

Who holds the reference and the key may enter. Once shown, the key is replaced by a signed cookie that lives as long
as the browser: it stays in no address, and opening a fiche writes nothing.
"""

import json
from contextlib import suppress

from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from feedback import following, intake_text, policies, receipts, references
from feedback.actions import privacy
from feedback.forms.citizen import TrackingForm
from feedback.models import Fiche

COOKIE = "cahier_suivi"
SALT = "feedback.followed"
OPEN_FOR = 12 * 60 * 60  # seconds
OPEN_AT_ONCE = 20
TRIES = 10  # wrong keys for one reference…
TRIES_FOR = 15 * 60  # …within that many seconds
SHOWN_AT_ONCE = 50  # of one's own fiches, newest first
NOT_STORED = cache_control(private=True, no_store=True)


class TooManyTries(Exception):
    """Somebody guesses the key of this reference."""


@NOT_STORED
@require_http_methods(["GET", "HEAD", "POST"])
def tracking_home(request: HttpRequest) -> HttpResponse:
    """The number and the key of the receipt. A wrong key and an unknown number get the same answer."""
    form = TrackingForm(request.POST or None)
    if not form.is_valid():
        return _form(request, form, status=422 if form.is_bound else 200)
    try:
        fiche = _opened(form.cleaned_data["reference"], form.cleaned_data["key"])
    except references.MistypedReference as mistyped:
        form.add_error("reference", str(mistyped))
        return _form(request, form, status=422)
    except TooManyTries:
        return _form(request, form, status=429)
    if fiche is None:
        form.add_error("key", _("This number and this key do not go together. Check both on your receipt."))
        return _form(request, form, status=422)
    return let_follow(request, fiche, redirect("feedback:tracking", fiche.reference))


@NOT_STORED
@require_safe
def tracking(request: HttpRequest, reference: str) -> HttpResponse:
    """State in public words, dates, answers. Without the key, the form that asks for it."""
    if "cle" in request.GET:
        return _enter_by_link(request, reference, to="feedback:tracking")
    fiche = _followed(request, reference)
    if fiche is None:
        return _form(request, TrackingForm(initial={"reference": reference}))
    return render(request, "feedback/citizen/tracking.html", {**_shown(fiche), "story": following.story_of(fiche)})


@NOT_STORED
@require_safe
def receipt(request: HttpRequest, reference: str) -> HttpResponse:
    """What CRPA R112-11-1 asks to be handed over, to keep or to print."""
    if "cle" in request.GET:
        return _enter_by_link(request, reference, to="feedback:receipt")
    fiche = _followed(request, reference)
    if fiche is None:
        return _form(request, TrackingForm(initial={"reference": reference}))
    return render(request, "feedback/citizen/receipt.html", {**_shown(fiche), "story": following.story_of(fiche)})


@NOT_STORED
@require_http_methods(["GET", "HEAD", "POST"])
def data_export(request: HttpRequest, reference: str) -> HttpResponse:
    """Everything kept about the fiche, in one file. The page says what is in it; the button gives it."""
    fiche = _followed_or_404(request, reference)
    if request.method != "POST":
        return render(request, "feedback/citizen/data.html", _shown(fiche))
    response = JsonResponse(privacy.export(fiche, by=None), json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="{fiche.reference}.json"'
    return response


@NOT_STORED
@require_http_methods(["GET", "HEAD", "POST"])
def data_erase(request: HttpRequest, reference: str) -> HttpResponse:
    """Asked once more before it is done, because nothing brings it back."""
    fiche = _followed_or_404(request, reference)
    if request.method != "POST":
        return render(request, "feedback/citizen/erase.html", _shown(fiche))
    privacy.erase(fiche, by=None)  # the journal cannot forget: it does not learn who their author is
    messages.success(request, _("Your text and your contact details are erased."))
    return let_follow(request, fiche, redirect("feedback:tracking", fiche.reference))


def let_follow(request: HttpRequest, fiche: Fiche, response: HttpResponse) -> HttpResponse:
    """The response, with the cookie that opens this fiche until the browser closes."""
    opened = [fiche.reference, *(one for one in _opened_here(request) if one != fiche.reference)]
    response.set_signed_cookie(
        COOKIE,
        json.dumps(opened[:OPEN_AT_ONCE]),
        salt=SALT,
        path="/suivi/",
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def _opened_here(request: HttpRequest) -> list[str]:
    kept = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=OPEN_FOR)
    return json.loads(kept) if kept else []


def _followed(request: HttpRequest, reference: str) -> Fiche | None:
    """The fiche, when this browser was shown its key or this account filed it."""
    return policies.fiches_to_follow(request.user, _opened_here(request)).filter(reference=reference).first()


def _followed_or_404(request: HttpRequest, reference: str) -> Fiche:
    fiche = _followed(request, reference)
    if fiche is None:
        raise Http404
    return fiche


def _opened(reference: str, key: str) -> Fiche | None:
    """As ``following.opened_with``; past a number of wrong keys for one reference, raises ``TooManyTries``."""
    counter = f"feedback.tries.{references.normalise(reference)}"
    if cache.get(counter, 0) >= TRIES:
        raise TooManyTries
    fiche = following.opened_with(reference, key)
    if fiche is None:
        cache.add(counter, 0, TRIES_FOR)
        with suppress(ValueError):  # it expired in between: the count begins again
            cache.incr(counter)
    return fiche


def _enter_by_link(request: HttpRequest, reference: str, *, to: str) -> HttpResponse:
    """A link holding the key: the key leaves the address at once. A wrong one asks for both again."""
    try:
        fiche = _opened(reference, request.GET["cle"])
    except (references.MistypedReference, TooManyTries):
        fiche = None
    if fiche is None:
        return redirect("feedback:tracking", reference)
    return let_follow(request, fiche, redirect(to, fiche.reference))


def _form(request: HttpRequest, form: TrackingForm, *, status: int = 200) -> HttpResponse:
    mine = policies.fiches_filed_by(request.user).select_related("service").order_by("-pk")[:SHOWN_AT_ONCE]
    context = {"form": form, "tired": status == 429, "mine": mine}
    return render(request, "feedback/citizen/tracking_form.html", context, status=status)


def _shown(fiche: Fiche) -> dict[str, object]:
    return {
        "fiche": fiche,
        "key": references.tracking_key(fiche),
        "desk": receipts.desk_of(fiche),
        "spelled": receipts.spelled(fiche.reference),
        "expected_on": receipts.expected_on(fiche),
        "hidden": intake_text.in_words(fiche.mask_spans),
    }
