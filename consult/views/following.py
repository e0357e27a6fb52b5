"""Following a consultation or a proposition: a button, without JavaScript, and the page of what one follows."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from consult import policies
from consult.actions import following
from consult.models import Follow, Proposition
from consult.public import Asked
from consult.views import who

FOLLOWS = "mes-suivis"


@never_cache
@require_POST
def consultation(request: HttpRequest, slug: str) -> HttpResponse:
    """``follow``: 1 to hear of it, 0 to hear no more."""
    asked = get_object_or_404(policies.consultations_to_read(), page__slug=slug)
    return _followed(request, asked, back=reverse("consult:consultation", args=[slug]))


@never_cache
@require_POST
def proposition(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The same, of one proposition."""
    readable = policies.propositions_to_read_by(who.reader(request))
    found = get_object_or_404(readable, consultation__page__slug=slug, number=number)
    return _followed(request, found, back=reverse("consult:proposition", args=[slug, number]))


def _followed(request: HttpRequest, subject: following.Subject, *, back: str) -> HttpResponse:
    person = who.participant(request)
    if person is None:
        return redirect_to_login(f"{back}#suivre")
    if request.POST.get("follow") == "0":
        following.stop(subject, by=person)
        messages.success(request, _("You no longer follow it."))
    else:
        following.follow(subject, by=person)
        messages.success(request, _("You follow it. What is new comes in your digest."))
    return redirect(reverse("consult:follows") if request.POST.get("back") == FOLLOWS else f"{back}#suivre")


@never_cache
@require_safe
def follows(request: HttpRequest) -> HttpResponse:
    """What this account, or this visitor, follows, the last followed first."""
    if not who.is_known(request):
        return redirect_to_login(reverse("consult:follows"))
    theirs = policies.followed_by(who.reader(request))
    rows = theirs.select_related("consultation__page", "proposition__consultation__page")
    context = {"follows": [_row(one) for one in rows.order_by("-since", "-pk")], "back": FOLLOWS}
    return render(request, "consult/follows.html", context)


def _row(one: Follow) -> dict[str, Any]:
    """One line of the page: a consultation, or a proposition and its consultation."""
    if one.consultation:
        page = one.consultation.page
        stop, url = reverse("consult:follow", args=[page.slug]), reverse("consult:consultation", args=[page.slug])
        return {"title": page.title, "url": url, "stop_url": stop, "since": one.since}
    found = one.proposition
    page = found.consultation.page
    return {
        "number": found.number,
        "title": found.title,
        "context": page.title,
        "url": found.get_absolute_url(),
        "stop_url": reverse("consult:follow_proposition", args=[page.slug, found.number]),
        "since": one.since,
    }


def of_consultation(reader: Any, asked: Asked) -> dict[str, Any] | None:
    """What ``_follow.html`` reads; nothing for a draft that was never saved."""
    if asked.consultation.pk is None:
        return None
    url = reverse("consult:follow", args=[asked.consultation.page.slug])
    return {"url": url, "is_followed": policies.followed_by(reader).filter(consultation=asked.consultation).exists()}


def of_proposition(reader: Any, url: str, proposition: Proposition) -> dict[str, Any]:
    return {"url": url, "is_followed": policies.followed_by(reader).filter(proposition=proposition).exists()}
