"""Publishing a consultation: complete or not at all, its dates moved in front of everybody."""

from collections.abc import Callable
from datetime import UTC, date, timedelta
from math import ceil
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from accounts.models import User
from consult import checklist, phases
from consult.actions import statements
from consult.errors import NotReady, ReasonMissing, SectionInUse
from consult.models import Consultation, ConsultationPage, Phase, Proposition
from journal.actions import record

WEEK = timedelta(weeks=1)
BEFORE_A_COPY_OPENS = timedelta(weeks=2)


@transaction.atomic
def publish(page: ConsultationPage, *, then: Callable[[], None]) -> None:
    """Make a draft public by Wagtail's own save (``then``), whoever asks: an editor, a workflow, the clock.

    Nobody writes while the dates move (``phases.alone``). Raises ``NotReady``, ``ReasonMissing``, ``SectionInUse``.
    """
    consultation = Consultation.objects.filter(page=page).first()
    if consultation is None:  # a translation: words only
        then()
        return
    if missing := checklist.missing(page):
        raise NotReady([str(point.words) for point in missing])
    _keep_sections(page)
    phases.alone(consultation)
    promised = ConsultationPage.objects.filter(pk=page.pk).values_list("follow_up_due", flat=True).first()
    then()
    _tell_the_promise(consultation, page, before=promised)
    statements.sow(consultation, page, by=page.live_revision.user)
    _announce(consultation, reason=page.dates_reason, by=page.live_revision.user)


def _tell_the_promise(consultation: Consultation, page: ConsultationPage, *, before: date | None) -> None:
    """The day of the follow-up was promised when the consultation opened: the journal keeps each one."""
    if consultation.announced and before != page.follow_up_due:
        dates = {"before": str(before or ""), "after": str(page.follow_up_due or "")}
        record("consultation.follow_up_moved", consultation, by=page.live_revision.user, **dates)


def _keep_sections(page: ConsultationPage) -> None:
    kept = [section.pk for section in page.sections.all() if section.pk]
    lost = Proposition.objects.filter(section__page=page).exclude(section__in=kept).select_related("section").first()
    if lost:
        raise SectionInUse(lost.section.title)


def _announce(consultation: Consultation, *, reason: str, by: User | None) -> None:
    """Write what moved in the journal, and keep the dates as they are now public."""
    before = consultation.announced
    after = {str(phase.translation_key): as_announced(phase) for phase in Phase.objects.filter(page=consultation.page)}
    if not before:
        record("consultation.published", consultation, by=by, phases=list(after.values()))
    else:
        _tell_moves(consultation, before, after, reason=reason, by=by)
    if before != after:
        consultation.announced = after
        consultation.save(update_fields=["announced"])


def _tell_moves(consultation: Consultation, before: dict, after: dict, *, reason: str, by: User | None) -> None:
    said = moves(before, after)
    if said and not reason.strip():
        raise ReasonMissing
    for verb, was, now in said:
        record(verb, consultation, by=by, before=was, after=now, reason=reason)


def as_announced(phase: Phase) -> dict[str, str]:
    """A phase as it was made public: its kind, and its two moments in UTC."""
    return {"kind": phase.kind, "title": phase.title, **dates_of(phase)}


def dates_of(phase: Phase) -> dict[str, str]:
    return {name: getattr(phase, name).astimezone(UTC).isoformat() for name in ("opens_at", "closes_at")}


def moves(before: dict[str, dict], after: dict[str, dict]) -> list[tuple[str, dict | None, dict | None]]:
    """What changed between two sets of announced phases: verb, before, after. A new title moves nothing."""
    moved = [
        ("phase.moved", before[key], now)
        for key, now in after.items()
        if key in before and _moments(before[key]) != _moments(now)
    ]
    added = [("phase.added", None, now) for key, now in after.items() if key not in before]
    removed = [("phase.removed", was, None) for key, was in before.items() if key not in after]
    return moved + added + removed


def _moments(announced: dict) -> tuple[str, str, str]:
    return announced["kind"], announced["opens_at"], announced["closes_at"]


@transaction.atomic
def make_template(page: ConsultationPage, *, by: User) -> int:
    """Ready the copy of a consultation to be a new one: a draft, its dates later by whole weeks. How many weeks.

    Days of the week and hours stay what they were, in its own time zone. Nothing of what people wrote is copied:
    contributions hang on the consultation that was copied.
    """
    draft = page.get_latest_revision_as_object()
    weeks, later = _weeks_to_come(draft), list(draft.phases.all())
    for phase in later:
        for name in ("opens_at", "closes_at"):
            setattr(phase, name, _later(getattr(phase, name), weeks, draft.zone))
    draft.phases.set(later)
    if draft.follow_up_due:
        draft.follow_up_due += weeks * WEEK
    draft.dates_reason = ""
    draft.go_live_at = draft.expire_at = None
    if page.live:
        page.unpublish(user=by)
        draft.live = False
    draft.save()
    draft.save_revision(user=by, changed=False)
    return weeks


def _weeks_to_come(page: ConsultationPage) -> int:
    opening = [phase.opens_at for phase in page.phases.all()]
    if not opening:
        return 0
    return max(0, ceil((timezone.now() + BEFORE_A_COPY_OPENS - min(opening)) / WEEK))


def _later(moment: Any, weeks: int, zone: Any) -> Any:
    """The same hour on the wall, some weeks later."""
    return moment.astimezone(zone) + weeks * WEEK


def forget(consultations: models.QuerySet[Consultation]) -> None:
    """Before their pages are deleted: nothing was written in them. Raises ``ProtectedError`` otherwise."""
    statements.forget(list(consultations.values_list("pk", flat=True)))
    consultations.delete()
