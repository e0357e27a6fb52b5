"""The level above pain points: a few themes to find one's way among dozens of them."""

from django.db import models
from django.db.models import OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Concat, Lower, Now, NullIf
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

NAME_LIMIT = 80


class ThemeQuerySet(models.QuerySet["Theme"]):
    def called(self, name: str) -> "ThemeQuerySet":
        """The one of this name, capitals or not."""
        return self.alias(_low=Lower("name")).filter(_low=Lower(Value(name)))

    def labelled(self, pain_points: models.QuerySet) -> "ThemeQuerySet":
        """With ``label``, what to call each: its name, else the largest of these pain points that it holds."""
        largest = pain_points.filter(theme=OuterRef("pk")).order_by("-fiche_count", "-number").values("title")[:1]
        before, after = around("\0").split("\0")
        unnamed = Concat(Value(before), Subquery(largest), Value(after), output_field=models.CharField())
        return self.annotate(label=Coalesce(NullIf("name", Value("")), unnamed))


class Theme(models.Model):
    """Pain points about the same thing. Its key stays from one regrouping to the next (``grouping.theming``).

    The machine names it when it finds plain words, else it is called after its largest pain point. Once a person
    named it, no machine changes the name or takes a pain point away; what a person put there stays there.
    """

    name = models.CharField(_("name"), max_length=NAME_LIMIT, blank=True)
    is_name_human = models.BooleanField(_("name given by a person"), default=False)
    created_at = models.DateTimeField(_("suggested on"), db_default=Now())

    objects = ThemeQuerySet.as_manager()

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="a_person_gives_a_theme_a_name",
                condition=Q(is_name_human=False) | ~Q(name=""),
                violation_error_message=_("Give the theme a name."),
            ),
            models.UniqueConstraint(
                Lower("name"),
                name="one_theme_of_a_name",
                condition=~Q(name=""),
                violation_error_message=_("Another theme has this name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.pk)


def around(title: str) -> str:
    """What a theme without a name is called."""
    return gettext("Around “%(title)s”") % {"title": title}
