"""The recurring pain points (*irritants*) and everything a person decided about them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from directory.models import Service, SupportingDocument
from feedback.choices import OPEN_STATES, PUBLIC_STATES, Effort, PainPointState, Source
from feedback.models.archetypes import Archetype
from feedback.models.fiches import Segment
from feedback.models.themes import Theme


class PainPointQuerySet(models.QuerySet["PainPoint"]):
    def open(self) -> "PainPointQuerySet":
        """Those that still wait for something from the service."""
        return self.filter(state__in=OPEN_STATES)

    def living(self) -> "PainPointQuerySet":
        """Those that new fiches may join."""
        return self.exclude(state__in=(PainPointState.DISMISSED, PainPointState.MERGED))

    def public(self) -> "PainPointQuerySet":
        return self.filter(is_public=True, state__in=PUBLIC_STATES)

    def touching(self, services: models.QuerySet[Service]) -> "PainPointQuerySet":
        """Those that concern one of these services, in charge or not."""
        touched = PainPoint.services.through.objects.filter(service__in=services).values("painpoint")
        return self.filter(Q(service__in=services) | Q(pk__in=touched))

    def in_charge_of(self, services: models.QuerySet[Service]) -> "PainPointQuerySet":
        """Those that one of these services must answer."""
        return self.filter(service__in=services)


class PainPoint(models.Model):
    """An *irritant*. Its number is its key: never used again, whatever is regrouped, merged or split.

    ``fiche_count``, ``distinct_count``, ``first_on``, ``last_on`` and ``awaited_since`` are kept by the acts that
    change memberships (``feedback.counting.recount``), so that the board never counts.
    """

    number = models.BigAutoField(_("number"), primary_key=True)
    title = models.CharField(_("title"), max_length=160)
    is_title_human = models.BooleanField(_("title given by a person"), default=False)
    archetype = models.ForeignKey(
        Archetype,
        verbose_name=_("frequent pain point it resembles"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    theme = models.ForeignKey(
        Theme,
        verbose_name=_("theme"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="pain_points",
    )
    is_theme_human = models.BooleanField(_("theme chosen by a person"), default=False)
    keyphrases = models.JSONField(_("key phrases"), default=list, blank=True)
    cohesion = models.FloatField(_("cohesion"), default=0)
    is_weak = models.BooleanField(_("weak group"), default=False)
    vouched_at = models.DateTimeField(_("read and vouched for on"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=PainPointState, default=PainPointState.SUGGESTED)
    state_changed_at = models.DateTimeField(_("state changed on"), db_default=Now())
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    planned_for = models.DateField(_("planned for"), null=True, blank=True)
    service = models.ForeignKey(
        Service,
        verbose_name=_("service in charge"),
        on_delete=models.PROTECT,
        related_name="pain_points_in_charge",
    )
    services = models.ManyToManyField(
        Service, verbose_name=_("services touched"), blank=True, related_name="pain_points"
    )
    documents = models.ManyToManyField(
        SupportingDocument, verbose_name=_("documents involved"), blank=True, related_name="pain_points"
    )
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("followed by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="assigned_pain_points",
    )
    effort = models.PositiveSmallIntegerField(_("effort"), choices=Effort, null=True, blank=True)
    impact = models.PositiveSmallIntegerField(_("impact"), choices=Effort, null=True, blank=True)
    is_public = models.BooleanField(_("public"), default=False)
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("merged into"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merged_from",
    )
    split_from = models.ForeignKey(
        "self",
        verbose_name=_("comes from"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="splits",
    )
    created_at = models.DateTimeField(_("suggested on"), db_default=Now())
    fiche_count = models.PositiveIntegerField(_("fiches"), default=0)
    distinct_count = models.PositiveIntegerField(_("different texts"), default=0)
    is_cross_service = models.BooleanField(_("several services"), default=False)
    first_on = models.DateField(_("first fiche"), null=True, blank=True)
    last_on = models.DateField(_("last fiche"), null=True, blank=True)
    # What a file brought was said long ago: nobody waits for an answer since that day.
    awaited_since = models.DateField(_("first fiche that came by itself"), null=True, blank=True)

    objects = PainPointQuerySet.as_manager()

    class Meta:
        verbose_name = _("pain point")
        verbose_name_plural = _("pain points")
        ordering = ["-fiche_count", "-number"]
        constraints = [
            models.CheckConstraint(
                name="a_pain_point_state_that_exists",
                condition=Q(state__in=PainPointState.values),
                violation_error_message=_("Unknown state."),
            ),
            models.CheckConstraint(
                name="a_refusal_has_a_reason",
                condition=~Q(state=PainPointState.REFUSED) | ~Q(reason=""),
                violation_error_message=_("Say why the service will not do it."),
            ),
            models.CheckConstraint(
                name="a_plan_has_a_date",
                condition=~Q(state=PainPointState.PLANNED) | Q(planned_for__isnull=False),
                violation_error_message=_("Say for when it is planned."),
            ),
            models.CheckConstraint(
                name="merged_says_into_what",
                condition=Q(state=PainPointState.MERGED, merged_into__isnull=False)
                | Q(merged_into__isnull=True) & ~Q(state=PainPointState.MERGED),
                violation_error_message=_("A merged pain point names the one that took it."),
            ),
            models.CheckConstraint(
                name="only_what_a_person_confirmed_is_public",
                condition=Q(is_public=False) | Q(state__in=PUBLIC_STATES),
                violation_error_message=_("Confirm the pain point before publishing it."),
            ),
            models.CheckConstraint(
                name="a_weak_group_is_vouched_for_before_it_is_public",
                condition=Q(is_public=False) | Q(is_weak=False) | Q(vouched_at__isnull=False),
                violation_error_message=_("This group is weak: read its passages before publishing it."),
            ),
            models.CheckConstraint(
                name="no_more_texts_than_fiches",
                condition=Q(distinct_count__lte=models.F("fiche_count")),
                violation_error_message=_("There are no more different texts than fiches."),
            ),
        ]
        indexes = [
            models.Index(fields=["service", "-fiche_count"], name="pain_points_by_size"),
            models.Index(fields=["-last_on"], condition=Q(is_public=True), name="pain_points_public"),
        ]

    def __str__(self) -> str:
        return gettext("no. %(number)s · %(title)s") % {"number": self.number, "title": self.title}

    def get_absolute_url(self) -> str:
        return reverse("feedback:pain_point", args=[self.number])


class Membership(models.Model):
    """A passage belongs to at most one pain point. What a person attached, no run detaches."""

    segment = models.OneToOneField(
        Segment, verbose_name=_("passage"), on_delete=models.CASCADE, related_name="membership"
    )
    pain_point = models.ForeignKey(
        PainPoint, verbose_name=_("pain point"), on_delete=models.CASCADE, related_name="memberships"
    )
    source = models.CharField(_("attached"), max_length=10, choices=Source)
    score = models.FloatField(_("score"), default=0)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("confirmed by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    run = models.ForeignKey(
        "feedback.GroupingRun",
        verbose_name=_("run"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    created_at = models.DateTimeField(_("attached on"), db_default=Now())

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        constraints = [
            models.CheckConstraint(
                name="a_persons_attachment_names_them",
                condition=Q(source=Source.MACHINE) | Q(source=Source.PERSON, confirmed_by__isnull=False),
                violation_error_message=_("An attachment made by a person names that person."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.segment_id} → {self.pain_point_id}"


class Ruling(models.Model):
    """A person said that this passage does *not* belong to this pain point: no run may put it back."""

    segment = models.ForeignKey(Segment, verbose_name=_("passage"), on_delete=models.CASCADE, related_name="rulings")
    pain_point = models.ForeignKey(
        PainPoint, verbose_name=_("pain point"), on_delete=models.CASCADE, related_name="rulings"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("on"), db_default=Now())

    class Meta:
        verbose_name = _("exclusion")
        verbose_name_plural = _("exclusions")
        constraints = [models.UniqueConstraint(fields=["segment", "pain_point"], name="an_exclusion_is_said_once")]

    def __str__(self) -> str:
        return f"{self.segment_id} ≠ {self.pain_point_id}"


class Note(models.Model):
    """An internal note: read by the members of the service, by nobody else."""

    pain_point = models.ForeignKey(
        PainPoint, verbose_name=_("pain point"), on_delete=models.CASCADE, related_name="notes"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("author"), on_delete=models.PROTECT, related_name="+"
    )
    text = models.TextField(_("note"), max_length=4000)
    created_at = models.DateTimeField(_("written on"), db_default=Now())

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.pk)


class Verbatim(models.Model):
    """A masked passage that the owner chose to show on the public pages."""

    pain_point = models.ForeignKey(
        PainPoint, verbose_name=_("pain point"), on_delete=models.CASCADE, related_name="verbatims"
    )
    segment = models.ForeignKey(Segment, verbose_name=_("passage"), on_delete=models.CASCADE, related_name="+")
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("chosen by"), on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(_("chosen on"), db_default=Now())

    class Meta:
        verbose_name = _("public verbatim")
        verbose_name_plural = _("public verbatims")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["pain_point", "segment"], name="a_verbatim_is_chosen_once")]

    def __str__(self) -> str:
        return str(self.pk)


class SavedView(models.Model):
    """Filters of the board that a person kept under a name; ``query`` is the address's query string."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="saved_views",
    )
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(_("filters"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "name"],
                name="one_saved_view_of_a_name",
                violation_error_message=_("You already have a view of this name."),
            )
        ]

    def __str__(self) -> str:
        return self.name
