"""Who holds which role: the questions every other package asks."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from accounts.choices import STAFF_ROLES, RoleKind
from accounts.models import Role, User
from directory.models import Service
from letters.models import Letter

Person = User | AnonymousUser


def services_owned_by(user: Person) -> QuerySet[Service]:
    """The services this person answers for."""
    if not user.is_authenticated or not user.is_active:
        return Service.objects.none()
    return Service.objects.filter(roles__user=user, roles__kind=RoleKind.SERVICE_OWNER).distinct()


def holds(user: Person, *kinds: RoleKind) -> bool:
    """Whether this person holds one of these roles, anywhere."""
    return user.is_authenticated and user.is_active and user.roles.filter(kind__in=kinds).exists()


def is_staff_member(user: Person) -> bool:
    """Whether a second factor is expected of this person in production."""
    return holds(user, *(RoleKind(kind) for kind in STAFF_ROLES))


def account_with(address: str) -> User | None:
    """The account whose address this is, active or not."""
    return User.objects.filter(email__iexact=address.strip()).first()


def may_administer(user: Person) -> bool:
    return holds(user, RoleKind.ADMINISTRATOR)


def roles_of(user: User) -> QuerySet[Role]:
    """The roles to show to the person who holds them."""
    return user.roles.select_related("service", "office__service").order_by("kind", "service__name", "office__name")


def work_url(user: Person) -> str:
    """Where the work of this person's first role stands; empty for citizens."""
    if not user.is_authenticated:
        return ""
    held = set(user.roles.values_list("kind", flat=True))
    return next((url for kind, url in settings.SIGN_IN_DESTINATIONS.items() if kind in held), "")


def has_second_factor(user: User) -> bool:
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def needs_second_factor(user: Person) -> bool:
    """Whether this person may work only once a second factor is set up."""
    if not user.is_authenticated or not (user.is_superuser or is_staff_member(user)):
        return False
    return not has_second_factor(user)


def may_enter_wagtail(user: Person) -> bool:
    """Whether Wagtail's administration opens to this person at all."""
    return user.is_active and user.has_perm("wagtailadmin.access_admin")


def may_keep_people(user: Person) -> bool:
    """Whether this person opens the pages of people and letters, under Wagtail."""
    return user.is_authenticated and user.is_active and (user.is_superuser or may_administer(user))


def people_kept_by(user: Person) -> QuerySet[User]:
    """The accounts an administrator looks after: neither their own, nor those above theirs."""
    if not may_keep_people(user):
        return User.objects.none()
    people = User.objects.exclude(pk=user.pk).exclude(email__endswith="@closed.invalid")
    return people if user.is_superuser else people.filter(is_superuser=False)


def letters_kept_by(user: Person) -> QuerySet[Letter]:
    """The letters that wait for a decision, for those who administer."""
    if not may_keep_people(user):
        return Letter.objects.none()
    return Letter.objects.to_look_at().order_by("-pk")
