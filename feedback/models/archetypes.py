"""The frequent pain points that lend their titles and examples to the grouping."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from directory.models import SupportingDocument


class ArchetypeQuerySet(models.QuerySet["Archetype"]):
    def active(self) -> "ArchetypeQuerySet":
        """Those that the grouping uses."""
        return self.filter(is_active=True)


class Archetype(models.Model):
    """A pain point that every public service knows: its title, and a few sentences in which people say it.

    The catalogue of ``clustering`` is the first content; a site changes it, switches some off and adds its own.
    """

    key = models.SlugField(_("key"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=80, unique=True)
    examples = ArrayField(models.CharField(max_length=200), verbose_name=_("how people say it"))
    documents = models.ManyToManyField(
        SupportingDocument, verbose_name=_("documents involved"), blank=True, related_name="+"
    )
    family = models.CharField(_("family"), max_length=30, blank=True)
    is_active = models.BooleanField(_("used by the grouping"), default=True)

    objects = ArchetypeQuerySet.as_manager()

    class Meta:
        verbose_name = _("frequent pain point")
        verbose_name_plural = _("frequent pain points")
        ordering = ["family", "title"]
        constraints = [
            models.CheckConstraint(
                name="an_archetype_has_several_examples",
                condition=Q(examples__len__gte=3, examples__len__lte=12),
                violation_error_message=_("Give 3 to 12 examples, one per line."),
            )
        ]

    def __str__(self) -> str:
        return self.title
