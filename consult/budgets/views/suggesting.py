"""Somebody who suggests an idea: one screen; what looks alike is shown, and stops nobody; a draft is kept."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_POST

from consult.budgets import policies
from consult.budgets.actions import idea_drafts
from consult.budgets.actions.suggestions import file
from consult.budgets.actions.supports import support
from consult.budgets.choices import BudgetAct
from consult.budgets.forms.ideas import IdeaForm
from consult.budgets.models import SuggestionDraft
from consult.budgets.phases import closed
from consult.budgets.public import Shared
from consult.budgets.similar import similar_ideas
from consult.budgets.views import idea_words
from consult.budgets.views.opened import idea_or_404, shared_or_404
from consult.budgets.views.standing import refused, sign_in, taking_part
from consult.errors import PhaseClosed, RuleBroken
from consult.models import Participant
from consult.views import who
from moderation.choices import Timing

NOT_STORED = cache_control(private=True, no_store=True)


@NOT_STORED
@require_http_methods(["GET", "HEAD", "POST"])
def suggest(request: HttpRequest, slug: str) -> HttpResponse:
    """Closed, it says since when; open, one signs in first: an idea bears a name, and its draft is kept."""
    shared = shared_or_404(slug)
    with timezone.override(shared.page.zone):
        if request.method != "POST" and shared.open_for(BudgetAct.SUGGEST) is None:
            return _closed(request, shared, closed(shared.phases, BudgetAct.SUGGEST, at=shared.at), status=200)
        person = taking_part(request, shared, BudgetAct.SUGGEST)
        if person is None:
            messages.info(request, _("Sign in, or open an account: your idea bears your name."))
            return sign_in(idea_words.address("suggest", shared))
        if request.method != "POST":
            return _blank(request, shared)
        if "draft" in request.POST:
            return _kept(request, shared, person)
        if "support" in request.POST:
            return _supported(request, shared, person)
        return _filed(request, shared, person)


@never_cache
@require_POST
def near(request: HttpRequest, slug: str) -> HttpResponse:
    """While the person writes: what looks like it."""
    shared = shared_or_404(slug)
    return render(request, "budgets/_near.html", {"near": near_of(shared, request.POST), "searched": True})


@never_cache
@require_POST
def draft(request: HttpRequest, slug: str) -> HttpResponse:
    """While the person writes: their draft is kept. Nobody's is not."""
    shared = shared_or_404(slug)
    with timezone.override(shared.page.zone):
        person = who.participant(request)
        kept = idea_drafts.keep(shared.budget, request.POST, by=person) if person else None
        return render(request, "consult/_kept.html", {"said": idea_words.kept(kept) if kept else ""})


def near_of(shared: Shared, typed: Any) -> list[idea_words.Line]:
    text = f"{typed.get('title', '')[:300]}\n{typed.get('body', '')[:6000]}"
    is_open = shared.open_for(BudgetAct.SUPPORT) is not None
    return [idea_words.line(one, shared, is_open=is_open) for one in similar_ideas(shared.budget, text)]


def _blank(request: HttpRequest, shared: Shared) -> HttpResponse:
    """Empty, or the draft that was left."""
    left = None if "vide" in request.GET else policies.draft_of(who.reader(request), shared.budget)
    initial = {name: value for name, value in left.typed.items() if value} if left else {}
    return _page(request, shared, IdeaForm(initial=initial, envelopes=shared.envelopes), left=left)


def _kept(request: HttpRequest, shared: Shared, person: Participant) -> HttpResponse:
    """Without scripts: the draft is kept, and what is near is shown."""
    kept = idea_drafts.keep(shared.budget, request.POST, by=person)
    form = IdeaForm(initial=request.POST.dict(), envelopes=shared.envelopes)
    return _page(request, shared, form, said=idea_words.kept(kept) if kept else "")


def _supported(request: HttpRequest, shared: Shared, person: Participant) -> HttpResponse:
    """« Soutenir celle-ci »: supported in one act, the draft kept in case they come back to it."""
    idea_drafts.keep(shared.budget, request.POST, by=person)
    wanted = request.POST["support"]
    number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 9 else 0
    found = idea_or_404(shared, number, reader=who.reader(request))
    try:
        support(shared.budget, found.number, by=person)
    except RuleBroken as broken:
        return refused(request, broken, back=idea_words.address("idea", shared, found.number))
    messages.success(request, idea_words.supported_instead(found))
    return redirect("budgets:idea", shared.slug, found.number)


def _filed(request: HttpRequest, shared: Shared, person: Participant) -> HttpResponse:
    form = IdeaForm(request.POST, request.FILES, envelopes=shared.envelopes)
    if not form.is_valid():
        return _page(request, shared, form, status=422)
    written = form.written()
    try:
        filed = file(shared.budget, written, by=person, key=form.cleaned_data["key"])
    except PhaseClosed as broken:
        return _closed(request, shared, broken, text=f"{written.title}\n\n{written.body}", status=409)
    except RuleBroken as broken:
        text = f"{written.title}\n\n{written.body}"
        return refused(request, broken, back=idea_words.address("suggest", shared), text=text)
    messages.success(request, idea_words.thanks(filed))
    return redirect("budgets:idea", shared.slug, filed.number)


def _page(
    request: HttpRequest,
    shared: Shared,
    form: IdeaForm,
    *,
    left: SuggestionDraft | None = None,
    said: str = "",
    status: int = 200,
) -> HttpResponse:
    typed = {name: str(form[name].value() or "") for name in ("title", "body")}
    person = who.visitor(request) or request.user
    context = {
        "shared": shared,
        "page": shared.page,
        "form": form,
        "left_said": idea_words.left(left) if left else "",
        "said": said,
        "near": near_of(shared, typed) if any(typed.values()) else [],
        "searched": any(typed.values()),
        "before": (shared.budget.page.moderation or Timing.BEFORE) == Timing.BEFORE,
        "author": person.name,
        "near_url": idea_words.address("near_ideas", shared),
        "draft_url": idea_words.address("idea_draft", shared),
        "point_is_open": any(form[name].value() or form[name].errors for name in ("latitude", "longitude")),
        **_crumbs(shared, _("Suggest an idea")),
    }
    return render(request, "budgets/idea_form.html", context, status=status)


def _crumbs(shared: Shared, here: str) -> dict[str, Any]:
    return idea_words.crumbs(shared, (_("Ideas"), idea_words.address("ideas", shared)), (here, ""))


def _closed(request: HttpRequest, shared: Shared, broken: PhaseClosed, *, text: str = "", status: int) -> HttpResponse:
    context = {"said": str(broken), "text": text, "list_url": idea_words.address("ideas", shared)}
    context |= _crumbs(shared, _("Suggest an idea"))
    return render(request, "budgets/idea_closed.html", context, status=status)
