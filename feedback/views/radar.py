"""« Dites-le-nous une fois »: the table of documents by services, one document, one cell, what a service declares."""

from collections.abc import Collection, Sequence
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.policies import services_owned_by
from directory.models import Service, SupportingDocument
from feedback import policies
from feedback.actions import radar as acts
from feedback.errors import RuleBroken
from feedback.filters import RadarFilter
from feedback.forms.radar import DeclaredForm
from feedback.radar import cases, declared, matrix, verbatims
from feedback.views.doors import radar_door, staff_door
from feedback.views.owner import page_number, pages
from feedback.views.owner_exports import sent
from feedback.views.radar_words import administrations, issuer_line, shown_rows, summary, version_of
from feedback.views.steering import MENU, show

HOME = "/pilotage/justificatifs/"
HIGHLIGHTED = 3


@radar_door
@require_safe
def radar(request: HttpRequest) -> HttpResponse:
    chosen, table = _table(request)
    own = list(policies.services_to_declare(request.user))
    query = request.GET.urlencode()
    context = {
        "matrix": table,
        "version": f"{version_of(table)}:{query}",
        "rows": partial(shown_rows, table, query=query),  # called when the table of this version was not written yet
        "summary": summary(table),
        "elsewhere": table.elsewhere(HIGHLIGHTED),
        "filter": chosen,
        "active": [{"label": label, "url": _without(request.GET, name)} for name, label in chosen.on()],
        "export_url": f"{reverse('feedback:radar_export')}?{query}",
        "own": own,
        "today": timezone.localdate(),
    }
    return _show(request, "radar", context, own=own)


@radar_door
@require_POST
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The cells that the table shows with these filters, a line each."""
    chosen, table = _table(request)
    names = [name for name, _label in chosen.on()]
    return sent(request, acts.export_matrix(table, filters=names, by=request.user), pgettext("file", "documents"))


@radar_door
@require_safe
def document(request: HttpRequest, key: str) -> HttpResponse:
    shown = get_object_or_404(policies.documents_known(), key=key)
    own = list(services_owned_by(request.user))
    return _show(request, "document", _about(shown, request.user, own), own=own)


def _about(shown: SupportingDocument, user: User, own: Sequence[Service]) -> dict[str, Any]:
    mentions = policies.mentions_to_count().filter(document=shown)
    table = matrix.table(matrix.counted(mentions, document=shown))
    cells = table.rows[0].told if table.rows else []
    raised = list(cases.cases_of(shown, user))
    waiting = cases.waiting(cells, raised={case.service_id for case in raised})
    issuing = cases.issuing_service_of(shown)
    concerned = {issuing, *(cell.service for cell in waiting.cells)} if waiting else set()
    return {
        "document": shown,
        "issuer": issuer_line(shown),
        "cells": cells,
        "row": table.rows[0] if table.rows else None,
        "waiting": waiting,
        "may_raise": not concerned.isdisjoint(own),
        "raised": raised,
        "pain_points": verbatims.pain_points_about(shown, [cell.service for cell in cells], user)[:10] if own else [],
        "issuing": issuing,
        "people": policies.names_of_members(issuing)[issuing.pk] if issuing else [],
        "today": timezone.localdate(),
    }


@staff_door
@require_POST
def raise_document(request: HttpRequest, key: str) -> HttpResponse:
    """Whoever answers for a service that asks or issues raises it; others meet a 404."""
    shown = get_object_or_404(policies.documents_to_raise(request.user), key=key)
    try:
        raised = acts.raise_document(shown, by=request.user)
    except RuleBroken as broken:
        messages.error(request, str(broken))
        return redirect("feedback:radar_document", key=key)
    messages.success(request, _("Raised: the owners of the services are told by letter, once."))
    return redirect("feedback:radar_document", key=key) if not _sees(request, raised) else redirect(raised)


def _sees(request: HttpRequest, pain_point) -> bool:
    return policies.pain_points_to_see(request.user).filter(pk=pain_point.pk).exists()


@radar_door
@require_safe
def cell(request: HttpRequest, key: str, slug: str) -> HttpResponse:
    shown = get_object_or_404(policies.documents_known(), key=key)
    service = get_object_or_404(policies.services_to_read(), slug=slug)
    chosen = RadarFilter(request.GET, policies.mentions_to_count().filter(document=shown, fiche__service=service))
    found = matrix.counted(chosen.qs, document=shown, service=service)
    readable = policies.mentions_to_read(request.user).filter(pk__in=chosen.qs.values("pk"))
    own = list(services_owned_by(request.user))
    page = page_number(request)
    said, total = verbatims.said_about(readable, page=page)
    issuing = cases.issuing_service_of(shown)
    people = policies.names_of_members(*{service, issuing} - {None})
    context = {
        "document": shown,
        "service": service,
        "cell": found[0] if found else None,
        "said": said,
        "pages": pages(request, page=page, size=verbatims.A_PAGE, shown=len(said), total=total),
        "total": total,
        "issuer": issuer_line(shown),
        "asking_people": people[service.pk],
        "issuing": issuing,
        "issuing_people": people[issuing.pk] if issuing else [],
        "pain_points": verbatims.pain_points_about(shown, [service], request.user)[:10] if own else [],
        "active": [{"label": label, "url": _without(request.GET, name)} for name, label in chosen.on()],
    }
    return _show(request, "cell", context, own=own)


@radar_door
@require_http_methods(["GET", "HEAD", "POST"])
def declares(request: HttpRequest, slug: str) -> HttpResponse:
    """What a service says that it asks for, beside what people tell; its owners change it."""
    service = get_object_or_404(policies.services_to_read(), slug=slug)
    own = list(policies.services_to_declare(request.user))
    is_own = service in own
    data = request.POST if request.method == "POST" else None
    if data is not None and not is_own:
        raise Http404
    form = DeclaredForm(data, service=service, documents=policies.documents_known()) if is_own else None
    if form is not None and form.is_valid():
        acts.declare_documents(service, documents=form.cleaned_data["documents"], by=request.user)
        messages.success(request, _("List kept: it is compared with what fiches tell."))
        return redirect("feedback:radar_declares", slug=slug)
    compared = declared.compared(service, policies.mentions_to_count())
    context = {"service": service, "compared": compared, "form": form, "today": timezone.localdate()}
    return _show(request, "declares", context, own=own, section=service)


def _table(request: HttpRequest) -> tuple[RadarFilter, matrix.Matrix]:
    chosen = RadarFilter(request.GET, policies.mentions_to_count(), administrations=administrations())
    return chosen, matrix.table(matrix.counted(chosen.qs), order=chosen.order)


def _without(data: QueryDict, name: str) -> str:
    query = data.copy()
    for key in (name, "page"):
        query.pop(key, None)
    return f"?{query.urlencode()}"


def _show(
    request: HttpRequest,
    name: str,
    context: dict[str, Any],
    *,
    own: Collection[Service],
    section: Service | str = "",
) -> HttpResponse:
    """``own``: the services of this person. Who answers for none has one entry in the menu: the others would lead
    nowhere."""
    if not own:
        entries = [{"label": label, "url": url, "is_current": True} for label, url in MENU if url == HOME]
        context = {**context, "agent_entries": entries}
    return show(request, f"feedback/radar/{name}.html", context, section=section)
