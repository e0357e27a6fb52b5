"""What a study says and lacks, what looks mistyped in its figures, and which studies the next publication takes."""

from dataclasses import dataclass
from hashlib import sha256
from statistics import median

from django.db.models import Max, QuerySet, Sum
from django.utils.translation import gettext as _

from consult.budgets.choices import CostKind, ProjectState, StudyVerdict
from consult.budgets.models import Budget, Project, ProjectOrigin, Study
from consult.count_words import amount as told

SMALL = 1_000_00  # cents: works that cost less are rare
THOUSAND = 1000  # 325 typed for 325 000
NEAR = 500  # so many times smaller than what was expected, and three zeros were forgotten


@dataclass(frozen=True)
class Figures:
    """In cents: once, and each year."""

    invest: int
    running: int


def figures(study: Study) -> Figures:
    sums = dict(study.lines.order_by().values_list("kind").annotate(total=Sum("amount")))
    return Figures(sums.get(CostKind.INVEST, 0), sums.get(CostKind.RUNNING, 0))


def doubts_about_line(study: Study, kind: str, cents: int) -> list[str]:
    """What to ask again before a line is kept, as sentences; running costs are often small, and are not asked about."""
    if kind != CostKind.INVEST:
        return []
    asked = []
    if cents < SMALL:
        asked.append(
            _("%(typed)s is very little for works. Did you mean %(thousand)s?")
            % {"typed": told(cents), "thousand": told(cents * THOUSAND)}
        )
    total = figures(study).invest + cents
    return asked + _too_dear(study, total)


def doubts_about_total(study: Study) -> list[str]:
    """What to ask again before it is signed: far below the idea's own estimate, or its peers; above the envelope."""
    total = figures(study).invest
    if study.verdict == StudyVerdict.NOT_FEASIBLE:
        return []
    asked = []
    if total < SMALL:
        asked.append(_("The whole project would cost %(total)s.") % {"total": told(total)})
    estimate = _estimate(study.project)
    if estimate and total * NEAR <= estimate:
        asked.append(_("The idea was estimated at %(estimate)s by its author.") % {"estimate": told(estimate)})
    if (usual := _usual(study)) and total * NEAR <= usual:
        asked.append(_("The other projects of this budget cost about %(usual)s.") % {"usual": told(usual)})
    return asked + _too_dear(study, total)


def _too_dear(study: Study, total: int) -> list[str]:
    envelope = study.project.envelope
    if total <= envelope.amount:
        return []
    words = {"total": told(total), "envelope": envelope, "amount": told(envelope.amount)}
    return [_("%(total)s is more than the whole envelope « %(envelope)s », %(amount)s.") % words]


def _estimate(project: Project) -> int | None:
    """The largest of those that the authors of its ideas gave."""
    return ProjectOrigin.objects.filter(project=project).aggregate(most=Max("suggestion__cost"))["most"]


def _usual(study: Study) -> int | None:
    """What projects of this budget cost, in the middle of them; None when there is none yet."""
    others = Study.objects.filter(project__budget=study.project.budget_id).exclude(pk=study.pk).with_figures()
    costs = [one.invest for one in others if one.invest]
    return int(median(costs)) if costs else None


def missing(study: Study) -> list[str]:
    """What stops it from being signed, as sentences; empty when nothing does."""
    lacking = []
    if not study.verdict:
        lacking.append(_("It has no verdict."))
    if study.verdict in (StudyVerdict.FEASIBLE, StudyVerdict.CHANGED) and not study.lines.exists():
        lacking.append(_("It has no line of cost. A free project has one, of 0 €."))
    if study.verdict == StudyVerdict.CHANGED and not (study.revised_title or study.revised_summary):
        lacking.append(_("It says that the project changes, and not how: write its new title or its new sentence."))
    return lacking


def fingerprint(study: Study) -> str:
    """What somebody read before they signed: it changes when anything that is signed does."""
    lines = [(line.label, str(line.kind), line.amount) for line in study.lines.all()]
    seen = [study.pk, str(study.verdict), study.reason, study.revised_title, study.revised_summary, lines]
    return sha256(repr(seen).encode()).hexdigest()[:32]


def of_budget(budget: Budget) -> QuerySet[Study]:
    """Those in hand, with their figures."""
    rows = Study.objects.prepared().filter(project__budget=budget, project__state=ProjectState.STUDIED)
    return rows.with_figures().select_related("project__envelope", "evaluator", "service").order_by("project__number")


def ready(budget: Budget) -> list[Study]:
    """What the next publication makes public: signed by as many people as the budget asks."""
    return list(of_budget(budget).filter(signed__gte=budget.page.signatures).prefetch_related("lines"))


def batch_fingerprint(rows: list[Study]) -> str:
    """What somebody saw before they published."""
    return sha256("|".join(fingerprint(one) for one in rows).encode()).hexdigest()[:32]


def above_envelope(rows: list[Study]) -> list[Study]:
    """Those that nobody could vote for: feasible, and dearer than all the money of their envelope."""
    return [
        one for one in rows if one.verdict != StudyVerdict.NOT_FEASIBLE and one.invest > one.project.envelope.amount
    ]
