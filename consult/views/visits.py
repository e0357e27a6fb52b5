"""What one wrote in the consultations, for whoever takes part without an account; and the code of a list."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from consult import awaiting, personal_data, policies
from consult.actions import lists, visiting
from consult.choices import Awaited
from consult.errors import CodeRefused
from consult.forms.visiting import AddressForm, CodeForm
from consult.models import Participant
from consult.public import Asked
from consult.views import held, limits, page_words, who
from consult.views.opened import asked_or_404

SHOWN = 200
NOT_STORED = cache_control(private=True, no_store=True)


@NOT_STORED
@require_http_methods(["GET", "HEAD", "POST"])
def visits(request: HttpRequest) -> HttpResponse:
    """Theirs alone, on a device that they confirmed; on another, one letter makes it known."""
    person = who.visitor(request)
    if person is None:
        return _unknown(request)
    wanted = request.POST.get("act", "")
    if wanted == "copy":
        answer = JsonResponse(personal_data.copy_for_visitor(person), json_dumps_params={"ensure_ascii": False})
        answer.headers["Content-Disposition"] = 'attachment; filename="mes-contributions.json"'
        return answer
    if wanted in ("forget", "erase"):
        return _gone(request, person, erases=wanted == "erase")
    return _theirs(request, person, asks="erase?" in request.POST)


def _gone(request: HttpRequest, person: Participant, *, erases: bool) -> HttpResponse:
    if erases:
        personal_data.erase_visitor(person)
    who.forget(request)
    said = (
        _("Your address and your name are erased. What you wrote stays, without a name.")
        if erases
        else _("This device no longer takes part with your address.")
    )
    messages.success(request, said)
    return redirect("consult:index")


def _theirs(request: HttpRequest, person: Participant, *, asks: bool) -> HttpResponse:
    context = {
        "person": person,
        "propositions": policies.propositions_of(person).select_related("consultation__page").order_by("-pk")[:SHOWN],
        "arguments": policies.arguments_of(person)[:SHOWN],
        "votes": policies.votes_of(person).count(),
        "more": awaiting.lists_of(person),
        "asks": asks,
    }
    return render(request, "consult/visits.html", context)


def _unknown(request: HttpRequest) -> HttpResponse:
    """The same words whether the address took part or not."""
    form = AddressForm(request.POST if request.method == "POST" else None, is_signed=False)
    status, sent_to = 200, ""
    if form.is_bound and not form.is_valid():
        status = 422
    elif form.is_bound and limits.asks_too_often(request, form.cleaned_data["email"]):
        status = 429
    elif form.is_bound:
        sent_to = form.cleaned_data["email"]
        visiting.wait(None, Awaited.RECOGNISE, {}, email=sent_to, browser=held.browser(request), key=uuid4())
    context = {"form": form, "sent_to": sent_to, "too_many": status == 429}
    return render(request, "consult/visits_unknown.html", context, status=status)


@NOT_STORED
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest, slug: str) -> HttpResponse:
    """The code of a letter takes a place on the list, for the account or the visitor at the door."""
    asked = asked_or_404(slug)
    with timezone.override(asked.page.zone):
        form = CodeForm(request.POST if request.method == "POST" else None)
        if not form.is_bound:
            return _code(request, asked, form)
        if not who.is_known(request) or not form.is_valid():
            return _code(request, asked, form, status=422)
        if limits.guesses_too_often(request):
            return _code(request, asked, form, status=429)
        if not lists.use_code(asked.consultation, form.cleaned_data["code"], by=who.participant(request)):
            form.add_error("code", str(CodeRefused()))
            return _code(request, asked, form, status=422)
        messages.success(request, _("Your code is accepted: you may take part."))
        return redirect("consult:consultation", slug)


def _code(request: HttpRequest, asked: Asked, form: CodeForm, *, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "asked": asked,
        "form": form,
        "is_known": who.is_known(request),
        "too_many": status == 429,
        "base": page_words.address("consultation", asked),
        "crumbs": [
            {"label": asked.page.title, "url": page_words.address("consultation", asked)},
            {"label": _("My code")},
        ],
    }
    return render(request, "consult/code.html", context, status=status)
