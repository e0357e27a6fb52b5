"""Who serves people: administrations, their services, the offices, and the papers they ask for."""

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Administration(models.Model):
    name = models.CharField(_("name"), max_length=120, unique=True)
    slug = models.SlugField(_("short name in addresses"), max_length=120, unique=True)

    class Meta:
        verbose_name = _("administration")
        verbose_name_plural = _("administrations")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class SupportingDocument(models.Model):
    """A paper that people are asked for; ``key`` is the canonical id of the gazetteer in ``clustering``."""

    key = models.SlugField(_("key"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    synonyms = ArrayField(
        models.CharField(max_length=120), verbose_name=_("what people call it"), default=list, blank=True
    )
    issuer = models.ForeignKey(
        Administration,
        verbose_name=_("issued by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="issued_documents",
    )
    issuing_service = models.ForeignKey(
        "directory.Service",
        verbose_name=_("service that issues it"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="issued_documents",
    )
    issued_by = models.CharField(_("issued by, in words"), max_length=120, blank=True)
    is_held_by_state = models.BooleanField(_("an administration already holds it"), default=False)
    api_note = models.CharField(_("how to have it without asking people"), max_length=200, blank=True)
    changed_at = models.DateTimeField(_("changed on"), auto_now=True)

    class Meta:
        verbose_name = _("supporting document")
        verbose_name_plural = _("supporting documents")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def issuer_name(self) -> str:
        """Who issues it, as people read it; empty when nobody said."""
        return self.issuer.name if self.issuer else self.issued_by

    def clean(self) -> None:
        if self.issuing_service and self.issuing_service.administration_id != self.issuer_id:
            raise ValidationError(
                {"issuing_service": _("This service is not one of the administration that issues it.")}
            )


class ServiceQuerySet(models.QuerySet["Service"]):
    def open(self) -> "ServiceQuerySet":
        """The services whose form accepts fiches."""
        return self.filter(is_open=True)


class Service(models.Model):
    """A public service. Its form opens only once the contact required by CRPA R112-11-1 is complete."""

    administration = models.ForeignKey(
        Administration, verbose_name=_("administration"), on_delete=models.PROTECT, related_name="services"
    )
    name = models.CharField(_("name in plain words"), max_length=120)
    slug = models.SlugField(_("short name in addresses"), max_length=120, unique=True)
    description = models.TextField(_("what it does"), max_length=500, blank=True)
    search_words = models.TextField(_("words people use to find it"), max_length=500, blank=True)
    postal_address = models.TextField(_("postal address"), max_length=300, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    is_open = models.BooleanField(_("open to fiches"), default=False)
    response_target_days = models.PositiveSmallIntegerField(_("response target, in days"), default=15)
    required_documents = models.ManyToManyField(
        SupportingDocument,
        verbose_name=_("documents it asks for"),
        blank=True,
        related_name="requiring_services",
    )

    objects = ServiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="an_open_service_can_be_reached",
                condition=Q(is_open=False) | (~Q(phone="") & (~Q(email="") | ~Q(postal_address=""))),
                violation_error_message=_(
                    "Before opening the form, give the telephone and a postal or e-mail address (CRPA R112-11-1)."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("feedback:service", args=[self.slug])


class Office(models.Model):
    """A counter where people are received."""

    service = models.ForeignKey(Service, verbose_name=_("service"), on_delete=models.CASCADE, related_name="offices")
    name = models.CharField(_("name"), max_length=120)
    address = models.TextField(_("address"), max_length=300, blank=True)
    opening_hours = models.TextField(_("opening hours"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["service", "name"], name="one_office_of_a_name_per_service")]

    def __str__(self) -> str:
        return self.name
