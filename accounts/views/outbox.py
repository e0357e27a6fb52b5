"""Administrators, under Wagtail: the letters that wait for a person."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import actions, policies
from accounts.views.people import PER_PAGE, administrator_door
from letters.actions import AlreadyDecided

ACTS = {"envoye": actions.mark_letter_sent, "renvoyer": actions.send_letter_again}


@administrator_door
@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    page = Paginator(policies.letters_kept_by(request.user), PER_PAGE).get_page(request.GET.get("p"))
    return render(request, "accounts/admin/letters.html", {"page": page})


@administrator_door
@require_POST
def decide(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    if name not in ACTS:
        raise Http404
    letter = get_object_or_404(policies.letters_kept_by(request.user), pk=pk)
    try:
        ACTS[name](letter, by=request.user)
    except AlreadyDecided as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Done."))
    return redirect("accounts_letters")
