"""What a consultation talks about: themes that a machine suggests and a person validates; several a text."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from consult.choices import RunState, ThemeState
from consult.models.arguments import Argument
from consult.models.propositions import Proposition
from consult.models.structure import Consultation


class ThemeQuerySet(models.QuerySet["Theme"]):
    def public(self) -> "ThemeQuerySet":
        """Those that a person validated: nobody else reads the others."""
        return self.filter(state=ThemeState.VALIDATED)

    def living(self) -> "ThemeQuerySet":
        """Suggested or validated: neither merged nor set aside."""
        return self.filter(state__in=[ThemeState.SUGGESTED, ThemeState.VALIDATED])


class Theme(models.Model):
    """Its key stays from one search to the next. What a person named, merged or set aside, no machine undoes.

    One that was merged or set aside keeps its row: what resembles it goes where the person said, or nowhere.
    """

    consultation = models.ForeignKey(
        Consultation, verbose_name=_("consultation"), on_delete=models.CASCADE, related_name="themes"
    )
    name = models.CharField(_("name"), max_length=80)
    is_name_human = models.BooleanField(_("name given by a person"), default=False)
    keyphrases = models.JSONField(_("key phrases"), default=list, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=ThemeState, default=ThemeState.SUGGESTED)
    merged_into = models.ForeignKey(
        "self", verbose_name=_("merged into"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("suggested on"), db_default=Now())

    objects = ThemeQuerySet.as_manager()

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="a_theme_state_that_exists",
                condition=Q(state__in=ThemeState.values),
                violation_error_message=_("Unknown state."),
            ),
            models.CheckConstraint(
                name="a_theme_has_a_name", condition=~Q(name=""), violation_error_message=_("Give the theme a name.")
            ),
            models.CheckConstraint(
                name="a_merged_theme_says_into_what",
                condition=Q(state=ThemeState.MERGED, merged_into__isnull=False)
                | ~Q(state=ThemeState.MERGED) & Q(merged_into__isnull=True),
                violation_error_message=_("A merged theme names the one that took it."),
            ),
            models.UniqueConstraint(
                "consultation",
                Lower("name"),
                name="one_living_theme_of_a_name",
                condition=Q(state__in=[ThemeState.SUGGESTED, ThemeState.VALIDATED]),
                violation_error_message=_("Another theme has this name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ThemeMemberQuerySet(models.QuerySet["ThemeMember"]):
    def public(self) -> "ThemeMemberQuerySet":
        """Those that a person validated, in themes that a person validated."""
        return self.filter(theme__state=ThemeState.VALIDATED, is_validated=True, is_out=False)


class ThemeMember(models.Model):
    """A proposition in a theme, or one of its arguments. ``is_out``: a person took it out, and it stays out.

    What the machine adds to a theme waits for a person (``is_validated``), even when the theme itself is validated.
    """

    theme = models.ForeignKey(Theme, verbose_name=_("theme"), on_delete=models.CASCADE, related_name="members")
    proposition = models.ForeignKey(
        Proposition, verbose_name=_("proposition"), on_delete=models.CASCADE, related_name="theme_members"
    )
    argument = models.ForeignKey(
        Argument,
        verbose_name=_("argument"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="theme_members",
    )
    is_human = models.BooleanField(_("put or taken out by a person"), default=False)
    is_out = models.BooleanField(_("taken out"), default=False)
    is_validated = models.BooleanField(_("validated by a person"), default=False)
    score = models.FloatField(_("how close"), default=0)

    objects = ThemeMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("text of a theme")
        verbose_name_plural = _("texts of a theme")
        constraints = [
            models.UniqueConstraint(
                fields=["theme", "proposition", "argument"], name="a_text_is_in_a_theme_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="only_a_person_takes_out",
                condition=Q(is_out=False) | Q(is_human=True),
                violation_error_message=_("Only a person takes a text out."),
            ),
        ]
        indexes = [models.Index(fields=["proposition", "theme"], name="themes_of_a_proposition")]

    def __str__(self) -> str:
        return f"{self.theme_id} {self.proposition_id}"


class ThemeRun(models.Model):
    """The machine looks for themes, once somebody asks: how far it is, and what it gave."""

    consultation = models.ForeignKey(
        Consultation, verbose_name=_("consultation"), on_delete=models.CASCADE, related_name="theme_runs"
    )
    state = models.CharField(_("state"), max_length=10, choices=RunState, default=RunState.WAITING)
    step = models.CharField(_("what is being done"), max_length=12, blank=True)
    done = models.PositiveIntegerField(_("texts read"), default=0)
    total = models.PositiveIntegerField(_("texts"), default=0)
    figures = models.JSONField(_("what it gave"), default=dict, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("asked by"), on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(_("asked on"), db_default=Now())
    seen_at = models.DateTimeField(_("last seen at work"), db_default=Now())
    finished_at = models.DateTimeField(_("finished on"), null=True, blank=True)

    class Meta:
        verbose_name = _("search for themes")
        verbose_name_plural = _("searches for themes")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="a_search_state_that_exists",
                condition=Q(state__in=RunState.values),
                violation_error_message=_("Unknown state."),
            ),
            models.UniqueConstraint(
                fields=["consultation"],
                condition=Q(state__in=[RunState.WAITING, RunState.WORKING]),
                name="one_search_for_themes_at_a_time",
                violation_error_message=_("A search is under way."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.consultation_id} {self.state}"
