"""A consultation to take part in, for tests: written as an editor would, then opened."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db.models.functions import Greatest
from django.utils import timezone

from accounts.models import User
from consult.choices import PhaseKind, VoteWidget
from consult.models import Consultation, ConsultationIndexPage, ConsultationPage, Phase, Proposition, Section, Version
from consult.people import participant_of
from moderation.actions import open_case
from moderation.choices import Timing
from pages.models import HomePage
from tests.factories import UserFactory

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


def proposition(
    asked: Consultation, *, timing: Timing = Timing.AFTER, number: int = 1, by: User | None = None
) -> Proposition:
    """Somebody filed it; a version of it is kept."""
    case = open_case("proposition", page=asked.page, timing=timing)
    filed = Proposition.objects.create(
        consultation=asked,
        number=number,
        section=section_of(asked),
        author=participant_of(by or UserFactory()),
        title="Fermer le quai le dimanche",
        body="<p>Les enfants y apprendraient le vélo.</p>",
        case=case,
        is_shown=case.is_shown,
    )
    Version.objects.create(proposition=filed, number=1, title=filed.title, body=filed.body)
    Consultation.objects.filter(pk=asked.pk).update(last_number=Greatest("last_number", number))
    return filed


def close(consultation: Consultation) -> None:
    """Every phase has been over for an hour."""
    Phase.objects.filter(page=consultation.page).update(closes_at=timezone.now() - timedelta(hours=1))
