"""An act that a rule forbids: said plainly, with what was typed, so that nothing is lost."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from consult.choices import Level
from consult.errors import NotForYou, RuleBroken


def refused(request: HttpRequest, broken: RuleBroken, *, back: str, text: str = "") -> HttpResponse:
    """403 to people of another level, 409 for everything else that can no longer be done."""
    status = 403 if isinstance(broken, NotForYou) else 409
    page = {"why": str(broken), "back": back, "text": text, "code_url": _code(request, broken)}
    return render(request, "consult/refused.html", page, status=status)


def _code(request: HttpRequest, broken: RuleBroken) -> str:
    """Where a code is typed, for somebody whom a list may still name."""
    slug = request.resolver_match.kwargs.get("slug") if request.resolver_match else None
    is_listed = isinstance(broken, NotForYou) and broken.level == Level.LISTED
    return reverse("consult:code", args=[slug]) if slug and is_listed else ""
