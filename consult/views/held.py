"""What a visitor has just written, on its way to their mailbox: in their session until the link is opened."""

import json
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from consult.actions.visiting import ACT_OF
from consult.choices import Awaited
from consult.phases import closed, current
from consult.public import Asked
from consult.views import visiting_words, who
from consult.views.refusing import refused

# Nothing to copy from a refused button.
CHOICES = frozenset({Awaited.VOTE, Awaited.USEFUL, Awaited.STANCE, Awaited.SUPPORT})
_KEYS = UUID("c2b7d0de-0a3f-4d5e-8f0e-6a3d8a1f4b11")
_KEY, _BROWSER = "consult.held", "consult.browser"


def led(
    request: HttpRequest,
    asked: Asked,
    kind: Awaited,
    typed: dict[str, Any],
    *,
    said: str,
    back: str,
    next_url: str = "",
) -> HttpResponse:
    """Somebody whom nobody knows wrote something: to the page that asks for an address, or to sign in.

    ``said``: their words, to show; ``back``: the page where they wrote; ``next_url``: where signing in leads.
    """
    act = ACT_OF.get(kind)
    if act and current(asked.phases, act, at=asked.at) is None:
        with timezone.override(asked.page.zone):
            kept = "" if kind in CHOICES else said
            return refused(request, closed(asked.phases, act, at=asked.at), back=back, text=kept)
    if not who.takes_visitors(asked, act):
        if kind in visiting_words.GIVEN_BACK:
            messages.info(request, " ".join([visiting_words.kept(kind), _("Sign in, then confirm it.")]))
        return redirect_to_login(next_url or back)
    hold(request, place_of(asked.consultation), kind, typed, said=said, back=back, next_url=next_url)
    return redirect("consult:visitor", asked.consultation.page.slug)


def hold(
    request: HttpRequest, place: str, kind: Awaited, typed: dict[str, Any], *, said: str, back: str, next_url: str = ""
) -> None:
    """Keep it in the session until an address is given. ``place`` says where it was written, as ``place_of``."""
    request.session[_KEY] = {
        "place": place,
        "kind": kind.value,
        "typed": typed,
        "said": said,
        "back": back,
        "next": next_url or back,
        # The same thing again from the same browser is the same act: one letter, and one line to confirm.
        "key": str(uuid5(_KEYS, f"{browser(request)} {place} {kind} {json.dumps(typed)}")),
    }


def place_of(row: Model) -> str:
    """« consultation 12 », « budget 3 »."""
    return f"{row._meta.model_name} {row.pk}"


def held(request: HttpRequest, place: str) -> dict[str, Any]:
    """What waits in this session for this place; {} when nothing does."""
    found = request.session.get(_KEY) or {}
    return found if found.get("place") == place else {}


def sent(request: HttpRequest, *, email: str, until: str) -> None:
    """The letter has left: kept until it is confirmed, so that an address mistyped is corrected."""
    request.session[_KEY] = {**request.session[_KEY], "email": email, "until": until}


def let_go(request: HttpRequest) -> None:
    request.session.pop(_KEY, None)


def browser(request: HttpRequest) -> str:
    """A random word that tells what one browser wrote; it opens nothing."""
    if _BROWSER not in request.session:
        request.session[_BROWSER] = uuid4().hex
    return request.session[_BROWSER]
