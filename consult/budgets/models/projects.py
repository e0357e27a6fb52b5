"""What is studied, voted and built: one row a project, its number for life."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from consult.budgets.choices import ProjectState
from consult.budgets.models.structure import Budget, Envelope


class Project(models.Model):
    """Made by the administration of one or several ideas (``ProjectOrigin``). ``cost`` in cents, once it is studied.

    ``site``: projects of one site exclude one another when the regulation says so. ``number`` is never reused.
    """

    budget = models.ForeignKey(Budget, verbose_name=_("budget"), on_delete=models.PROTECT, related_name="projects")
    number = models.PositiveIntegerField(_("number"))
    envelope = models.ForeignKey(
        Envelope, verbose_name=_("envelope"), on_delete=models.PROTECT, related_name="projects"
    )
    title = models.CharField(_("title"), max_length=120)
    summary = models.CharField(_("in a sentence"), max_length=200)
    body = models.TextField(_("description"), blank=True)
    theme = models.CharField(_("theme"), max_length=60, blank=True)
    # Of a project of the whole town, for ceilings and « one each »; in the envelope of a territory, its title says it.
    territory = models.CharField(_("territory"), max_length=80, blank=True)
    site = models.CharField(_("site"), max_length=80, blank=True)
    place = models.CharField(_("place, in words"), max_length=160, blank=True)
    latitude = models.DecimalField(_("latitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    picture = models.ImageField(_("picture"), upload_to="budgets/", blank=True)
    picture_description = models.CharField(_("what the picture shows"), max_length=160, blank=True)
    cost = models.BigIntegerField(_("cost, in cents"), null=True, blank=True)
    running_cost = models.BigIntegerField(_("running cost a year, in cents"), default=0)
    state = models.CharField(_("state"), max_length=12, choices=ProjectState, default=ProjectState.PREPARED)
    state_changed_at = models.DateTimeField(_("state changed on"), db_default=Now())
    reason = models.TextField(_("reason that everybody reads"), max_length=2000, blank=True)
    created_at = models.DateTimeField(_("created on"), db_default=Now())

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["budget", "number"],
                name="a_project_number_once_a_budget",
                violation_error_message=_("This number is already given."),
            ),
            models.CheckConstraint(
                name="a_project_state_that_exists",
                condition=Q(state__in=ProjectState.values),
                violation_error_message=_("Unknown state."),
            ),
            models.CheckConstraint(
                name="a_project_costs_nothing_below_zero",
                condition=(Q(cost__isnull=True) | Q(cost__gte=0)) & Q(running_cost__gte=0),
                violation_error_message=_("A cost is zero or more."),
            ),
            models.CheckConstraint(
                name="what_is_voted_has_a_cost",
                condition=Q(cost__isnull=False)
                | ~Q(state__in=("retained", "funded", "not_funded", "underway", "realised")),
                violation_error_message=_("A project on the ballot has a cost."),
            ),
            models.CheckConstraint(
                name="a_refused_project_says_why",
                condition=~Q(state__in=("not_retained", "withdrawn", "abandoned")) | ~Q(reason=""),
                violation_error_message=_("Say why: everybody reads the reason."),
            ),
            models.CheckConstraint(
                name="a_project_stands_at_both_coordinates",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                violation_error_message=_("A place has a latitude and a longitude."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("budgets:project", args=[self.budget.page.slug, self.number])


class BallotOption(models.Model):
    """A project as it is on the ballot, frozen with the regulation.

    A trigger refuses every change but its withdrawal. ``deposit`` ranks options by age for ties, the earliest first.
    """

    project = models.OneToOneField(Project, verbose_name=_("project"), on_delete=models.PROTECT, related_name="option")
    budget = models.ForeignKey(Budget, verbose_name=_("budget"), on_delete=models.PROTECT, related_name="options")
    envelope = models.ForeignKey(Envelope, verbose_name=_("envelope"), on_delete=models.PROTECT, related_name="options")
    number = models.PositiveIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=120)
    cost = models.BigIntegerField(_("cost, in cents"))
    territory = models.CharField(_("territory"), max_length=80, blank=True)
    theme = models.CharField(_("theme"), max_length=60, blank=True)
    site = models.CharField(_("site"), max_length=80, blank=True)
    deposit = models.PositiveIntegerField(_("rank by age"), default=0)
    mandatory = models.BooleanField(_("paid for before the vote"), default=False)
    withdrawn_at = models.DateTimeField(_("withdrawn on"), null=True, blank=True)
    withdrawn_reason = models.CharField(_("why it was withdrawn"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("project on the ballot")
        verbose_name_plural = _("projects on the ballot")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["budget", "number"],
                name="an_option_number_once_a_budget",
                violation_error_message=_("This number is already on the ballot."),
            ),
            models.CheckConstraint(
                name="an_option_costs_nothing_below_zero",
                condition=Q(cost__gte=0),
                violation_error_message=_("A cost is zero or more."),
            ),
            models.CheckConstraint(
                name="a_withdrawn_option_says_why",
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_reason=""),
                violation_error_message=_("Say why: everybody reads the reason."),
            ),
        ]

    def __str__(self) -> str:
        return self.title
