"""A study, a line of a board, a deadline: as the pages of evaluators word them."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.budgets import policies
from consult.budgets.choices import CostKind, ProjectState, StudyVerdict
from consult.budgets.models import Project, Study
from consult.count_words import amount
from pages.dates import long_date

VERDICT_LOOKS = {
    StudyVerdict.FEASIBLE: "done",
    StudyVerdict.CHANGED: "planned",
    StudyVerdict.NOT_FEASIBLE: "refused",
}
PROJECT_LOOKS = {
    ProjectState.PREPARED: "in_review",
    ProjectState.STUDIED: "in_review",
    ProjectState.RETAINED: "planned",
    ProjectState.NOT_RETAINED: "refused",
    ProjectState.WITHDRAWN: "dismissed",
    ProjectState.FUNDED: "planned",
    ProjectState.NOT_FUNDED: "dismissed",
    ProjectState.UNDERWAY: "underway",
    ProjectState.REALISED: "done",
    ProjectState.ABANDONED: "refused",
}


def pill_of(project: Project) -> dict[str, str]:
    """The state of a project, as a pill."""
    state = ProjectState(project.state)
    return {"state": PROJECT_LOOKS[state], "label": capfirst(state.label)}


def deadline(due: date | None) -> dict[str, Any]:
    """« pour le 12 décembre », and how late it is."""
    if due is None:
        return {"text": _("No due date"), "late": ""}
    late = (timezone.localdate() - due).days
    said = ngettext("%(n)d day late", "%(n)d days late", late) % {"n": late} if late > 0 else ""
    return {"text": _("Due on %(day)s") % {"day": long_date(due)}, "late": said}


def line(study: Study) -> dict[str, Any]:
    """One row of a list; ``study`` comes ``with_figures``."""
    project = study.project
    needed = project.budget.page.signatures
    due = deadline(study.due_on)
    return {
        "number": project.number,
        "title": project.title,
        "budget": project.budget.page.title,
        "url": address(project),
        "service": str(study.service or ""),
        "evaluator": str(study.evaluator or ""),
        "due": due["text"],
        "late": "" if study.publication_id else due["late"],
        "cost": amount(study.invest) if study.invest else "",
        "pill": _pill(study, needed),
        "verdict": study.get_verdict_display() if study.verdict else "",
    }


def _pill(study: Study, needed: int) -> dict[str, str]:
    if study.publication_id:
        return {"state": "public", "label": _("Published")}
    if study.signed >= needed:
        return {"state": "confirmed", "label": _("Signed, ready to be published")}
    if study.signed:
        return {"state": "underway", "label": _("%(n)d signature of %(all)d") % {"n": study.signed, "all": needed}}
    if study.verdict:
        return {"state": "underway", "label": _("To sign")}
    return {"state": "received", "label": _("To study")}


def costs(study: Study) -> dict[str, Any]:
    """Its lines and its two totals."""
    lines = list(study.lines.all())
    sums = {kind: sum(one.amount for one in lines if one.kind == kind) for kind in CostKind.values}
    return {
        "lines": [
            {"pk": one.pk, "label": one.label, "kind": one.get_kind_display(), "amount": amount(one.amount)}
            for one in lines
        ],
        "invest": amount(sums[CostKind.INVEST]),
        "running": amount(sums[CostKind.RUNNING]),
        "share": _share(sums[CostKind.INVEST], study.project.envelope.amount),
    }


def _share(cost: int, envelope: int) -> str:
    words = {"share": round(100 * cost / envelope) if envelope else 0, "amount": amount(envelope)}
    return _("%(share)d%% of the envelope, %(amount)s") % words


def address(project: Project, name: str = "study") -> str:
    return reverse(f"budgets:{name}", args=[project.budget.page.slug, project.number])


def common(request: HttpRequest, *, crumbs: list[dict[str, str]], under: str = "") -> dict[str, Any]:
    """What every page of those who study reads."""
    mine = reverse("budgets:studies")
    shown = [{"label": _("Studies"), "url": mine}, *crumbs]
    shown[-1] = {"label": shown[-1]["label"]}
    return {**heading(request, is_studies=True), "crumbs": shown, "may_run": policies.may_run(request.user)}


def heading(request: HttpRequest, *, is_studies: bool = False) -> dict[str, Any]:
    """What stands at the top of every page of agents about budgets."""
    entries = [{"label": _("Studies"), "url": reverse("budgets:studies"), "is_current": is_studies}]
    if policies.may_run(request.user):
        entries.append({"label": _("Polling desks"), "url": reverse("budgets:desks"), "is_current": False})
    return {
        "agent_name": request.user.name,
        "agent_section": _("Participatory budgets"),
        "agent_entries": entries,
    }
