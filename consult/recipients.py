"""Who can be written to, and where."""

from django.db.models import Q, QuerySet

from consult.models import Participant


def reachable() -> QuerySet[Participant]:
    """People with an account in use, or an address that they confirmed."""
    has_address = Q(user__is_active=True) | Q(user=None, confirmed_at__isnull=False) & ~Q(email="")
    return Participant.objects.filter(has_address, erased_at=None)


def address_of(person: Participant) -> str:
    """That of the account, or the one confirmed by a visitor; "" for nobody."""
    if person.user_id:
        return person.user.email if person.user.is_active else ""
    return person.email if person.confirmed_at else ""
