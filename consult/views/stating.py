"""Somebody proposes a statement, shown what looks like it while they write; or takes theirs back."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from consult import policies
from consult.actions import statements as acts
from consult.choices import Act, Awaited
from consult.errors import AlreadySaid, PhaseClosed, RuleBroken
from consult.forms.statements import StatementForm
from consult.maps import reading
from consult.maps.near import LEAST, near
from consult.phases import closed
from consult.public import Asked
from consult.views import map_results, visiting_words, who
from consult.views import map_words as words
from consult.views.held import led
from consult.views.kept import forget, keep, kept
from consult.views.map_doors import map_or_404, reader_of
from consult.views.refusing import refused
from moderation.choices import Timing


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest, slug: str) -> HttpResponse:
    """One sentence. What is near stands under it, and stops nobody. Who is not known yet writes first."""
    asked = map_or_404(slug)
    if not asked.consultation.page.map_takes_statements:
        raise Http404
    with timezone.override(asked.page.zone):
        if request.method != "POST":
            typed = kept(request, _place(asked))
            return _page(request, asked, StatementForm(initial=typed), typed=typed.get("text", ""))
        form = StatementForm(request.POST)
        if "look" in request.POST:
            text = request.POST.get("text", "")
            return _page(request, asked, StatementForm(initial=request.POST.dict()), typed=text)
        if not form.is_valid():
            return _page(request, asked, form, typed=request.POST.get("text", ""), status=422)
        return _file(request, asked, form)


def _file(request: HttpRequest, asked: Asked, form: StatementForm) -> HttpResponse:
    text, key, here = form.cleaned_data["text"], form.cleaned_data["key"], words.address("map_propose", asked)
    person = who.taking_part(request, asked, Act.STATE)
    if person is None:
        keep(request, _place(asked), text=text)
        typed = {"text": text, "key": str(key)}
        return led(request, asked, Awaited.STATEMENT, typed, said=text, back=here)
    try:
        filed = acts.propose(asked.consultation, text, by=person, key=key)
    except PhaseClosed as broken:
        return refused(request, broken, back=words.address("map", asked), text=text)
    except RuleBroken as broken:
        form.add_error("text", str(broken))
        number = broken.number if isinstance(broken, AlreadySaid) else 0
        return _page(request, asked, form, typed=text, twin=number, status=422)
    forget(request, _place(asked))
    messages.success(request, words.thanks(filed))
    return redirect(words.address("map_statement", asked, filed.number))


def _page(
    request: HttpRequest, asked: Asked, form: StatementForm, *, typed: str, twin: int = 0, status: int = 200
) -> HttpResponse:
    is_open = reading.is_open(asked)
    context = {
        **map_results.around(asked, chosen="", is_known=reader_of(request) is not None, here=words.propose_title()),
        "form": form,
        "question": words.question(asked),
        "then": visiting_words.then_for_text(request, asked, Act.STATE),
        "why_closed": "" if is_open else str(closed(asked.phases, Act.STATE, at=asked.at)),
        "before": asked.consultation.page.moderation != Timing.AFTER,
        "twin_url": words.address("map_statement", asked, twin) if twin else "",
        "slug": asked.consultation.page.slug,
        **_near(asked, typed),
    }
    return render(request, "consult/map/propose.html", context, status=status)


def _near(asked: Asked, typed: str) -> dict[str, Any]:
    found = near(asked.consultation, typed)
    return {
        "near": [{"statement": one, "url": words.address("map_statement", asked, one.number)} for one in found],
        "searched": len(typed.strip()) >= LEAST,
    }


@never_cache
@require_POST
def near_ones(request: HttpRequest, slug: str) -> HttpResponse:
    """While the person writes: what looks like it. No count, nor who wrote."""
    asked = map_or_404(slug)
    return render(request, "consult/map/_near.html", _near(asked, request.POST.get("text", "")))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Its author alone: what it costs, then it is done."""
    asked = map_or_404(slug)
    with timezone.override(asked.page.zone):
        person = reader_of(request)
        if person is None and not request.user.is_authenticated:
            return redirect_to_login(request.path)
        mine = policies.statements_to_read_by(person, asked.consultation).filter(number=number, author=person)
        found = mine.select_related("consultation__page").first() if person else None
        if found is None:
            raise Http404
        here = words.address("map_statement", asked, number)
        if request.method != "POST":
            context = {
                **map_results.around(asked, chosen="", is_known=True, here=_("Withdraw my statement")),
                "statement": found,
                "url": here,
            }
            return render(request, "consult/map/withdraw.html", context)
        try:
            acts.withdraw(found, by=person)
        except RuleBroken as broken:
            return refused(request, broken, back=here)
        messages.success(request, _("Your statement is withdrawn. Its number stays, its answers no longer count."))
        return redirect(words.address("map_mine", asked))


def _place(asked: Asked) -> str:
    return f"statement {asked.consultation.pk}"
