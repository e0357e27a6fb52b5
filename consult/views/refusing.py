"""An act that a rule forbids: said plainly, with what was typed, so that nothing is lost."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from consult.errors import NotForYou, RuleBroken


def refused(request: HttpRequest, broken: RuleBroken, *, back: str, text: str = "") -> HttpResponse:
    """403 to people of another level, 409 for everything else that can no longer be done."""
    status = 403 if isinstance(broken, NotForYou) else 409
    page = {"why": str(broken), "back": back, "text": text}
    return render(request, "consult/refused.html", page, status=status)
