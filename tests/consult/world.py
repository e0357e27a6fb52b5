"""A consultation to take part in, for tests: written as an editor would, then opened."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from consult.choices import PhaseKind, VoteWidget
from consult.models import Consultation, ConsultationIndexPage, ConsultationPage, Phase, Section
from moderation.choices import Timing
from pages.models import HomePage

DAY = timedelta(days=1)


def index() -> ConsultationIndexPage:
    """/consultations/, made once."""
    page = ConsultationIndexPage.objects.first()
    return page or HomePage.objects.get().add_child(
        instance=ConsultationIndexPage(title="Consultations", slug="consultations")
    )


def consultation(*kinds: PhaseKind, timing: Timing = Timing.AFTER, **section: Any) -> Consultation:
    """Live, with one section; the phases named are open since yesterday and for ten days."""
    slug = f"quai-{uuid4().hex[:8]}"
    page = ConsultationPage(title="Quel avenir pour le quai des Tanneurs ?", slug=slug, moderation=timing)
    page.sections = [Section(title="Circuler sur le quai", **{"vote": VoteWidget.THREE, **section})]
    now = timezone.now()
    page.phases = [Phase(kind=kind, opens_at=now - DAY, closes_at=now + 10 * DAY) for kind in kinds]
    index().add_child(instance=page)
    return Consultation.objects.get(page=page)


def section_of(consultation: Consultation) -> Section:
    return consultation.page.sections.first()


def close(consultation: Consultation) -> None:
    """Every phase has been over for an hour."""
    Phase.objects.filter(page=consultation.page).update(closes_at=timezone.now() - timedelta(hours=1))
