"""Publishing a consultation: complete or not at all, its dates moved in front of everybody."""

from collections.abc import Callable
from datetime import date

from django.db import models, transaction

from accounts.models import User
from consult import checklist, phases
from consult.actions import announcing, statements
from consult.errors import NotReady, SectionInUse
from consult.models import Consultation, ConsultationPage, Phase, Proposition
from journal.actions import record


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
    phases = Phase.objects.filter(page=consultation.page)
    announcing.announce(consultation, phases, reason=reason, by=by, first="consultation.published", moved="phase.")


@transaction.atomic
def make_template(page: ConsultationPage, *, by: User) -> int:
    """Ready the copy of a consultation to be a new one: a draft, its dates later by whole weeks. How many weeks.

    Nothing of what people wrote is copied: contributions hang on the consultation that was copied.
    """
    draft = page.get_latest_revision_as_object()
    weeks = announcing.put_off(draft)
    if draft.follow_up_due:
        draft.follow_up_due += weeks * announcing.WEEK
    announcing.keep_as_draft(page, draft, by=by)
    return weeks


def forget(consultations: models.QuerySet[Consultation]) -> None:
    """Before their pages are deleted: nothing was written in them. Raises ``ProtectedError`` otherwise."""
    statements.forget(list(consultations.values_list("pk", flat=True)))
    consultations.delete()
