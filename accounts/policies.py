"""Who holds which role: the questions every other package asks."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from accounts.choices import STAFF_ROLES, RoleKind
from accounts.models import User
from directory.models import Office, Service

Person = User | AnonymousUser


def services_owned_by(user: Person) -> QuerySet[Service]:
    """The services this person answers for."""
    if not user.is_authenticated or not user.is_active:
        return Service.objects.none()
    return Service.objects.filter(roles__user=user, roles__kind=RoleKind.SERVICE_OWNER).distinct()


def offices_kept_by(user: Person) -> QuerySet[Office]:
    """The offices where this person keys in paper."""
    if not user.is_authenticated or not user.is_active:
        return Office.objects.none()
    return Office.objects.filter(roles__user=user, roles__kind=RoleKind.CLERK).distinct()


def holds(user: Person, *kinds: RoleKind) -> bool:
    """Whether this person holds one of these roles, anywhere."""
    return user.is_authenticated and user.is_active and user.roles.filter(kind__in=kinds).exists()


def is_staff_member(user: Person) -> bool:
    """Whether a second factor is expected of this person in production."""
    return holds(user, *(RoleKind(kind) for kind in STAFF_ROLES))


def may_administer(user: Person) -> bool:
    return holds(user, RoleKind.ADMINISTRATOR)
