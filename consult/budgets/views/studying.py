"""One project being studied: its ideas, its cost, its verdict, its signatures; and withdrawing it from the ballot."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from consult import texts
from consult.budgets import policies, studies
from consult.budgets.actions import studying, withdrawing
from consult.budgets.actions.studying import Concluded
from consult.budgets.choices import CostKind, ProjectState, StudyVerdict
from consult.budgets.forms.studying import AssignForm, LineForm, SignForm, StudyNoteForm, VerdictForm
from consult.budgets.forms.works import ReasonForm
from consult.budgets.models import Project, Study
from consult.budgets.views import study_words
from consult.budgets.views.doors import evaluators_door, runners_door
from consult.count_words import amount
from consult.errors import RuleBroken

Answer = HttpResponse | None


@evaluators_door
@require_http_methods(["GET", "HEAD", "POST"])
def study(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """``act``: line, remove, verdict, sign, unsign, note, assign. What is refused is shown on the same page."""
    project, held = _opened(request, slug, number)
    if request.method != "POST":
        return _page(request, project, held)
    act = ACTS.get(request.POST.get("act", ""))
    if act is None or (held is None and act is not _assign):
        return _page(request, project, held, status=422)
    try:
        forms, said = act(request, project, held)
    except RuleBroken as broken:
        return _page(request, project, held, refused=str(broken), status=422)
    if forms:
        return _page(request, project, held, forms=forms, status=422)
    messages.success(request, said)
    return redirect(study_words.address(project))


def _opened(request: HttpRequest, slug: str, number: int) -> tuple[Project, Study | None]:
    """The project with its last study; who runs the budget opens one that is entrusted to nobody too."""
    budget = get_object_or_404(policies.budgets_with_studies(), page__slug=slug)
    project = get_object_or_404(policies.projects(budget), number=number)
    rows = policies.studies_to_read(request.user).filter(project=project)
    held = rows.select_related("publication", "service").order_by("-pk").first()
    if held is None and not (policies.may_run(request.user) and project.state == ProjectState.STUDIED):
        raise Http404
    project.budget = budget
    if held is not None:
        held.project = project
    return project, held


Outcome = tuple[dict[str, Any], str]


def _line(request: HttpRequest, _project: Project, held: Study) -> Outcome:
    form = LineForm(request.POST)
    if not form.is_valid():
        return {"line": form}, ""
    given = form.cleaned_data
    kind = CostKind(given["kind"])
    if not form.is_meant(studies.doubts_about_line(held, kind, given["amount"])):
        return {"line": form}, ""
    studying.add_line(held, label=given["label"], kind=kind, amount=given["amount"], by=request.user)
    return {}, _("Line added: %(label)s, %(amount)s.") % {"label": given["label"], "amount": amount(given["amount"])}


def _remove(request: HttpRequest, _project: Project, held: Study) -> Outcome:
    key = request.POST.get("line", "")
    line = get_object_or_404(held.lines, pk=key if key.isdecimal() else 0)
    line.study = held
    studying.remove_line(line, by=request.user)
    return {}, _("Line removed.")


def _verdict(request: HttpRequest, _project: Project, held: Study) -> Outcome:
    form = VerdictForm(request.POST)
    if not form.is_valid():
        return {"verdict": form}, ""
    given = form.cleaned_data
    studying.conclude(held, Concluded(**{**given, "verdict": StudyVerdict(given["verdict"])}), by=request.user)
    return {}, _("Verdict kept. Nothing is public yet.")


def _sign(request: HttpRequest, _project: Project, held: Study) -> Outcome:
    form = SignForm(request.POST)
    if not form.is_valid() or not form.is_meant(studies.doubts_about_total(held)):
        return {"sign": form}, ""
    studying.sign(held, seen=form.cleaned_data["seen"], by=request.user)
    return {}, _("You have signed this study.")


def _unsign(request: HttpRequest, _project: Project, held: Study) -> Outcome:
    studying.unsign(held, by=request.user)
    return {}, _("Your signature is taken back.")


def _note(request: HttpRequest, _project: Project, held: Study) -> Outcome:
    form = StudyNoteForm(request.POST)
    if not form.is_valid():
        return {"note": form}, ""
    studying.note(held, form.cleaned_data["note"], by=request.user)
    return {}, _("Note added.")


def _assign(request: HttpRequest, project: Project, _held: Study | None) -> Outcome:
    if not policies.may_run(request.user):
        raise Http404
    form = _assign_form(request.POST)
    if not form.is_valid():
        return {"assign": form}, ""
    studying.assign(project, by=request.user, **form.cleaned_data)
    return {}, _("The study is entrusted.")


ACTS: dict[str, Callable[[HttpRequest, Project, Any], Outcome]] = {
    "line": _line,
    "remove": _remove,
    "verdict": _verdict,
    "sign": _sign,
    "unsign": _unsign,
    "note": _note,
    "assign": _assign,
}


def _assign_form(data: Any = None, *, held: Study | None = None) -> AssignForm:
    known = ("service", "evaluator", "second", "due_on")
    initial = {name: getattr(held, name) for name in known} if held else {}
    return AssignForm(data, initial=initial, services=policies.open_services(), people=policies.people_who_study())


def _page(
    request: HttpRequest,
    project: Project,
    held: Study | None,
    *,
    forms: dict[str, Any] | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    board = {"label": project.budget.page.title}
    if policies.may_run(request.user):
        board["url"] = reverse("budgets:study_board", args=[project.budget.page.slug])
    context = {
        **study_words.common(request, crumbs=[board, {"label": _("No. %(number)d") % {"number": project.number}}]),
        "page": project.budget.page,
        "project": project,
        "pill": study_words.pill_of(project),
        "project_url": project.get_absolute_url(),
        "ideas": _ideas(project),
        "refused": refused,
        "study": held,
        "may_withdraw": policies.may_run(request.user) and policies.may_be_withdrawn(project),
        "withdraw_url": study_words.address(project, "withdraw_project"),
        "assign_form": _assign_form(held=held) if policies.may_run(request.user) else None,
        **(_held_context(request, held) if held else {}),
        **{f"{name}_form": form for name, form in (forms or {}).items()},
    }
    return render(request, "budgets/studies/study.html", context, status=status)


def _ideas(project: Project) -> list[dict[str, Any]]:
    return [
        {
            "number": one.number,
            "title": one.title,
            "body": texts.shown(one.body),
            "supports": one.support_count,
            "cost": amount(one.cost) if one.cost else "",
        }
        for one in policies.ideas_behind(project)
    ]


def _held_context(request: HttpRequest, held: Study) -> dict[str, Any]:
    written = ("verdict", "reason", "revised_title", "revised_summary")
    signatures = list(policies.signatures_of(held))
    return {
        "is_open": held.publication_id is None,
        "due": study_words.deadline(held.due_on),
        "costs": study_words.costs(held),
        "line_form": LineForm(),
        "verdict_form": VerdictForm(initial={name: getattr(held, name) for name in written}),
        "verdict_look": study_words.VERDICT_LOOKS.get(held.verdict, ""),
        "sign_form": SignForm(initial={"seen": studies.fingerprint(held)}),
        "total_doubts": studies.doubts_about_total(held) if held.verdict else [],
        "missing": studies.missing(held),
        "signatures": signatures,
        "needed": held.project.budget.page.signatures,
        "is_signed_by_me": any(one.by_id == request.user.pk for one in signatures),
        "notes": list(policies.notes_of(held)),
        "note_form": StudyNoteForm(),
    }


@runners_door
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Out of the ballot, with the reason that everybody reads: a wrong district, land that was sold."""
    budget = get_object_or_404(policies.budgets_with_studies(), page__slug=slug)
    project = get_object_or_404(policies.projects_to_withdraw(budget), number=number)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            withdrawing.withdraw(project, reason=form.cleaned_data["reason"], by=request.user)
        except RuleBroken as broken:
            form.add_error(None, str(broken))
        else:
            messages.success(request, _("The project is withdrawn, and everybody reads why."))
            return redirect("budgets:study_board", slug)
    board = reverse("budgets:study_board", args=[slug])
    crumbs = [{"label": budget.page.title, "url": board}, {"label": _("Withdraw #%(number)d") % {"number": number}}]
    context = {
        **study_words.common(request, crumbs=crumbs),
        "page": budget.page,
        "project": project,
        "is_on_ballot": policies.is_on_ballot(project),
        "form": form,
        "board_url": board,
    }
    return render(request, "budgets/studies/withdraw.html", context, status=422 if form.errors else 200)
