"""The account of a request, read with what every page asks about it."""

from functools import cache
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import Exists, OuterRef, QuerySet

from accounts.choices import RoleKind
from accounts.models import Role, User


class Backend(AuthenticationBackend):
    """That of django-allauth; an account comes with ``owns_services``, for the agents' entrance in the header."""

    def get_user(self, user_id: Any) -> User | None:
        user = _read().filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None


@cache
def _read() -> QuerySet[User]:
    """Built once: to be narrowed, never read itself."""
    owned = Role.objects.filter(user=OuterRef("pk"), kind=RoleKind.SERVICE_OWNER, service__isnull=False)
    return User.objects.annotate(owns_services=Exists(owned))
