"""Where the administration prepares what it decides, proposition by proposition or many at once, then publishes it."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consult import letters, policies, results, texts
from consult.actions import deciding, theming
from consult.choices import Verdict
from consult.errors import RuleBroken
from consult.filters import DecidingFilter
from consult.forms.deciding import BulkForm, DecisionForm, NoteForm
from consult.models import Proposition
from consult.phases import clock
from consult.public import Asked
from consult.themes import policies as theme_policies
from consult.views import bulk_words, decision_words, page_words, proposition_words
from consult.views.doors import deciders_door
from consult.views.listing import page_number
from consult.views.opened import asked_or_404, section_of

A_PAGE = 50


@deciders_door
@require_safe
def board(request: HttpRequest, slug: str) -> HttpResponse:
    """Every proposition with its counts and its decision; filters; how far the work is."""
    return _board(request, asked_or_404(slug))


@deciders_door
@require_POST
def decide_many(request: HttpRequest, slug: str) -> HttpResponse:
    """The same decision for every proposition that was ticked."""
    asked = asked_or_404(slug)
    form = DecisionForm(request.POST, services=_services())
    numbers = _ticked(request)
    chosen = policies.propositions_to_decide(asked.consultation).filter(number__in=numbers)
    if not chosen:
        form.add_error(None, _("Tick the propositions that this decision is about."))
    if not form.is_valid():
        return _board(request, asked, form=form, ticked=numbers, status=422)
    try:
        count = deciding.prepare(chosen, **_said(form), by=request.user)
    except RuleBroken as broken:
        form.add_error(None, str(broken))
        return _board(request, asked, form=form, ticked=numbers, status=422)
    said = ngettext("%(n)d decision prepared.", "%(n)d decisions prepared.", count) % {"n": count}
    messages.success(request, said)
    return redirect(_address("deciding", asked))


@deciders_door
@require_POST
def bulk(request: HttpRequest, slug: str) -> HttpResponse:
    """Another act for those ticked. ``act``: note, theme, discard what was prepared, or merge, which has its page."""
    asked = asked_or_404(slug)
    form = BulkForm(request.POST, themes=theme_policies.themes_to_validate(asked.consultation))
    numbers = _ticked(request)
    if request.POST.get("act") == "merge":
        return redirect(f"{_address('ask_merge', asked)}?{urlencode({'number': sorted(numbers)}, doseq=True)}")
    chosen = list(policies.propositions_to_decide(asked.consultation).filter(number__in=numbers))
    said = bulk_words.wrong(request.POST.get("act", ""), form, chosen)
    if said:
        messages.error(request, said)
        return _board(request, asked, ticked=numbers, bulk_form=form, status=422)
    try:
        messages.success(request, _done_in_bulk(request, chosen, form.cleaned_data))
    except RuleBroken as broken:
        messages.error(request, str(broken))
    return redirect(_address("deciding", asked))


def _done_in_bulk(request: HttpRequest, chosen: list[Proposition], said: dict[str, Any]) -> str:
    act = request.POST["act"]
    if act == "note":
        return bulk_words.noted(deciding.note_many(chosen, said["bulk_note"], by=request.user))
    if act == "theme":
        return bulk_words.put(theming.put(said["theme"], chosen, by=request.user), said["theme"].name)
    return bulk_words.discarded(deciding.discard(chosen))


def _ticked(request: HttpRequest) -> set[int]:
    return {int(number) for number in request.POST.getlist("number") if number.isdecimal() and len(number) < 8}


@deciders_door
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One proposition: its text, what was decided, what colleagues noted."""
    asked = asked_or_404(slug)
    with timezone.override(asked.page.zone):
        rows = policies.propositions_to_decide(asked.consultation).select_related("author", "case", "merged_into")
        found = get_object_or_404(rows, number=number)
        found.consultation = asked.consultation
        if request.method == "POST":
            return _decided(request, asked, found)
        return _one(request, asked, found)


def _decided(request: HttpRequest, asked: Asked, found: Proposition) -> HttpResponse:
    act = request.POST.get("act", "")
    here = _address("decide", asked, found.number)
    if act == "discard":
        if deciding.discard([found]):
            messages.success(request, _("What was prepared for #%(number)d is erased.") % {"number": found.number})
        return redirect(here)
    if act == "note":
        note = NoteForm(request.POST)
        if not note.is_valid():
            return _one(request, asked, found, note=note, status=422)
        deciding.note(found, note.cleaned_data["note"], by=request.user)
        return redirect(here + "#notes")
    form = DecisionForm(request.POST, services=_services(), corrects=bool(results.history(found)))
    if form.is_valid():
        try:
            deciding.prepare([found], **_said(form), by=request.user)
        except RuleBroken as broken:
            form.add_error(None, str(broken))
        else:
            messages.success(request, _("Decision prepared for #%(number)d.") % {"number": found.number})
            return redirect(_address("deciding", asked))
    return _one(request, asked, found, form=form, status=422)


@deciders_door
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    """What will be public and told, to how many people; then the act."""
    asked = asked_or_404(slug)
    with timezone.override(asked.page.zone):
        if request.method != "POST":
            return _confirm(request, asked)
        try:
            deciding.publish(asked.consultation, seen=request.POST.get("seen", ""), by=request.user)
        except RuleBroken as broken:
            return _confirm(request, asked, refused=str(broken), status=422)
        messages.success(request, _("The decisions are public. Letters leave within the next minutes."))
        return redirect(_address("results", asked))


def _said(form: DecisionForm) -> dict[str, Any]:
    said = form.cleaned_data
    return {
        "verdict": Verdict(said["verdict"]),
        "reason": said["reason"],
        "service": said["service"],
        "correction_reason": said.get("correction_reason", ""),
    }


def _services() -> Any:
    return policies.services_that_answer()


def _address(name: str, asked: Asked, *more: int) -> str:
    return reverse(f"consult:{name}", args=[asked.consultation.page.slug, *more])


def _board(
    request: HttpRequest,
    asked: Asked,
    *,
    form: Any = None,
    ticked: set[int] = frozenset(),
    bulk_form: Any = None,
    status: int = 200,
) -> HttpResponse:
    rows = results.with_decisions(policies.propositions_to_decide(asked.consultation))
    chosen = DecidingFilter(request.GET, rows, asked=asked)
    found = chosen.qs if chosen.is_valid() else rows
    number, total = page_number(request.GET.get("page", "")), found.count()
    start = (number - 1) * A_PAGE
    shown = found.order_by("number").defer("search", "body")[start : start + A_PAGE]
    progress = decision_words.progress(rows)
    with timezone.override(asked.page.zone):
        context = {
            **common(request, asked),
            "filter": chosen,
            "rows": [decision_words.line(one, section_of(asked, one), asked, ticked=ticked) for one in shown],
            "total": total,
            "progress": progress,
            "form": form or DecisionForm(services=_services()),
            "publish_url": _address("publish_decisions", asked),
            "bulk_form": bulk_form or BulkForm(themes=theme_policies.themes_to_validate(asked.consultation)),
            "bulk_url": _address("bulk", asked),
            "themes_url": _address("themes", asked),
            "merges_url": _address("merges", asked),
            "pages": decision_words.pages(request.GET, number=number, total=total, size=A_PAGE),
        }
        return render(request, "consult/deciding/board.html", context, status=status)


def _one(
    request: HttpRequest, asked: Asked, found: Proposition, *, form: Any = None, note: Any = None, status: int = 200
) -> HttpResponse:
    section, known = section_of(asked, found), list(policies.decisions_of(found))
    prepared = next((one for one in known if one.publication_id is None), None)
    public = [one for one in reversed(known) if one.publication_id]
    filled = {
        name: getattr(prepared, name) for name in ("verdict", "reason", "service", "correction_reason") if prepared
    }
    context = {
        **common(request, asked, here=f"#{found.number}"),
        "proposition": found,
        "kicker": proposition_words.kicker(section, found.number),
        "filed": proposition_words.filed(found),
        "body": texts.shown(found.body),
        "url": found.get_absolute_url(),
        "counts": decision_words.counts(found, section, asked),
        "decisions": [decision_words.decision(one, asked) for one in public],
        "prepared": prepared,
        "form": form or DecisionForm(services=_services(), corrects=bool(public), initial=filled),
        "note_form": note or NoteForm(),
        "notes": list(policies.notes_of(found)),
    }
    return render(request, "consult/deciding/one.html", context, status=status)


def _confirm(request: HttpRequest, asked: Asked, *, refused: str = "", status: int = 200) -> HttpResponse:
    ready = list(deciding.ready(asked.consultation).select_related("proposition", "service"))
    people = letters.people_to_tell([one.proposition_id for one in ready]).count() if ready else 0
    last = deciding.last_day_of_taking_part(asked.consultation)
    context = {
        **common(request, asked, here=_("Publish")),
        "refused": refused,
        "open_until": page_words.moment(last) if last and last > clock() else "",
        "ready": [decision_words.decision(one, asked) for one in ready],
        "counts": decision_words.by_verdict(ready),
        "people": people,
        "undecided": results.undecided(asked.consultation),
        "seen": deciding.fingerprint(ready),
        "results_url": _address("results", asked),
    }
    return render(request, "consult/deciding/publish.html", context, status=status)


def common(
    request: HttpRequest, asked: Asked, *, here: str = "", above: tuple[str, str] | None = None
) -> dict[str, Any]:
    """What every page of those who decide reads. ``above``: the label and the address of the page above this one."""
    board_url = _address("deciding", asked)
    crumbs = [
        {"label": asked.page.title, "url": _address("consultation", asked)},
        {"label": _("What is decided"), "url": board_url},
    ]
    if above:
        crumbs.append({"label": above[0], "url": above[1]})
    if here:
        crumbs.append({"label": here})
    else:
        crumbs[-1].pop("url")
    return {
        "asked": asked,
        "page": asked.page,
        "crumbs": crumbs,
        "board_url": board_url,
        "agent_name": request.user.name,
        "agent_section": _("Consultations"),
        "agent_entries": [{"label": _("What is decided"), "url": board_url, "is_current": True}],
    }
