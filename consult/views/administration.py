"""Editors, under Wagtail: the people whom the list of a consultation names. Nobody reads the list again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from consult import policies
from consult.actions import lists
from consult.forms.visiting import ListForm
from consult.models import Consultation


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def people_list(request: HttpRequest, pk: int) -> HttpResponse:
    """How many people it names, how many came, and a file to add people or to replace them all."""
    consultation = get_object_or_404(policies.lists_kept_by(request.user), pk=pk)
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method != "POST":
        return _page(request, consultation, form)
    if not form.is_valid():
        return _page(request, consultation, form, status=422)
    read = lists.read(consultation, form.cleaned_data["file"])
    if read.refused or not read.keys:
        form.add_error("file", _refused(read))
        return _page(request, consultation, form, status=422)
    changed = lists.keep(consultation, read.keys, replaces=form.cleaned_data["replaces"], by=request.user)
    messages.success(
        request,
        _("%(added)d added, %(removed)d removed.") % {"added": changed.added, "removed": changed.removed},
    )
    return redirect("consult_list", consultation.pk)


def _refused(read: lists.Read) -> str:
    if not read.refused:
        return _("This file names nobody.")
    lines = ", ".join(str(number) for number in read.refused[:10])
    said = ngettext(
        "Line %(lines)s: neither an address nor a code of eight characters. Nothing was kept.",
        "Lines %(lines)s: neither an address nor a code of eight characters. Nothing was kept.",
        len(read.refused),
    )
    return said % {"lines": lines}


def _page(request: HttpRequest, consultation: Consultation, form: ListForm, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "consultation": consultation,
        "page": consultation.page,
        **policies.places_counted(consultation),
    }
    return render(request, "consult/admin/list.html", context, status=status)
