"""The administration makes projects of ideas: several become one, one becomes several; each project keeps its trace."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from consult import texts
from consult.budgets import policies
from consult.budgets.actions import projects as acts
from consult.budgets.actions import suggestions
from consult.budgets.choices import ProjectState, SuggestionState
from consult.budgets.filters import IdeaFilter
from consult.budgets.forms.ideas import ReasonForm
from consult.budgets.forms.projects import ProjectForm, read_numbers
from consult.budgets.models import Project, Suggestion
from consult.budgets.public import Shared
from consult.budgets.similar import similar_ideas
from consult.budgets.views import idea_words, project_words, study_words
from consult.budgets.views.doors import runners_door
from consult.budgets.views.ideas import pages_around
from consult.budgets.views.opened import idea_or_404, project_or_404, shared_or_404
from consult.budgets.views.standing import refused
from consult.errors import RuleBroken
from consult.views.listing import page_number

A_PAGE = 50
AS_MANY_NEAR = 12


@runners_door
@require_safe
def board(request: HttpRequest, slug: str) -> HttpResponse:
    """Every idea with what came of it; those ticked make a project. ``proches=7``: what looks like idea no. 7."""
    shared = shared_or_404(slug)
    with timezone.override(shared.page.zone):
        rows = policies.with_what_came_of_them(policies.ideas(shared.budget))
        near = read_numbers(request.GET.get("proches", "")[:9])
        about = rows.filter(number=near[0]).first() if near else None
        chosen = IdeaFilter(request.GET, rows, envelopes=shared.envelopes)
        number = page_number(request.GET.get("page", ""))
        start = (number - 1) * A_PAGE
        found = _near(rows, about) if about else list(chosen.qs.order_by("number")[start : start + A_PAGE + 1])
        context = {
            **_common(request, shared),
            "filter": chosen,
            "about": about,
            "rows": [_row(one, shared) for one in found[:A_PAGE]],
            "total": len(found) if about else chosen.qs.count(),
            "progress": _progress(rows),
            "projects": (projects := _projects(shared)),
            "studies_url": _studies_url(shared) if any(not one["url"] for one in projects) else "",
            **pages_around(request, number, is_more=len(found) > A_PAGE),
        }
        return render(request, "budgets/regroup/board.html", context)


def _near(rows: Any, about: Suggestion) -> list[Suggestion]:
    """The idea, then what looks like it."""
    text = f"{about.title}\n{texts.plain(about.body)}"
    keys = [about.pk, *(one.pk for one in similar_ideas(about.budget, text, but=about.pk, most=AS_MANY_NEAR))]
    found = {one.pk: one for one in rows.filter(pk__in=keys)}
    return [found[key] for key in keys if key in found]


def _row(one: Suggestion, shared: Shared) -> dict[str, Any]:
    return {
        "line": idea_words.line(one, shared),
        "is_free": one.state == SuggestionState.PUBLISHED,
        "may_set_aside": one.state == SuggestionState.PUBLISHED and not one.is_project,
        "may_take_up": one.state == SuggestionState.SET_ASIDE,
        "aside_url": idea_words.address("set_aside", shared, one.number),
    }


def _progress(rows: Any) -> dict[str, Any]:
    total = rows.count()
    settled = rows.filter(is_project=True).count() + rows.filter(state=SuggestionState.SET_ASIDE).count()
    text = ngettext("%(n)d idea", "%(n)d ideas", total) % {"n": total}
    left = total - settled
    note = ngettext("%(n)d not grouped yet", "%(n)d not grouped yet", left) % {"n": left}
    return {"done": settled, "total": total, "text": text, "note": note}


def _projects(shared: Shared) -> list[dict[str, Any]]:
    """Those being written first; then those that left for study and further."""
    rows = policies.with_their_ideas(policies.projects(shared.budget)).order_by("number")
    lines = [
        {
            "line": project_words.line(one, shared),
            "ideas": sorted(origin.suggestion.number for origin in one.origins.all()),
            "url": idea_words.address("prepare", shared, one.number) if one.state == ProjectState.PREPARED else "",
        }
        for one in rows
    ]
    return sorted(lines, key=lambda one: not one["url"])


def _studies_url(shared: Shared) -> str:
    """Where what left for study is entrusted to somebody."""
    return reverse("budgets:study_board", args=[shared.budget.page.slug])


def _common(request: HttpRequest, shared: Shared, *trail: tuple[str, str]) -> dict[str, Any]:
    steps = [(_("Group ideas"), idea_words.address("regroup", shared) if trail else ""), *trail]
    return {
        "shared": shared,
        "page": shared.page,
        **study_words.heading(request),
        "board_url": idea_words.address("regroup", shared),
        "make_url": idea_words.address("make_project", shared),
        **idea_words.crumbs(shared, *steps),
    }


@runners_door
@require_http_methods(["GET", "HEAD", "POST"])
def make(request: HttpRequest, slug: str) -> HttpResponse:
    """A project of the ideas of ``?idee=3&idee=7``: their words are there to begin with."""
    shared = shared_or_404(slug)
    with timezone.override(shared.page.zone):
        numbers = read_numbers(" ".join(request.GET.getlist("idee"))[:600])
        ideas = list(policies.ideas(shared.budget).filter(number__in=numbers).order_by("number"))
        form = ProjectForm(
            request.POST or None, request.FILES or None, initial=_begun(ideas), envelopes=shared.envelopes
        )
        if request.method == "POST" and form.is_valid():
            try:
                made = acts.make(shared.budget, form.content(), of=form.cleaned_data["ideas"], by=request.user)
            except RuleBroken as broken:
                form.add_error("ideas", str(broken))
            else:
                messages.success(request, _("Project no. %(number)d is made.") % {"number": made.number})
                return redirect("budgets:prepare", shared.slug, made.number)
        context = {
            **_common(request, shared, (_("New project"), "")),
            "form": form,
            "is_new": True,
            "ideas": _lines(ideas, shared),
        }
        return _form_page(request, context)


def _form_page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    return render(request, "budgets/regroup/project.html", context, status=status)


def _lines(ideas: list[Suggestion], shared: Shared) -> list[dict[str, Any]]:
    return [{"line": idea_words.line(one, shared), "body": texts.shown(one.body)} for one in ideas]


def _begun(ideas: list[Suggestion]) -> dict[str, Any]:
    """What the form of a new project holds: the words of its first idea, the place and envelope that any has."""
    if not ideas:
        return {}
    first = ideas[0]
    placed = next((one for one in ideas if one.latitude is not None), None)
    return {
        "title": first.title,
        "body": "\n\n".join(texts.typed_of(one.body) for one in ideas)[:6000],
        "envelope": next((one.envelope_id for one in ideas if one.envelope_id), None),
        "place": next((one.place for one in ideas if one.place), ""),
        "latitude": placed.latitude if placed else None,
        "longitude": placed.longitude if placed else None,
        "ideas": ", ".join(str(one.number) for one in ideas),
    }


@runners_door
@require_http_methods(["GET", "HEAD", "POST"])
def prepare(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A project being written: changed, sent to study, or given up."""
    shared = shared_or_404(slug)
    found = project_or_404(shared, number)
    if found.state != ProjectState.PREPARED and request.method != "POST":
        return redirect("budgets:project", shared.slug, number)
    with timezone.override(shared.page.zone):
        act = {"etudier": _study, "abandonner": _give_up}.get(request.POST.get("act", ""))
        if act is not None:
            return act(request, shared, found)
        return _edit(request, shared, found)


def _edit(request: HttpRequest, shared: Shared, found: Project) -> HttpResponse:
    ideas = list(policies.origins_of(found).select_related("envelope"))
    form = ProjectForm(
        request.POST or None, request.FILES or None, initial=_typed(found, ideas), envelopes=shared.envelopes
    )
    if request.method == "POST" and form.is_valid():
        try:
            acts.edit(found, form.content(), of=form.cleaned_data["ideas"], by=request.user)
        except RuleBroken as broken:
            form.add_error(None, str(broken))
        else:
            messages.success(request, _("The project is kept."))
            return redirect("budgets:prepare", shared.slug, found.number)
    again = urlencode({"idee": [one.number for one in ideas]}, doseq=True)
    trail = (_("No. %(number)d") % {"number": found.number}, "")
    context = {
        **_common(request, shared, trail),
        "form": form,
        "project": found,
        "ideas": _lines(ideas, shared),
        "authors": len({one.author_id for one in ideas}),
        "again_url": f"{idea_words.address('make_project', shared)}?{again}",
        "reason_form": ReasonForm(prefix="fin"),
    }
    return _form_page(request, context)


def _typed(found: Project, ideas: list[Suggestion]) -> dict[str, Any]:
    names = ("title", "summary", "theme", "territory", "site", "place", "latitude", "longitude", "picture_description")
    said = {name: getattr(found, name) for name in names}
    numbers = ", ".join(str(one.number) for one in ideas)
    return said | {"body": texts.typed_of(found.body), "envelope": found.envelope_id, "ideas": numbers}


def _study(request: HttpRequest, shared: Shared, found: Project) -> HttpResponse:
    try:
        acts.send_to_study(found, by=request.user)
    except RuleBroken as broken:
        return refused(request, broken, back=idea_words.address("regroup", shared))
    said = _("Project no. %(number)d goes to study. The authors of its ideas are told.")
    messages.success(request, said % {"number": found.number})
    return redirect("budgets:regroup", shared.slug)


def _give_up(request: HttpRequest, shared: Shared, found: Project) -> HttpResponse:
    form = ReasonForm(request.POST, prefix="fin")
    if not form.is_valid():
        messages.error(request, _("Give a reason. One sentence is enough."))
        return redirect("budgets:prepare", shared.slug, found.number)
    try:
        acts.dissolve(found, reason=form.cleaned_data["reason"], by=request.user)
    except RuleBroken as broken:
        return refused(request, broken, back=idea_words.address("regroup", shared))
    messages.success(request, _("The project is given up: its ideas are free again."))
    return redirect("budgets:regroup", shared.slug)


@runners_door
@require_http_methods(["GET", "HEAD", "POST"])
def set_aside(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """An idea is not taken up, with a reason; ``act=reprendre`` takes it up again."""
    shared = shared_or_404(slug)
    found = idea_or_404(shared, number, reader=request.user)
    if not found.is_shown:
        raise Http404
    back = idea_words.address("regroup", shared)
    form = ReasonForm(request.POST or None)
    takes_up = request.POST.get("act") == "reprendre"
    if request.method == "POST" and (takes_up or form.is_valid()):
        try:
            _judge(found, form, request.user, takes_up=takes_up)
        except RuleBroken as broken:
            return refused(request, broken, back=back)
        messages.success(request, _("Kept. Its author is told."))
        return redirect(back)
    context = {**_common(request, shared, (_("No. %(number)d") % {"number": number}, "")), "idea": found, "form": form}
    context |= {"line": idea_words.line(found, shared), "body": texts.shown(found.body)}
    status = 422 if request.method == "POST" else 200
    return render(request, "budgets/regroup/set_aside.html", context, status=status)


def _judge(found: Suggestion, form: ReasonForm, user: Any, *, takes_up: bool) -> None:
    if takes_up:
        suggestions.take_up(found, by=user)
    else:
        suggestions.set_aside(found, reason=form.cleaned_data["reason"], by=user)
