"""Whoever answers for a service, at the printer: the letters to put on paper, and the ones that are."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from feedback import given, policies
from feedback.actions.printing import mark_printed
from feedback.views.doors import staff_door
from feedback.views.steering import show

AT_ONCE = 50  # letters in one print


@staff_door
@require_safe
def print_tray(request: HttpRequest) -> HttpResponse:
    """What waits for paper. Printing and saying that it is printed are two gestures: printers fail."""
    waiting = policies.letters_to_print(request.user).order_by("pk")
    rows = given.papers_of(waiting[:AT_ONCE])
    return show(request, "feedback/answering/tray.html", {"rows": rows, "total": waiting.count()})


@staff_door
@require_safe
def print_letters(request: HttpRequest) -> HttpResponse:
    """The chosen letters, one a page, the address where the window of the envelope is."""
    waiting = policies.letters_to_print(request.user).filter(pk__in=_keys(request.GET.getlist("lettre")))
    sheets = given.sheets_of(waiting.order_by("pk")[:AT_ONCE])
    if not sheets:
        messages.error(request, _("Choose at least one letter of the tray."))
        return redirect("feedback:print_tray")
    return show(request, "feedback/answering/sheets.html", {"sheets": sheets})


@staff_door
@require_POST
def letters_printed(request: HttpRequest) -> HttpResponse:
    """These letters are on paper: they leave the tray."""
    done = mark_printed(_keys(request.POST.getlist("lettre")), by=request.user)
    if done:
        text = ngettext("%(n)d letter has left the tray.", "%(n)d letters have left the tray.", done)
        messages.success(request, text % {"n": done})
    else:
        messages.info(request, _("These letters had already left the tray."))
    return redirect("feedback:print_tray")


def _keys(typed: list[str]) -> list[int]:
    return [int(key) for key in typed[:AT_ONCE] if key.isascii() and key.isdigit() and len(key) < 18]
