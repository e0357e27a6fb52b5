"""Studying a project: entrusted, costed, concluded, signed. Everything here is private until it is published.

Lock order: the study → its lines and signatures. What is signed and changes loses its signatures (a trigger).
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models.functions import Now

from accounts.models import User
from consult.budgets import studies
from consult.budgets.choices import CostKind, ProjectState, StudyVerdict
from consult.budgets.errors import MoveRefused, StudyChanged, StudyIncomplete, StudyOver
from consult.budgets.models import CostLine, Project, Study, StudyNote, StudySignature
from directory.models import Service
from journal.actions import record


@dataclass(frozen=True)
class Concluded:
    """What the evaluator writes. The revised words stand only when it is feasible with changes."""

    verdict: StudyVerdict
    reason: str
    revised_title: str = ""
    revised_summary: str = ""


@transaction.atomic
def assign(
    project: Project,
    *,
    by: User,
    service: Service | None = None,
    evaluator: User | None = None,
    second: User | None = None,
    due_on: date | None = None,
) -> Study:
    """Entrust the study of a project, or entrust it to others: what is written and signed stays.

    Raises ``MoveRefused`` when the project is not being studied.
    """
    locked = Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    if locked.state != ProjectState.STUDIED:
        raise MoveRefused(ProjectState(locked.state), ProjectState.STUDIED)
    theirs = {"service": service, "evaluator": evaluator, "second": second, "due_on": due_on}
    study, _made = Study.objects.update_or_create(project=locked, publication=None, defaults=theirs)
    people = {name: theirs[name].pk for name in ("evaluator", "second") if theirs[name]}
    record("study.assigned", locked, by=by, number=locked.number, **people)
    return study


@transaction.atomic
def add_line(study: Study, *, label: str, kind: CostKind, amount: int, by: User) -> CostLine:
    """``amount`` in cents; what looks mistyped was asked about before (``studies.doubts_about_line``)."""
    locked = _open(study)
    line = CostLine.objects.create(study=locked, label=label.strip(), kind=kind, amount=amount)
    record("study.cost_added", locked.project, by=by, kind=kind, amount=amount)
    return line


@transaction.atomic
def remove_line(line: CostLine, *, by: User) -> None:
    locked = _open(line.study)
    CostLine.objects.filter(pk=line.pk).delete()
    record("study.cost_removed", locked.project, by=by, kind=line.kind, amount=line.amount)


@transaction.atomic
def conclude(study: Study, concluded: Concluded, *, by: User) -> Study:
    """Write the verdict and the reason that everybody will read; before they are signed, and published."""
    locked = _open(study)
    changed = concluded.verdict == StudyVerdict.CHANGED
    locked.verdict = concluded.verdict
    locked.reason = concluded.reason.strip()
    locked.revised_title = concluded.revised_title.strip() if changed else ""
    locked.revised_summary = concluded.revised_summary.strip() if changed else ""
    locked.save(update_fields=["verdict", "reason", "revised_title", "revised_summary"])
    record("study.verdict_written", locked.project, by=by, verdict=locked.verdict)
    return locked


@transaction.atomic
def sign(study: Study, *, seen: str, by: User, on: datetime | None = None) -> None:
    """Stand by the study as it was read (``seen``: ``studies.fingerprint``). Signing again changes nothing.

    ``on``: when it was signed, if not now. Raises ``StudyOver``, ``StudyIncomplete``, ``StudyChanged``.
    """
    locked = _open(study)
    if lacking := studies.missing(locked):
        raise StudyIncomplete(lacking)
    if studies.fingerprint(locked) != seen:
        raise StudyChanged
    if locked.signatures.filter(by=by).exists():
        return
    StudySignature.objects.create(study=locked, by=by, signed_at=on or Now())
    record("study.signed", locked.project, by=by, verdict=locked.verdict, fingerprint=seen)


@transaction.atomic
def unsign(study: Study, *, by: User) -> None:
    """Take back one's own signature, before the study is public."""
    locked = _open(study)
    if locked.signatures.filter(by=by).delete()[0]:
        record("study.signature_withdrawn", locked.project, by=by)


@transaction.atomic
def note(study: Study, text: str, *, by: User) -> StudyNote:
    """Tell colleagues something. Never public, and what it says is not journalled."""
    written = StudyNote.objects.create(study=study, text=text.strip(), by=by)
    record("study.note_added", study.project, by=by)
    return written


def _open(study: Study) -> Study:
    """The study, held until the end of the transaction. Raises ``StudyOver``."""
    locked = Study.objects.select_for_update(no_key=True, of=("self",)).select_related("project").get(pk=study.pk)
    if locked.publication_id is not None:
        raise StudyOver
    return locked
