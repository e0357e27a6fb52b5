"""People and what they may do."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import RoleKind
from directory.models import Office, Service


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True, **fields})

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account: signs in with the e-mail address, is shown by ``name``."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name shown"), max_length=80)
    is_organisation = models.BooleanField(_("organisation"), default=False)
    verified_at = models.DateTimeField(_("verified on"), null=True, blank=True)
    is_staff = models.BooleanField(_("may open the administration"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined on"), default=timezone.now)

    objects = UserManager()

    EMAIL_FIELD = USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="one_account_per_address",
                violation_error_message=_("An account exists with this address."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class Role(models.Model):
    """A role held by a person: for one service (owner), at one office (clerk), or everywhere."""

    user = models.ForeignKey(User, verbose_name=_("person"), on_delete=models.CASCADE, related_name="roles")
    kind = models.CharField(_("role"), max_length=20, choices=RoleKind)
    service = models.ForeignKey(
        Service,
        verbose_name=_("service"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="roles",
    )
    office = models.ForeignKey(
        Office,
        verbose_name=_("office"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="roles",
    )
    granted_at = models.DateTimeField(_("granted on"), default=timezone.now)

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            models.CheckConstraint(
                name="an_owner_owns_a_service",
                condition=Q(service__isnull=False, kind=RoleKind.SERVICE_OWNER)
                | Q(service__isnull=True) & ~Q(kind=RoleKind.SERVICE_OWNER),
                violation_error_message=_("A service owner, and nobody else, is attached to a service."),
            ),
            models.CheckConstraint(
                name="a_clerk_sits_at_an_office",
                condition=Q(office__isnull=False, kind=RoleKind.CLERK)
                | Q(office__isnull=True) & ~Q(kind=RoleKind.CLERK),
                violation_error_message=_("A clerk, and nobody else, is attached to an office."),
            ),
            models.CheckConstraint(
                name="a_role_that_exists",
                condition=Q(kind__in=RoleKind.values),
                violation_error_message=_("Unknown role."),
            ),
            models.UniqueConstraint(
                fields=["user", "kind", "service", "office"],
                name="a_role_is_held_once",
                nulls_distinct=False,
                violation_error_message=_("This person already holds this role."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_kind_display()}"
