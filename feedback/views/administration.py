"""Administrators, under Wagtail: frequent pain points, and how the sentence encoder is."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.views.people import administrator_door
from feedback import policies
from feedback.actions.archetypes import keep_archetype
from feedback.forms.archetypes import ArchetypeForm
from feedback.grouping import encoders


@administrator_door
@require_safe
def archetypes(request: HttpRequest) -> HttpResponse:
    return render(request, "feedback/admin/archetypes.html", {"archetypes": policies.archetypes()})


@administrator_door
@require_http_methods(["GET", "HEAD", "POST"])
def archetype(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    one = get_object_or_404(policies.archetypes(), pk=pk) if pk else None
    form = ArchetypeForm(request.POST or None, archetype=one)
    if form.is_valid():
        keep_archetype(one, by=request.user, **form.cleaned_data)
        messages.success(request, _("Kept. The next regrouping uses it."))
        return redirect("feedback_archetypes")
    return render(request, "feedback/admin/archetype.html", {"form": form, "archetype": one})


@administrator_door
@require_safe
def encoder(request: HttpRequest) -> HttpResponse:
    """Which encoder, where, whether it answers, and how many passages still wait for it."""
    backend = encoders.current()
    trouble = encoders.trouble(backend) if backend else None
    fresh = Q(vector_version=backend.version) if backend else Q(pk=None)
    counts = policies.passages_to_encode().aggregate(
        total=Count("pk"), fresh=Count("pk", filter=fresh), none=Count("pk", filter=Q(vector_version=""))
    )
    context = {
        "backend": backend,
        "is_named": any(encoders.named()),
        "trouble": trouble,
        "since": parse_datetime(trouble["at"]) if trouble else None,
        "counts": counts | {"stale": counts["total"] - counts["fresh"] - counts["none"]},
        "minutes": encoders.PAUSE // 60,
    }
    return render(request, "feedback/admin/encoder.html", context)
