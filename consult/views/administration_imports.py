"""Editors, under Wagtail: bringing the contributions of another platform, looked at before anything is written."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from consult import importing, policies
from consult.actions import importing as acts
from consult.choices import ImportedKind
from consult.errors import RuleBroken
from consult.forms.importing import ColumnsForm, ImportForm
from consult.models import Consultation, ContributionImport
from consult.views.import_words import preview, refused
from moderation.choices import Timing

SEE_OTHER_PAGE = "consult_import"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest, pk: int) -> HttpResponse:
    """The files brought so far, and a form to bring one."""
    consultation = get_object_or_404(policies.consultations_to_import(request.user), pk=pk)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ImportForm(*sent, consultation=consultation)
    if request.method != "POST" or not form.is_valid():
        return _list(request, consultation, form)
    said = form.cleaned_data
    try:
        brought = acts.bring(
            consultation,
            said["file"].read(),
            kind=ImportedKind(said["kind"]),
            platform=said["platform"],
            file_name=said["file"].name,
            by=request.user,
            section=said["section"],
            timing=Timing(said["timing"]),
            is_past=said["is_past"],
        )
    except importing.NotATable as broken:
        form.add_error("file", str(broken))
        return _list(request, consultation, form)
    return redirect(SEE_OTHER_PAGE, consultation.pk, brought.pk)


def _list(request: HttpRequest, consultation: Consultation, form: ImportForm) -> HttpResponse:
    context = {
        "form": form,
        "page": consultation.page,
        "consultation": consultation,
        "brought": importing.imports_of(consultation).select_related("by").defer("content"),
    }
    return render(request, "consult/admin/imports.html", context, status=422 if form.is_bound else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, pk: int, brought: int) -> HttpResponse:
    """A file before it is imported: its columns, its first lines masked, what is refused; then the act itself."""
    consultation = get_object_or_404(policies.consultations_to_import(request.user), pk=pk)
    held = get_object_or_404(importing.imports_of(consultation).select_related("consultation__page"), pk=brought)
    if request.method != "POST":
        return _page(request, held)
    act = _ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise Http404
    return act(request, held)


def _choose(request: HttpRequest, held: ContributionImport) -> HttpResponse:
    ready = _looked_at(held)
    if ready is None:
        return _page(request, held, status=422)
    form = ColumnsForm(request.POST, table=ready.table, kind=held.kind)
    if not form.is_valid():
        return _page(request, held, form=form, status=422)
    acts.choose_columns(held, {name: column for name, column in form.cleaned_data.items() if column})
    return redirect(SEE_OTHER_PAGE, held.consultation_id, held.pk)


def _import(request: HttpRequest, held: ContributionImport) -> HttpResponse:
    try:
        done = acts.run(held, by=request.user)
    except RuleBroken as broken:
        return _page(request, held, problem=str(broken), status=422)
    said = ngettext("%(n)d contribution imported.", "%(n)d contributions imported.", done.imported)
    messages.success(request, said % {"n": done.imported})
    return redirect("consult_imports", held.consultation_id)


def _forget(request: HttpRequest, held: ContributionImport) -> HttpResponse:
    acts.forget(held)
    messages.success(request, _("The file is forgotten. Nothing was imported."))
    return redirect("consult_imports", held.consultation_id)


_ACTS = {"columns": _choose, "import": _import, "forget": _forget}


def _looked_at(held: ContributionImport) -> acts.Ready | None:
    try:
        return acts.look(held)
    except RuleBroken:
        return None


def _page(
    request: HttpRequest,
    held: ContributionImport,
    *,
    form: ColumnsForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    ready = _looked_at(held)
    context: dict[str, Any] = {"held": held, "page": held.consultation.page, "problem": problem, "ready": ready}
    if ready is not None:
        context |= {
            "form": form or ColumnsForm(initial=ready.columns, table=ready.table, kind=held.kind),
            "preview": preview(ready, held),
            "refused": refused(ready),
        }
    return render(request, "consult/admin/import.html", context, status=status)
