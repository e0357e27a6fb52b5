"""The owner who regroups a service: asks, sees how far it is, reads what would change, accepts or leaves it aside."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.policies import services_owned_by
from feedback import policies
from feedback.actions import regrouping as acts
from feedback.board import proposals
from feedback.choices import LIVING_PROPOSALS, ProposalState
from feedback.errors import RuleBroken
from feedback.forms.regrouping import AcceptForm, RegroupForm
from feedback.models import Proposal
from feedback.views import regrouping_words as words
from feedback.views.doors import staff_door
from feedback.views.steering import show

LISTED = 12
WORKING = (ProposalState.COMPUTING, ProposalState.APPLYING)


@staff_door
@require_safe
def regroupings(request: HttpRequest) -> HttpResponse:
    """How each service is grouped, what waits to be read, and the last regroupings."""
    seen = policies.proposals_to_see(request.user)
    living = {one.service_id: one for one in seen.filter(state__in=LIVING_PROPOSALS)}
    runs = proposals.runs_of(request.user).select_related("service")
    context = {
        "services": [words.service_row(one, living.get(one.pk)) for one in proposals.services_of(request.user)],
        "past": [words.past_row(one) for one in seen.exclude(state__in=LIVING_PROPOSALS)[:LISTED]],
        "runs": [words.run_row(one) for one in runs[:LISTED]],
    }
    return show(request, "feedback/regrouping/list.html", context)


@staff_door
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """One explanation, one choice, one button."""
    service = get_object_or_404(services_owned_by(request.user), slug=slug)
    living = policies.proposals_to_see(request.user).filter(service=service, state__in=LIVING_PROPOSALS).first()
    if living:
        return redirect(living)
    form = RegroupForm(request.POST or None, initial={"resolution": acts.resolution_of(service).value})
    if form.is_valid():
        try:
            return redirect(acts.ask(service, resolution=form.cleaned_data["resolution"], by=request.user))
        except RuleBroken as broken:  # a colleague was faster: this page now leads to what they asked for
            messages.info(request, str(broken))
            return redirect(request.path)
    context = {"form": form, "service": service}
    return show(request, "feedback/regrouping/ask.html", context, section=service, status=422 if form.is_bound else 200)


@staff_door
@require_safe
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is, what it would change, or what became of it. Asked again by htmx while a worker is at it."""
    found = _proposal(request, pk)
    context = {"proposal": found, "service": found.service}
    if found.state in WORKING:
        context |= words.progress(found, proposals.part_of(found))
        template = "_progress" if request.htmx else "working"
        return show(request, f"feedback/regrouping/{template}.html", context, section=found.service)
    if request.htmx:
        return HttpResponse(headers={"HX-Refresh": "true"})
    changes = proposals.changes_of(found, request.user)
    if found.state == ProposalState.READY:
        context |= words.preview(found, changes)
        return show(request, "feedback/regrouping/preview.html", context, section=found.service)
    context |= words.outcome(found, changes)
    return show(request, "feedback/regrouping/outcome.html", context, section=found.service)


@staff_door
@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    found = _proposal(request, pk)
    form = AcceptForm(request.POST, positions=list(found.changes.values_list("position", flat=True)))
    chosen = form.cleaned_data["change"] if form.is_valid() else []
    try:
        acts.accept(found, positions=chosen, titles=form.titles(), by=request.user)
    except RuleBroken as broken:
        messages.error(request, str(broken))
    return redirect(found)


@staff_door
@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    found = _proposal(request, pk)
    try:
        acts.discard(found, by=request.user)
    except RuleBroken as broken:
        messages.error(request, str(broken))
        return redirect(found)
    messages.success(request, _("Left aside. The pain points are as they were."))
    return redirect("feedback:board")


@staff_door
@require_safe
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """One regrouping, part by part."""
    found = get_object_or_404(proposals.runs_of(request.user).select_related("service"), pk=pk)
    context = words.run_page(found, list(proposals.parts_of(found, request.user)))
    if request.htmx:
        return show(request, "feedback/regrouping/_parts.html", context)
    return show(request, "feedback/regrouping/run.html", context)


def _proposal(request: HttpRequest, pk: int) -> Proposal:
    return get_object_or_404(policies.proposals_to_see(request.user), pk=pk)
