"""Administrators, under Wagtail: which tools are told, and what was told to them."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.views.people import PER_PAGE, administrator_door
from webhooks import actions, policies
from webhooks.choices import Kind
from webhooks.forms import WebhookForm
from webhooks.models import Webhook

LAST = 30


@administrator_door
@require_safe
def webhooks(request: HttpRequest) -> HttpResponse:
    page = Paginator(policies.webhooks_kept_by(request.user), PER_PAGE).get_page(request.GET.get("p"))
    return render(request, "webhooks/admin/list.html", {"page": page})


@administrator_door
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    form = WebhookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        linked = actions.link(**form.cleaned_data, by=request.user)
        key = linked.secret if linked.kind == Kind.SIGNED else ""
        messages.success(request, _("Linked. Try it now."))
        return _one(request, linked, WebhookForm(webhook=linked), key=key)
    return render(request, "webhooks/admin/new.html", {"form": form})


@administrator_door
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One tool, with what was told to it; a POST changes it."""
    kept = get_object_or_404(policies.webhooks_kept_by(request.user), pk=pk)
    form = WebhookForm(request.POST or None, webhook=kept)
    if request.method == "POST" and form.is_valid():
        actions.change(kept, **form.cleaned_data, by=request.user)
        messages.success(request, _("Saved."))
        return redirect(kept)
    return _one(request, kept, form)


def _one(request: HttpRequest, kept: Webhook, form: WebhookForm, *, key: str = "") -> HttpResponse:
    deliveries = policies.deliveries_of(kept)[:LAST]
    context = {"webhook": kept, "form": form, "deliveries": deliveries, "key": key}
    response = render(request, "webhooks/admin/one.html", context)
    if key:
        response.headers["Cache-Control"] = "private, no-store"
    return response


ACTS: dict[str, Callable[[Webhook, User], object]] = {
    "suspendre": lambda webhook, by: actions.pause(webhook, is_paused=True, by=by),
    "reprendre": lambda webhook, by: actions.pause(webhook, is_paused=False, by=by),
    "essayer": lambda webhook, by: actions.try_out(webhook, by=by),
    "supprimer": lambda webhook, by: actions.delete(webhook, by=by),
}


@administrator_door
@require_POST
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    kept = get_object_or_404(policies.webhooks_kept_by(request.user), pk=pk)
    if name not in ACTS:
        raise Http404
    ACTS[name](kept, request.user)
    messages.success(request, _("Done."))
    return redirect("webhooks_list" if name == "supprimer" else kept)
