"""What becomes of a project once it is funded: steps, money spent, pictures, news, and who follows it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from consult.budgets.choices import ProjectState
from consult.budgets.models.projects import Project
from consult.budgets.models.structure import Budget
from consult.budgets.models.studies import StudyPublication
from consult.models.people import Participant


class ProjectMove(models.Model):
    """A state that a project entered, and when: written by a trigger, whoever moved it, never by hand."""

    project = models.ForeignKey(Project, verbose_name=_("project"), on_delete=models.CASCADE, related_name="moves")
    state = models.CharField(_("state"), max_length=12, choices=ProjectState)
    reason = models.TextField(_("reason"), blank=True)
    at = models.DateTimeField(_("on"))

    class Meta:
        verbose_name = _("move of a project")
        verbose_name_plural = _("moves of projects")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.project_id} {self.state}"


class Milestone(models.Model):
    """A step of the works: planned, then done."""

    project = models.ForeignKey(Project, verbose_name=_("project"), on_delete=models.PROTECT, related_name="milestones")
    title = models.CharField(_("step"), max_length=100)
    planned_on = models.DateField(_("planned on"), null=True, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    note = models.CharField(_("in a sentence"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("step of a project")
        verbose_name_plural = _("steps of projects")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="a_milestone_has_a_day",
                condition=Q(planned_on__isnull=False) | Q(done_on__isnull=False),
                violation_error_message=_("Say when it is planned, or when it was done."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Spending(models.Model):
    """Money paid for a project, in cents. A credit note is below zero."""

    project = models.ForeignKey(Project, verbose_name=_("project"), on_delete=models.PROTECT, related_name="spendings")
    on = models.DateField(_("paid on"))
    label = models.CharField(_("for what"), max_length=120)
    amount = models.BigIntegerField(_("amount, in cents"))

    class Meta:
        verbose_name = _("spending of a project")
        verbose_name_plural = _("spendings of projects")
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="a_spending_is_not_nothing",
                condition=~Q(amount=0),
                violation_error_message=_("Say how much was paid."),
            ),
        ]

    def __str__(self) -> str:
        return self.label


class ProjectPhoto(models.Model):
    """A picture of the works, drawn again without what the camera wrote in it; described for who cannot see it."""

    project = models.ForeignKey(Project, verbose_name=_("project"), on_delete=models.PROTECT, related_name="photos")
    file = models.ImageField(_("picture"), upload_to="budgets/", width_field="width", height_field="height")
    width = models.PositiveIntegerField(_("width"), default=0)
    height = models.PositiveIntegerField(_("height"), default=0)
    description = models.CharField(_("what the picture shows"), max_length=160)
    caption = models.CharField(_("caption"), max_length=160, blank=True)
    taken_on = models.DateField(_("taken on"))

    class Meta:
        verbose_name = _("picture of a project")
        verbose_name_plural = _("pictures of projects")
        ordering = ["taken_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="a_picture_is_described",
                condition=~Q(description=""),
                violation_error_message=_("Describe the picture for people who cannot see it."),
            ),
        ]

    def __str__(self) -> str:
        return self.description


class ProjectNews(models.Model):
    """What the administration tells about a project, and to those who follow it: public at once, never changed."""

    project = models.ForeignKey(Project, verbose_name=_("project"), on_delete=models.PROTECT, related_name="news")
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"), max_length=2000)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("written by"), on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(_("published on"), db_default=Now())

    class Meta:
        verbose_name = _("news of a project")
        verbose_name_plural = _("news of projects")
        ordering = ["published_at", "pk"]

    def __str__(self) -> str:
        return self.title


class ProjectFollow(models.Model):
    """Somebody hears of a project. Whoever stopped is not made to follow again."""

    participant = models.ForeignKey(
        Participant, verbose_name=_("participant"), on_delete=models.CASCADE, related_name="followed_projects"
    )
    project = models.ForeignKey(Project, verbose_name=_("project"), on_delete=models.CASCADE, related_name="follows")
    since = models.DateTimeField(_("followed since"), db_default=Now())
    stopped_at = models.DateTimeField(_("stopped on"), null=True, blank=True)

    class Meta:
        verbose_name = _("follow of a project")
        verbose_name_plural = _("follows of projects")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["participant", "project"], name="a_project_is_followed_once"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class BudgetFollow(models.Model):
    """Somebody wants to hear of the result of a budget, whether they vote or not. No hour: nothing to lay by a vote."""

    participant = models.ForeignKey(
        Participant, verbose_name=_("participant"), on_delete=models.CASCADE, related_name="followed_budgets"
    )
    budget = models.ForeignKey(Budget, verbose_name=_("budget"), on_delete=models.CASCADE, related_name="follows")

    class Meta:
        verbose_name = _("follow of a budget")
        verbose_name_plural = _("follows of budgets")
        constraints = [
            models.UniqueConstraint(fields=["participant", "budget"], name="a_budget_is_followed_once"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class BudgetTold(models.Model):
    """A person to whom a publication of studies, or a news, promises one letter, however many of their ideas it is."""

    publication = models.ForeignKey(
        StudyPublication,
        verbose_name=_("publication"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="told",
    )
    news = models.ForeignKey(
        ProjectNews, verbose_name=_("news"), on_delete=models.CASCADE, null=True, blank=True, related_name="told"
    )
    participant = models.ForeignKey(
        Participant, verbose_name=_("participant"), on_delete=models.CASCADE, related_name="+"
    )
    is_promised = models.BooleanField(_("letter promised"), default=False)

    class Meta:
        verbose_name = _("person told of a budget")
        verbose_name_plural = _("people told of budgets")
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "news", "participant"], name="told_once_of_each", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="told_of_one_thing",
                condition=Q(publication__isnull=True, news__isnull=False)
                | Q(publication__isnull=False, news__isnull=True),
                violation_error_message=_("One letter tells one thing."),
            ),
        ]
        indexes = [models.Index(fields=["id"], condition=Q(is_promised=False), name="not_told_of_a_budget_yet")]

    def __str__(self) -> str:
        return str(self.pk)
