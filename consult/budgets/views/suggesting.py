"""Somebody who suggests an idea: one screen; what looks alike is shown, and stops nobody; a draft is kept."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consult.budgets import pictures, policies
from consult.budgets.actions import idea_drafts, visiting
from consult.budgets.actions.suggestions import Written, file
from consult.budgets.actions.supports import support
from consult.budgets.choices import BudgetAct
from consult.budgets.forms.ideas import IdeaForm
from consult.budgets.models import SuggestionDraft
from consult.budgets.phases import closed
from consult.budgets.public import Shared
from consult.budgets.similar import similar_ideas
from consult.budgets.views import idea_words
from consult.budgets.views.opened import idea_or_404, shared_or_404
from consult.budgets.views.standing import is_known, led, refused, sign_in, takes_visitors, taking_part
from consult.budgets.views.supporting import supported_by_nobody_yet
from consult.choices import Awaited
from consult.errors import PhaseClosed, RuleBroken
from consult.models import Participant
from consult.views import held, kept, who
from consult.views.attachments import sent_as_picture
from moderation.choices import Timing

NOT_STORED = cache_control(private=True, no_store=True)


@NOT_STORED
@require_http_methods(["GET", "HEAD", "POST"])
def suggest(request: HttpRequest, slug: str) -> HttpResponse:
    """Closed, it says since when; open, it asks who writes: at once for an account, at the end for an address."""
    shared = shared_or_404(slug)
    with timezone.override(shared.page.zone):
        if request.method != "POST":
            return _opened(request, shared)
        if "draft" in request.POST or "support" in request.POST:
            return _put_off(request, shared)
        return _filed(request, shared)


def _opened(request: HttpRequest, shared: Shared) -> HttpResponse:
    if shared.open_for(BudgetAct.SUGGEST) is None:
        return _closed(request, shared, closed(shared.phases, BudgetAct.SUGGEST, at=shared.at), status=200)
    if not is_known(request, shared, BudgetAct.SUGGEST) and not takes_visitors(shared, BudgetAct.SUGGEST):
        return _signing_in(request, shared)
    return _blank(request, shared)


def _signing_in(request: HttpRequest, shared: Shared) -> HttpResponse:
    messages.info(request, _("Sign in, or open an account: your idea bears your name."))
    return sign_in(idea_words.address("suggest", shared))


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
        row = idea_drafts.keep(shared.budget, request.POST, by=person) if person else None
        return render(request, "consult/_kept.html", {"said": idea_words.kept(row) if row else ""})


@NOT_STORED
@require_safe
def draft_photo(request: HttpRequest, slug: str) -> HttpResponse:
    """The photo that waits with their own draft."""
    left = policies.draft_of(who.reader(request), shared_or_404(slug).budget)
    if left is None or not left.photo:
        raise Http404
    return sent_as_picture(left.photo)


def near_of(shared: Shared, typed: Any) -> list[idea_words.Line]:
    text = f"{typed.get('title', '')[:300]}\n{typed.get('body', '')[:6000]}"
    is_open = shared.open_for(BudgetAct.SUPPORT) is not None
    return [idea_words.line(one, shared, is_open=is_open) for one in similar_ideas(shared.budget, text)]


def _blank(request: HttpRequest, shared: Shared) -> HttpResponse:
    """Empty, or what was typed before signing in, or the draft that was left."""
    if "vide" in request.GET:
        return _page(request, shared, _form(request, shared))
    left = policies.draft_of(who.reader(request), shared.budget)
    typed = kept.kept(request, _place(shared)).get("idea") or _held(request, shared) or (left.typed if left else {})
    form = _form(request, shared, left=left, initial={name: value for name, value in typed.items() if value})
    return _page(request, shared, form, left=left)


def _held(request: HttpRequest, shared: Shared) -> dict[str, Any]:
    """What waits for their address, if they come back to it."""
    waits = held.held(request, held.place_of(shared.budget))
    return visiting.form_of(waits["typed"]) if waits.get("kind") == Awaited.IDEA else {}


def _place(shared: Shared) -> str:
    """Of the session, for what was typed by somebody who had not signed in."""
    return f"idea {shared.budget.pk}"


def _form(
    request: HttpRequest, shared: Shared, *given: Any, left: SuggestionDraft | None = None, **initial: Any
) -> IdeaForm:
    return IdeaForm(
        *given,
        envelopes=shared.envelopes,
        kept_photo=pictures.name_of(left),
        takes_photo=is_known(request, shared, BudgetAct.SUGGEST),
        **initial,
    )


def _put_off(request: HttpRequest, shared: Shared) -> HttpResponse:
    """Without scripts, the draft is kept and what is near is shown; « Soutenir celle-ci » keeps it as well."""
    person = taking_part(request, shared, BudgetAct.SUGGEST)
    if person is None:
        kept.keep(request, _place(shared), idea=idea_drafts.fields(request.POST))
        return _put_off_by_nobody_yet(request, shared)
    given = _form(request, shared, request.POST, request.FILES)
    row = _keep(shared, given, person)
    if "support" in request.POST:
        return _supported(request, shared, person)
    for wrong in given.errors.get("photo", []):
        messages.error(request, wrong)
    form = _form(request, shared, left=row, initial=request.POST.dict())
    return _page(request, shared, form, said=idea_words.kept(row) if row else "")


def _put_off_by_nobody_yet(request: HttpRequest, shared: Shared) -> HttpResponse:
    if "support" in request.POST:
        return supported_by_nobody_yet(request, shared, _wanted(request, shared))
    if not takes_visitors(shared, BudgetAct.SUGGEST):
        return _signing_in(request, shared)
    return _page(request, shared, _form(request, shared, initial=request.POST.dict()))


def _keep(shared: Shared, form: IdeaForm, person: Participant) -> SuggestionDraft | None:
    """What this form holds, its photo included, whether it is accepted or not."""
    form.is_valid()
    photo, drops = form.cleaned_data.get("photo"), bool(form.cleaned_data.get("without_photo"))
    return idea_drafts.keep(shared.budget, form.data, by=person, photo=photo, drops_photo=drops)


def _wanted(request: HttpRequest, shared: Shared) -> Any:
    wanted = request.POST["support"]
    number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 9 else 0
    return idea_or_404(shared, number, reader=who.reader(request))


def _supported(request: HttpRequest, shared: Shared, person: Participant) -> HttpResponse:
    """« Soutenir celle-ci »: supported in one act, the draft kept in case they come back to it."""
    found = _wanted(request, shared)
    try:
        support(shared.budget, found.number, by=person)
    except RuleBroken as broken:
        return refused(request, broken, back=idea_words.address("idea", shared, found.number))
    messages.success(request, idea_words.supported_instead(found))
    return redirect("budgets:idea", shared.slug, found.number)


def _filed(request: HttpRequest, shared: Shared) -> HttpResponse:
    person = taking_part(request, shared, BudgetAct.SUGGEST)
    if person is None and not takes_visitors(shared, BudgetAct.SUGGEST):
        return _not_signed_in(request, shared)
    left = policies.draft_of(person, shared.budget) if person else None
    form = _form(request, shared, request.POST, request.FILES, left=left)
    if not form.is_valid():
        row = _keep(shared, form, person) if person else None
        form.kept_photo = pictures.name_of(row)
        return _page(request, shared, form, left=row, status=422)
    if person is None:
        return _led(request, shared, form)
    written = form.written()
    if left and form.keeps_photo():
        written = replace(written, photo=pictures.read(left))
    return _sent(request, shared, form, written, person)


def _not_signed_in(request: HttpRequest, shared: Shared) -> HttpResponse:
    """Their session ended, or the phase did: nothing typed is lost."""
    if shared.open_for(BudgetAct.SUGGEST) is None:
        text = f"{request.POST.get('title', '')}\n\n{request.POST.get('body', '')}"
        broken = closed(shared.phases, BudgetAct.SUGGEST, at=shared.at)
        return _closed(request, shared, broken, text=text, status=409)
    kept.keep(request, _place(shared), idea=idea_drafts.fields(request.POST))
    return _signing_in(request, shared)


def _led(request: HttpRequest, shared: Shared, form: IdeaForm) -> HttpResponse:
    """To the page that asks for an address: the idea waits there, and in the form if they come back to it."""
    written, back = form.written(), idea_words.address("suggest", shared)
    kept.forget(request, _place(shared))
    typed = visiting.idea_typed(shared.budget, written, key=form.cleaned_data["key"])
    said = f"{written.title}\n\n{written.body}"
    return led(request, shared, Awaited.IDEA, typed, said=said, back=back)


def _sent(request: HttpRequest, shared: Shared, form: IdeaForm, written: Written, person: Participant) -> HttpResponse:
    text = f"{written.title}\n\n{written.body}"
    try:
        filed = file(shared.budget, written, by=person, key=form.cleaned_data["key"])
    except PhaseClosed as broken:
        return _closed(request, shared, broken, text=text, status=409)
    except RuleBroken as broken:
        return refused(request, broken, back=idea_words.address("suggest", shared), text=text)
    kept.forget(request, _place(shared))
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
    is_here = is_known(request, shared, BudgetAct.SUGGEST)
    plan, places = idea_words.known_places(policies.places_named())
    context = {
        "shared": shared,
        "page": shared.page,
        "form": form,
        "plan": plan,
        "places": places,
        "left_said": idea_words.left(left) if left and not form.is_bound else "",
        "said": said,
        "near": near_of(shared, typed) if any(typed.values()) else [],
        "searched": any(typed.values()),
        "before": (shared.budget.page.moderation or Timing.BEFORE) == Timing.BEFORE,
        "is_known": is_here,
        "author": (who.visitor(request) or request.user).name if is_here else "",
        "near_url": idea_words.address("near_ideas", shared),
        "draft_url": idea_words.address("idea_draft", shared),
        "photo_url": idea_words.address("draft_photo", shared) if form.kept_photo else "",
        "photo_is_open": _photo_is_open(form),
        "point_is_open": any(form[name].value() or form[name].errors for name in ("latitude", "longitude")),
        **_crumbs(shared, _("Suggest an idea")),
    }
    return render(request, "budgets/idea_form.html", context, status=status)


def _photo_is_open(form: IdeaForm) -> bool:
    told = [form[name] for name in ("photo", "photo_description") if name in form.fields]
    return bool(form.kept_photo) or any(one.errors or one.value() for one in told)


def _crumbs(shared: Shared, here: str) -> dict[str, Any]:
    return idea_words.crumbs(shared, (_("Ideas"), idea_words.address("ideas", shared)), (here, ""))


def _closed(request: HttpRequest, shared: Shared, broken: PhaseClosed, *, text: str = "", status: int) -> HttpResponse:
    context = {"said": str(broken), "text": text, "list_url": idea_words.address("ideas", shared)}
    context |= _crumbs(shared, _("Suggest an idea"))
    return render(request, "budgets/idea_closed.html", context, status=status)
