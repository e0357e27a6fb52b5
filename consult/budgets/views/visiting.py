"""Whoever has no account gives an address here; the link of the letter is that of every room."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from consult.budgets.views import idea_words
from consult.budgets.views.opened import shared_or_404
from consult.views import held
from consult.views.visiting import Place, asking


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: HttpRequest, slug: str) -> HttpResponse:
    """Nothing waits in this session: to what they did before."""
    shared = shared_or_404(slug)
    with timezone.override(shared.page.zone):
        waits = held.held(request, held.place_of(shared.budget))
        if not waits:
            return redirect("consult:visits")
        return asking(request, waits, Place(shared.page.title, idea_words.address("budget", shared)))
