"""Where the administration tells what becomes of a funded project: steps, money, pictures, news, and the end."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from consult.budgets import policies, stories
from consult.budgets.actions import realising
from consult.budgets.choices import PROJECT_MOVES, ProjectState
from consult.budgets.forms.works import MilestoneForm, NewsForm, PhotoForm, ReasonForm, SpendingForm
from consult.budgets.models import Project
from consult.budgets.views import story_words, study_words
from consult.budgets.views.doors import evaluators_door
from consult.count_words import amount
from consult.errors import RuleBroken
from pages.dates import long_date

FORMS: dict[str, type] = {
    "milestone": MilestoneForm,
    "spending": SpendingForm,
    "photo": PhotoForm,
    "news": NewsForm,
    "abandon": ReasonForm,
}


@evaluators_door
@require_http_methods(["GET", "HEAD", "POST"])
def works(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """``act``: milestone, spending, photo, news, begin, open, abandon; or done, undo_… on one row."""
    budget = get_object_or_404(policies.budgets_with_studies(), page__slug=slug)
    project = get_object_or_404(policies.projects_to_build(request.user).filter(budget=budget), number=number)
    project.budget = budget
    if request.method != "POST":
        return _page(request, project)
    act = request.POST.get("act", "")
    form = FORMS[act](request.POST, request.FILES) if act in FORMS else None
    if act not in ACTS or (form is not None and not (form.is_valid() and _is_meant(project, form))):
        return _page(request, project, forms={act: form} if form else {}, status=422)
    try:
        said = ACTS[act](request, project, form)
    except RuleBroken as broken:
        return _page(request, project, refused=str(broken), status=422)
    messages.success(request, said)
    return redirect(study_words.address(project, "works"))


def _is_meant(project: Project, form: Any) -> bool:
    """A payment that goes over what was planned may be mistyped, and is public at once: it is asked about again."""
    if not isinstance(form, SpendingForm) or project.cost is None:
        return True
    paid = stories.paid_of([project.pk]).get(project.pk, 0) + form.cleaned_data["amount"]
    words = {"paid": amount(paid), "cost": amount(project.cost)}
    over = _("With this payment, %(paid)s would be paid, of %(cost)s planned.") % words
    return form.is_meant([over] if paid > project.cost else [])


def _milestone(request: HttpRequest, project: Project, form: Any) -> str:
    realising.add_milestone(project, by=request.user, **form.cleaned_data)
    return _("Step added. It is public.")


def _spending(request: HttpRequest, project: Project, form: Any) -> str:
    said = form.cleaned_data
    realising.spend(project, by=request.user, on=said["on"], label=said["label"], amount=said["amount"])
    return _("Spending recorded. It is public.")


def _photo(request: HttpRequest, project: Project, form: Any) -> str:
    given = dict(form.cleaned_data)
    realising.add_photo(project, by=request.user, **given.pop("file"), **given)
    return _("Picture added. It is public.")


def _news(request: HttpRequest, project: Project, form: Any) -> str:
    realising.tell(project, by=request.user, **form.cleaned_data)
    return _("News told. Letters leave within the next minutes.")


def _begin(request: HttpRequest, project: Project, _form: Any) -> str:
    realising.begin(project, by=request.user)
    return _("Works have begun: everybody reads it.")


def _open(request: HttpRequest, project: Project, _form: Any) -> str:
    realising.open_to_people(project, by=request.user)
    return _("The project is realised: everybody reads it.")


def _abandon(request: HttpRequest, project: Project, form: Any) -> str:
    realising.abandon(project, reason=form.cleaned_data["reason"], by=request.user)
    return _("The project is given up, and everybody reads why.")


def _row(request: HttpRequest, rows: Any, project: Project) -> Any:
    key = request.POST.get("row", "")
    found = get_object_or_404(rows, pk=key if key.isdecimal() and len(key) < 18 else 0)
    found.project = project
    return found


def _done(request: HttpRequest, project: Project, _form: Any) -> str:
    step = _row(request, project.milestones, project)
    realising.finish_milestone(step, by=request.user)
    return _("Step done. It is public.")


def _undo(rows: str, act: Callable[..., None]) -> Callable[[HttpRequest, Project, Any], str]:
    def undone(request: HttpRequest, project: Project, _form: Any) -> str:
        act(_row(request, getattr(project, rows), project), by=request.user)
        return _("Removed.")

    return undone


ACTS: dict[str, Callable[[HttpRequest, Project, Any], str]] = {
    "milestone": _milestone,
    "spending": _spending,
    "photo": _photo,
    "news": _news,
    "begin": _begin,
    "open": _open,
    "abandon": _abandon,
    "done": _done,
    "undo_milestone": _undo("milestones", realising.remove_milestone),
    "undo_spending": _undo("spendings", realising.remove_spending),
    "undo_photo": _undo("photos", realising.remove_photo),
}


def _page(
    request: HttpRequest, project: Project, *, forms: dict[str, Any] | None = None, refused: str = "", status: int = 200
) -> HttpResponse:
    board = {"label": project.budget.page.title}
    if policies.may_run(request.user):
        board["url"] = reverse("budgets:study_board", args=[project.budget.page.slug])
    crumbs = [board, {"label": _("Works of #%(number)d") % {"number": project.number}}]
    story = stories.of(project)
    allowed = PROJECT_MOVES[ProjectState(project.state)]
    context = {
        **study_words.common(request, crumbs=crumbs),
        "page": project.budget.page,
        "project": project,
        "pill": study_words.pill_of(project),
        "project_url": project.get_absolute_url(),
        "story": story,
        "money": _money(story),
        "silence": story_words.silent_for(story.silent_months),
        "milestones": list(project.milestones.all()),
        "refused": refused,
        "today": timezone.localdate(),
        "may_begin": ProjectState.UNDERWAY in allowed,
        "may_open": ProjectState.REALISED in allowed,
        "may_abandon": ProjectState.ABANDONED in allowed,
        "is_over": project.state == ProjectState.ABANDONED,
        **{f"{name}_form": made(auto_id=f"id_{name}_%s") for name, made in FORMS.items()},
        **{f"{name}_form": form for name, form in (forms or {}).items()},
    }
    return render(request, "budgets/studies/works.html", context, status=status)


def _money(story: stories.Story) -> dict[str, Any] | None:
    if story.money is None:
        return None
    rows = [
        {"pk": one.pk, "on": long_date(one.on), "label": one.label, "amount": amount(one.amount)}
        for one in story.money.lines
    ]
    return {"paid": amount(story.money.paid), "cost": amount(story.money.cost), "rows": rows}
