"""What residents suggest, who supports it, and which projects came of it."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from consult.budgets.choices import IdeaNews, SuggestionState
from consult.budgets.models.projects import Project
from consult.budgets.models.structure import Budget, Envelope
from consult.models.contributions import Contribution, keyed_constraint
from consult.models.people import Participant
from pages.private_files import private

SORTS = {"date": ["-created_at", "-id"], "support": ["-support_count", "-id"]}


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    def public(self) -> "SuggestionQuerySet":
        """Those with a page of their own: shown, whatever became of them."""
        return self.filter(is_shown=True)

    def listed(self) -> "SuggestionQuerySet":
        """Those that stand in lists and counts: not withdrawn by their authors."""
        return self.public().exclude(state=SuggestionState.WITHDRAWN)


class Suggestion(Contribution):
    """An idea. ``number`` is given by ``Budget.last_idea``, never again; ``cost`` in cents, if its author knows.

    ``envelope`` None: « je ne sais pas ». ``support_count`` and ``search`` are kept by the database. Which
    projects came of it: ``ProjectOrigin``. The photo was drawn again without what the camera wrote in it.
    """

    budget = models.ForeignKey(Budget, verbose_name=_("budget"), on_delete=models.PROTECT, related_name="suggestions")
    number = models.PositiveIntegerField(_("number"))
    envelope = models.ForeignKey(
        Envelope,
        verbose_name=_("envelope"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="suggestions",
    )
    title = models.CharField(_("title"), max_length=120)
    body = models.TextField(_("text"), max_length=10_000)  # HTML of a small allow-list, cleaned when written
    place = models.CharField(_("place, in words"), max_length=160, blank=True)
    latitude = models.DecimalField(_("latitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    photo = models.FileField(_("photo"), storage=private, upload_to="ideas/", max_length=200, blank=True)
    photo_description = models.CharField(_("what the photo shows"), max_length=160, blank=True)
    cost = models.BigIntegerField(_("estimated cost, in cents"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=SuggestionState, default=SuggestionState.PUBLISHED)
    state_changed_at = models.DateTimeField(_("state changed on"), db_default=Now())
    state_reason = models.TextField(_("reason that everybody reads"), max_length=600, blank=True)
    support_count = models.PositiveIntegerField(_("supports"), default=0)
    search = SearchVectorField(_("words to search"), null=True, editable=False)

    objects = SuggestionQuerySet.as_manager()

    class Meta(Contribution.Meta):
        verbose_name = _("idea of a budget")
        verbose_name_plural = _("ideas of budgets")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["budget", "number"],
                name="an_idea_number_once_a_budget",
                violation_error_message=_("This number is already given."),
            ),
            models.CheckConstraint(
                name="an_idea_state_that_exists",
                condition=Q(state__in=SuggestionState.values),
                violation_error_message=_("Unknown state."),
            ),
            models.CheckConstraint(
                name="an_idea_set_aside_says_why",
                condition=~Q(state=SuggestionState.SET_ASIDE) | ~Q(state_reason=""),
                violation_error_message=_("Say why: everybody reads the reason."),
            ),
            models.CheckConstraint(
                name="an_idea_costs_nothing_below_zero",
                condition=Q(cost__isnull=True) | Q(cost__gte=0),
                violation_error_message=_("A cost is zero or more."),
            ),
            models.CheckConstraint(
                name="an_idea_stands_at_both_coordinates",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                violation_error_message=_("A place has a latitude and a longitude."),
            ),
            keyed_constraint("a_paper_idea_names_its_typist"),
        ]
        indexes = [
            *(
                models.Index(fields=["budget", *fields], condition=Q(is_shown=True), name=f"ideas_by_{name}")
                for name, fields in SORTS.items()
            ),
            GinIndex(fields=["search"], name="ideas_by_words"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("budgets:idea", args=[self.budget.page.slug, self.number])


class Support(models.Model):
    """One person's support of one idea: there once, or not at all."""

    suggestion = models.ForeignKey(
        Suggestion, verbose_name=_("idea"), on_delete=models.CASCADE, related_name="supports"
    )
    participant = models.ForeignKey(
        Participant, verbose_name=_("participant"), on_delete=models.PROTECT, related_name="idea_supports"
    )
    created_at = models.DateTimeField(_("given on"), db_default=Now())

    class Meta:
        verbose_name = _("support of an idea")
        verbose_name_plural = _("supports of ideas")
        constraints = [
            models.UniqueConstraint(
                fields=["suggestion", "participant"],
                name="a_person_supports_an_idea_once",
                violation_error_message=_("You already support this idea."),
            ),
        ]

    def __str__(self) -> str:
        return str(_("support of an idea"))


class SuggestionDraft(models.Model):
    """What somebody is writing: one a person and budget, read by them alone, gone once filed. ``typed``: by field.

    The photo is the one of a form that was not accepted, or was put off: drawn again, it goes with the row.
    """

    budget = models.ForeignKey(Budget, verbose_name=_("budget"), on_delete=models.CASCADE, related_name="idea_drafts")
    participant = models.ForeignKey(
        Participant, verbose_name=_("participant"), on_delete=models.CASCADE, related_name="idea_drafts"
    )
    typed = models.JSONField(_("what was typed"), default=dict)
    photo = models.FileField(_("photo"), storage=private, upload_to="ideas/drafts/", max_length=200, blank=True)
    saved_at = models.DateTimeField(_("saved on"), db_default=Now())
    purge_on = models.DateField(_("erased on"))

    class Meta:
        verbose_name = _("draft of an idea")
        verbose_name_plural = _("drafts of ideas")
        constraints = [
            models.UniqueConstraint(
                fields=["budget", "participant"],
                name="one_draft_of_an_idea_a_person",
                violation_error_message=_("You are already writing an idea here."),
            ),
        ]

    def __str__(self) -> str:
        return str(_("draft of an idea"))


class ProjectOrigin(models.Model):
    """The trace: this project came of this idea. One idea may give several projects, a project come of several."""

    project = models.ForeignKey(Project, verbose_name=_("project"), on_delete=models.PROTECT, related_name="origins")
    suggestion = models.ForeignKey(Suggestion, verbose_name=_("idea"), on_delete=models.PROTECT, related_name="became")
    created_at = models.DateTimeField(_("traced on"), db_default=Now())

    class Meta:
        verbose_name = _("origin of a project")
        verbose_name_plural = _("origins of projects")
        constraints = [
            models.UniqueConstraint(
                fields=["project", "suggestion"],
                name="an_origin_once",
                violation_error_message=_("This project already comes of this idea."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.suggestion_id} → {self.project_id}"


class SuggestionNews(models.Model):
    """What became of an idea, told to its author by one letter. The outbox holds this key only."""

    suggestion = models.ForeignKey(Suggestion, verbose_name=_("idea"), on_delete=models.CASCADE, related_name="news")
    kind = models.CharField(_("what happened"), max_length=10, choices=IdeaNews)
    project = models.ForeignKey(
        Project, verbose_name=_("project"), on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("written on"), db_default=Now())

    class Meta:
        verbose_name = _("news of an idea")
        verbose_name_plural = _("news of ideas")
        constraints = [
            models.CheckConstraint(
                name="news_of_an_idea_that_exist",
                condition=Q(kind__in=IdeaNews.values),
                violation_error_message=_("Unknown kind."),
            ),
            models.UniqueConstraint(
                fields=["suggestion", "project"],
                condition=Q(kind="project"),
                name="an_idea_becomes_a_project_once",
                violation_error_message=_("This was already told."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())
