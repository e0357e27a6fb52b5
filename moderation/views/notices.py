"""« Signaler »: anybody, with or without an account, says that a text breaks a rule."""

import secrets

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from moderation import actions, errors, kinds, policies
from moderation.choices import Rule
from moderation.forms import NoticeForm
from moderation.models import Case
from moderation.views.doors import sends_too_many

COOKIE = "cahier_signalement"
SALT = "moderation.reporter"
KNOWN_FOR = 90 * 24 * 3600  # seconds that a browser is known again, so that it says a thing once
NOT_STORED = cache_control(private=True, no_store=True)


@NOT_STORED
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, case: int) -> HttpResponse:
    """The text, and one short form. What is not published is not there."""
    found = get_object_or_404(policies.cases_to_report(), pk=case)
    shown = kinds.shown([found]).get(found.pk)
    if shown is None:
        raise Http404
    data = request.POST if request.method == "POST" else None
    initial = {"email": request.user.email} if request.user.is_authenticated else {}
    form = NoticeForm(data, initial=initial, days=settings.NOTICE_ADDRESS_DAYS)
    if not form.is_bound:
        return _page(request, form, shown)
    if not form.is_valid():
        return _page(request, form, shown, status=422)
    if sends_too_many(request):
        return _page(request, form, shown, status=429)
    return _sent(request, found, shown, form)


def _sent(request: HttpRequest, case: Case, shown: kinds.Shown, form: NoticeForm) -> HttpResponse:
    said = form.cleaned_data
    key = _key(request, said["email"])
    by = request.user if request.user.is_authenticated else None
    words = {"rule": Rule(said["rule"]), "text": said["text"], "email": said["email"]}
    try:
        actions.report(case, **words, key=key, is_good_faith=said["is_good_faith"], by=by)
    except errors.RuleBroken as broken:
        messages.info(request, str(broken))
    else:
        messages.success(request, _("Thank you. A moderator will read this text. Until then it stays published."))
    response = redirect(_back(shown))
    if by is None:
        response.set_signed_cookie(
            COOKIE,
            key,
            salt=SALT,
            max_age=KNOWN_FOR,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return response


def _key(request: HttpRequest, email: str) -> str:
    """Who reports: the account, otherwise the browser that reported before, otherwise the address given."""
    if request.user.is_authenticated:
        return actions.reporter_key(user=request.user)
    known = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=KNOWN_FOR)
    return known or actions.reporter_key(email=email, token=secrets.token_hex(16))


def _back(shown: kinds.Shown) -> str:
    """Where the text stands: an address of ours."""
    return shown.url if url_has_allowed_host_and_scheme(shown.url, allowed_hosts=None) else "/"


def _page(request: HttpRequest, form: NoticeForm, shown: kinds.Shown, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "shown": shown, "back": _back(shown), "too_many": status == 429}
    return render(request, "moderation/report.html", context, status=status)
