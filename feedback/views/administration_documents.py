"""Administrators, under Wagtail: the supporting documents, and the words people have for them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.views.people import administrator_door
from directory.documents import CANONICAL
from feedback import policies
from feedback.actions import radar as acts
from feedback.forms.documents import DocumentForm
from feedback.radar import reading


@administrator_door
@require_safe
def documents(request: HttpRequest) -> HttpResponse:
    context = {"documents": policies.documents_known().order_by("name"), "reading": reading.last()}
    return render(request, "feedback/admin/documents.html", context)


@administrator_door
@require_http_methods(["GET", "HEAD", "POST"])
def document(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    one = get_object_or_404(policies.documents_known(), pk=pk) if pk else None
    form = DocumentForm(request.POST if request.method == "POST" else None, instance=one)
    if form.is_valid():
        acts.save_document(form.described(), by=request.user)
        messages.success(request, _("Kept. All fiches are read again with these words, in the background."))
        return redirect("feedback_documents")
    may_go = one is not None and one.key not in CANONICAL
    return render(request, "feedback/admin/document.html", {"form": form, "document": one, "may_go": may_go})


@administrator_door
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Those that everybody knows stay: they may be renamed."""
    one = get_object_or_404(policies.documents_known(), pk=pk)
    if one.key in CANONICAL:
        messages.error(request, _("Every public service knows this document: rename it, it stays."))
    else:
        acts.delete_document(one, by=request.user)
        messages.success(request, _("Document deleted. All fiches are read again, in the background."))
    return redirect("feedback_documents")
