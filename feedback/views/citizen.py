"""The citizen at the door: finding a service, reading what becomes of what people say, filing a fiche."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from directory.models import Service
from directory.search import find_services, suggest_services
from feedback import figures, intake_text, nearby, policies
from feedback.actions.intake import submit_fiche
from feedback.errors import FormClosed, RuleBroken
from feedback.forms.citizen import FicheForm
from feedback.models import Fiche
from feedback.views.tracking import let_follow

OFFERED = 6  # cards under « which service? »
SUGGESTED = 2
LISTED = 500
SHOWN = 20  # pain points on the page of a service
NOT_STORED = cache_control(private=True, no_store=True)


@require_safe
def services(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("mots", "")[:100]
    found = list(find_services(words, among=policies.services_to_read())[:LISTED])
    shown: dict[str, list[Service]] = {}
    for service in found:
        shown.setdefault(service.administration.name, []).append(service)
    # Searched: the best first. Otherwise the administration with the most services, which is the town.
    groups = list(shown.items()) if words else sorted(shown.items(), key=lambda group: (-len(group[1]), group[0]))
    context = {"words": words, "found": len(found), "administrations": groups}
    return render(request, "feedback/citizen/services.html", context)


@require_safe
def service(request: HttpRequest, slug: str) -> HttpResponse:
    """What the service does, what people said of it, and what it answered, with the denominators."""
    chosen = _service_or_404(slug)
    touching = policies.pain_points_public().touching(policies.services_to_read().filter(pk=chosen.pk))
    context = {
        "service": chosen,
        "figures": figures.of_service(chosen),
        "pain_points": list(touching.distinct().order_by("-last_on", "-number")[:SHOWN]),
        "offices": list(chosen.offices.all()),
    }
    return render(request, "feedback/citizen/service.html", context)


@NOT_STORED
@require_http_methods(["GET", "HEAD", "POST"])
def file(request: HttpRequest) -> HttpResponse:
    """One screen; the service is found by words, or left to us."""
    return _file(request, service=None)


@NOT_STORED
@require_http_methods(["GET", "HEAD", "POST"])
def file_for(request: HttpRequest, slug: str) -> HttpResponse:
    """The same screen for one service; a closed one says so, and shows the other ways."""
    chosen = _service_or_404(slug)
    if not chosen.is_open and request.method != "POST":
        return _closed(request, chosen)
    return _file(request, service=chosen)


@never_cache
@require_POST
def near(request: HttpRequest) -> HttpResponse:
    """While the person writes: the pain point it joins, and the services it seems to be about."""
    form = FicheForm(initial=request.POST.dict(), service=_fixed_service(request))
    text = request.POST.get("text", "")
    found = [] if form.fixed_service or request.POST.get("service_words") else _suggested(text)
    if found:
        form.offer(found)
    context = {"form": form, "pain_point": nearby.nearest(text), "with_services": bool(found)}
    return render(request, "feedback/citizen/_near.html", context)


@never_cache
@require_POST
def find_service(request: HttpRequest) -> HttpResponse:
    """While the person types a word: the services it may mean."""
    form = FicheForm(initial=request.POST.dict(), found=_found(request.POST.get("service_words", "")))
    return render(request, "feedback/citizen/_services.html", {"form": form, "searched": True})


@never_cache
@require_POST
def offices(request: HttpRequest) -> HttpResponse:
    """The counters of the service just chosen."""
    form = FicheForm(initial=request.POST.dict())
    form.offer([])
    return render(request, "feedback/citizen/_office.html", {"form": form})


def _file(request: HttpRequest, *, service: Service | None) -> HttpResponse:
    if request.method != "POST":
        initial = {"contact": request.user.email} if request.user.is_authenticated else {}
        return _page(request, FicheForm(initial=initial, service=service))
    if "find" in request.POST or "draft" in request.POST:
        return _page(request, FicheForm(initial=request.POST.dict(), service=service))
    form = FicheForm(request.POST, service=service)
    if not form.is_valid():
        return _page(request, form, status=422)
    personal = [] if form.cleaned_data["warned"] else intake_text.personal_data_in(form.cleaned_data["text"])
    if personal:
        return _page(request, form, personal=personal)
    return _submit(request, form)


def _submit(request: HttpRequest, form: FicheForm) -> HttpResponse:
    text = form.cleaned_data["text"]
    author = request.user if request.user.is_authenticated else None
    language = intake_text.guess_language(text, otherwise=get_language())
    try:
        fiche = submit_fiche(**form.details(), author=author, language=language)
    except FormClosed:
        return _closed(request, form.fixed_service, text=text, status=409)
    except RuleBroken as broken:
        form.add_error(None, str(broken))
        return _page(request, form, status=422)
    _warn_of_an_older_text(request, fiche, text)
    return let_follow(request, fiche, redirect("feedback:receipt", fiche.reference))


def _warn_of_an_older_text(request: HttpRequest, fiche: Fiche, text: str) -> None:
    """Sent again from the same page with other words: what counts is what was recorded first, and we say so."""
    if fiche.original.text != intake_text.tidied(text):
        messages.warning(
            request, _("Your first text was already recorded: here it is. To add something, file another fiche.")
        )


def _page(
    request: HttpRequest, form: FicheForm, *, personal: list[str] | None = None, status: int = 200
) -> HttpResponse:
    """The form with what was typed, the services found, the near pain point, and the warning if there is one."""
    text, words = (
        str(form["text"].value() or ""),
        "" if form.fixed_service else str(form["service_words"].value() or ""),
    )
    if not form.fixed_service:
        form.offer(_found(words) if words else _suggested(text))
    context = {
        "form": form,
        "service": form.fixed_service,
        "personal": personal,
        "pain_point": nearby.nearest(text),
        "searched": bool(words),
    }
    return render(request, "feedback/citizen/fiche.html", context, status=status)


def _closed(request: HttpRequest, service: Service | None, *, text: str = "", status: int = 200) -> HttpResponse:
    context = {"service": service, "offices": list(service.offices.all()) if service else [], "text": text}
    return render(request, "feedback/citizen/closed.html", context, status=status)


def _service_or_404(slug: str) -> Service:
    return get_object_or_404(policies.services_to_read(), slug=slug)


def _fixed_service(request: HttpRequest) -> Service | None:
    slug = request.POST.get("fixed", "")
    return get_object_or_404(policies.services_to_write_to(), slug=slug) if slug else None


def _open_services() -> Any:
    return policies.services_to_write_to().select_related("administration")


def _found(words: str) -> list[Service]:
    return list(find_services(words[:100], among=_open_services())[:OFFERED]) if words.strip() else []


def _suggested(text: str) -> list[Service]:
    return list(suggest_services(text, among=_open_services())[:SUGGESTED])
