"""The account of a request, read with what every page asks about it."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import Exists, OuterRef, QuerySet

from accounts.choices import RoleKind
from accounts.models import Role, User
from prepared import Given, Prepared


class Backend(AuthenticationBackend):
    """That of django-allauth; an account comes with ``owns_services``, for the agents' entrance in the header."""

    def get_user(self, user_id: Any) -> User | None:
        user = _ACCOUNT.first(key=user_id)
        return user if user is not None and self.user_can_authenticate(user) else None


def _account() -> QuerySet[User]:
    owned = Role.objects.filter(user=OuterRef("pk"), kind=RoleKind.SERVICE_OWNER, service__isnull=False)
    return User.objects.annotate(owns_services=Exists(owned)).filter(pk=Given("key"))


_ACCOUNT = Prepared(_account)
