"""Who may: the list first, the yes/no derived from it, so that they cannot disagree."""

from django.db.models import QuerySet

from accounts.policies import Person, offices_kept_by, services_owned_by
from directory.models import Service
from feedback.models import Fiche, Import, PainPoint, Segment


def services_to_write_to() -> QuerySet[Service]:
    """The services whose form is open to everybody."""
    return Service.objects.open()


def pain_points_to_see(user: Person) -> QuerySet[PainPoint]:
    """Those that touch a service this person answers for."""
    return PainPoint.objects.touching(services_owned_by(user))


def pain_points_to_triage(user: Person) -> QuerySet[PainPoint]:
    """Those that a service of this person must answer: all the acts of the board."""
    return PainPoint.objects.in_charge_of(services_owned_by(user))


def may_triage(user: Person, pain_point: PainPoint) -> bool:
    return pain_points_to_triage(user).filter(pk=pain_point.pk).exists()


def pain_points_public() -> QuerySet[PainPoint]:
    return PainPoint.objects.public()


def fiches_to_read(user: Person) -> QuerySet[Fiche]:
    """The fiches (masked) of this person's services."""
    return Fiche.objects.filter(service__in=services_owned_by(user))


def fiches_to_unmask(user: Person) -> QuerySet[Fiche]:
    """The fiches whose original this person may open, with a reason, journalled."""
    return fiches_to_read(user).filter(original__erased_at__isnull=True)


def fiches_filed_by(user: Person) -> QuerySet[Fiche]:
    """A citizen's own fiches."""
    return Fiche.objects.filter(author=user) if user.is_authenticated else Fiche.objects.none()


def segments_to_sort(user: Person) -> QuerySet[Segment]:
    """« À trier »: the passages of this person's services that no pain point took."""
    return Segment.objects.unplaced().filter(fiche__service__in=services_owned_by(user))


def imports_to_see(user: Person) -> QuerySet[Import]:
    return Import.objects.filter(service__in=services_owned_by(user))


def keeps_an_office(user: Person) -> bool:
    return offices_kept_by(user).exists()
