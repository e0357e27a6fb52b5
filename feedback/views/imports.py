"""The owner who brings past feedback: a file, its columns, what would be refused, the import, and how far it is."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.policies import services_owned_by
from feedback import importing, policies
from feedback.actions import importing as acts
from feedback.choices import ImportState
from feedback.errors import RuleBroken
from feedback.forms.imports import ColumnsForm, UploadForm
from feedback.importing import Mapping
from feedback.models import Import
from feedback.views import import_words
from feedback.views.doors import staff_door
from feedback.views.steering import show

LISTED = 50
NOT_STORED = cache_control(private=True, no_store=True)
TEMPLATES = {
    ImportState.UPLOADED: "feedback/imports/report.html",
    ImportState.RUNNING: "feedback/imports/running.html",
    ImportState.REFUSED: "feedback/imports/refused.html",
    ImportState.DONE: "feedback/imports/done.html",
}


@staff_door
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """The files already brought, and the form to bring another one."""
    form = UploadForm(request.POST or None, request.FILES or None, user=request.user)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            brought = acts.upload(
                service=form.cleaned_data["service"], content=file.read(), file_name=file.name, by=request.user
            )
        except RuleBroken as broken:
            form.add_error("file", str(broken))
        else:
            return redirect("feedback:import_columns", brought.pk)
    seen = policies.imports_to_see(request.user)
    context = {
        "form": form,
        "only_service": _only_service(request, form),
        "rows": [import_words.row(one) for one in seen[:LISTED]],
        "total": seen.count(),
    }
    return show(request, "feedback/imports/list.html", context, status=422 if form.is_bound else 200)


@staff_door
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Which column holds what, beside the first lines of the file; then every line is checked."""
    brought = _brought(request, pk)
    if brought.state != ImportState.UPLOADED:
        return redirect("feedback:import", pk)
    sheet = importing.read(brought.content)
    form = ColumnsForm(request.POST or None, sheet=sheet, mapping=Mapping.of(brought.mapping))
    if form.is_valid():
        return _checked(request, brought, form.mapping())
    context = {"brought": brought, "form": form, "preview": import_words.preview(sheet)}
    status = 422 if form.is_bound else 200
    return show(request, "feedback/imports/columns.html", context, section=brought.service, status=status)


@staff_door
@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """What the file would give, how far it is, or what it gave. Asked again by htmx while it runs."""
    brought = _brought(request, pk)
    state = ImportState(brought.state)
    if state == ImportState.UPLOADED and not brought.done:
        return redirect("feedback:import_columns", pk)
    context = {"brought": brought, **import_words.told(brought, by=request.user)}
    if not request.htmx:
        return show(request, TEMPLATES[state], context, section=brought.service)
    if state == ImportState.RUNNING:
        return show(request, "feedback/imports/_progress.html", context)
    if context["is_placing"] and "regroupement" in request.GET:
        return show(request, "feedback/imports/_placing.html", context)
    return HttpResponse(headers={"HX-Refresh": "true"})


@staff_door
@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """« Import the 37 good lines, leave the 3 refused ones »: the button says it, and sends it."""
    brought = _brought(request, pk)
    try:
        acts.start(brought, leave_rejects=request.POST.get("leave") == "yes", by=request.user)
    except RuleBroken as broken:
        messages.error(request, str(broken))
    return redirect("feedback:import", pk)


@staff_door
@require_POST
def give_up(request: HttpRequest, pk: int) -> HttpResponse:
    brought = _brought(request, pk)
    try:
        acts.refuse(brought.pk, by=request.user)
    except RuleBroken as broken:
        messages.error(request, str(broken))
        return redirect("feedback:import", pk)
    messages.success(request, _("The file is forgotten. Nothing was imported."))
    return redirect("feedback:imports")


@NOT_STORED
@staff_door
@require_safe
def refused(request: HttpRequest, pk: int) -> HttpResponse:
    """The refused lines as CSV. The cells are for the person who brought the file; colleagues get what is wrong."""
    brought = _brought(request, pk)
    if not brought.rejects:
        raise Http404
    response = HttpResponse(
        "\ufeff" + acts.refused_file(brought, with_cells=brought.by_id == request.user.pk),
        content_type="text/csv; charset=utf-8",
    )
    response["Content-Disposition"] = f'attachment; filename="refus-{brought.pk}.csv"'
    return response


def _brought(request: HttpRequest, pk: int) -> Import:
    return get_object_or_404(policies.imports_to_see(request.user), pk=pk)


def _checked(request: HttpRequest, brought: Import, mapping: Mapping) -> HttpResponse:
    try:
        acts.check(brought, mapping=mapping)
    except RuleBroken as broken:  # it was started or given up meanwhile
        messages.error(request, str(broken))
    return redirect("feedback:import", brought.pk)


def _only_service(request: HttpRequest, form: UploadForm) -> str:
    """The slug to send when there is nothing to choose."""
    services = list(services_owned_by(request.user)[:2])
    if len(services) > 1:
        return ""
    form.fields["service"].initial = services[0].slug
    return services[0].name
