"""What people filed, and the passages it is cut into."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import MD5, Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from directory.models import Office, Service
from feedback.choices import FicheState, IntakeChannel, Satisfaction
from letters.fields import EncryptedTextField


class FicheQuerySet(models.QuerySet["Fiche"]):
    def masked(self) -> "FicheQuerySet":
        """Those that may be read and grouped: masking went through."""
        return self.filter(masked_text__isnull=False)

    def waiting_for_masking(self) -> "FicheQuerySet":
        return self.filter(masked_text__isnull=True)

    def waiting_for_placement(self) -> "FicheQuerySet":
        """Masked, and not yet shown to the grouping."""
        return self.masked().filter(placed_at__isnull=True).exclude(state=FicheState.DISMISSED)


class Fiche(models.Model):
    """One *fiche d'amélioration*. Everything here may be read by the staff of the service: it is masked.

    What the person typed and left to be reached with stands apart, in ``Original``. ``masked_text`` is null while
    masking has not succeeded: then nobody reads, groups or exports the fiche.
    """

    reference = models.CharField(_("reference"), max_length=20, unique=True)
    service = models.ForeignKey(
        Service,
        verbose_name=_("service"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="fiches",
    )
    office = models.ForeignKey(
        Office,
        verbose_name=_("office"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="fiches",
    )
    channel = models.CharField(_("channel"), max_length=10, choices=IntakeChannel)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="fiches",
    )
    keyed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("keyed in by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="keyed_fiches",
    )
    imported_in = models.ForeignKey(
        "feedback.Import",
        verbose_name=_("import"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="fiches",
    )
    occurred_on = models.DateField(_("when it happened"), null=True, blank=True)
    received_on = models.DateField(_("received on"))
    created_at = models.DateTimeField(_("recorded on"), db_default=Now())
    step = models.CharField(_("step of the procedure"), max_length=120, blank=True)
    satisfaction = models.PositiveSmallIntegerField(_("satisfaction"), choices=Satisfaction, null=True, blank=True)
    language = models.CharField(_("language"), max_length=5, default="fr")
    wants_answer = models.BooleanField(_("wants an answer"), default=False)
    # Null is a state of its own: masking has not succeeded. An empty text cannot stand for it.
    masked_text = models.TextField(_("text, masked"), null=True, blank=True)  # noqa: DJ001
    mask_spans = models.JSONField(_("what was masked"), default=list, blank=True)
    mask_version = models.CharField(_("version of the masking"), max_length=20, blank=True)
    flags = ArrayField(models.CharField(max_length=30), verbose_name=_("flags"), default=list, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=FicheState, default=FicheState.RECEIVED)
    state_changed_at = models.DateTimeField(_("state changed on"), db_default=Now())
    dismissed_reason = models.TextField(_("reason"), max_length=1000, blank=True)
    placed_at = models.DateTimeField(_("grouped on"), null=True, blank=True)
    idempotency_key = models.UUIDField(_("key of the form"), null=True, blank=True, unique=True)

    objects = FicheQuerySet.as_manager()

    class Meta:
        verbose_name = _("fiche")
        verbose_name_plural = _("fiches")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="paper_names_its_typist",
                condition=~Q(channel=IntakeChannel.PAPER) | Q(keyed_by__isnull=False),
                violation_error_message=_("A paper fiche names the person who keyed it in."),
            ),
            models.CheckConstraint(
                name="a_fiche_state_that_exists",
                condition=Q(state__in=FicheState.values),
                violation_error_message=_("Unknown state."),
            ),
            models.CheckConstraint(
                name="satisfaction_from_one_to_five",
                condition=Q(satisfaction__isnull=True) | Q(satisfaction__range=(1, 5)),
                violation_error_message=_("Satisfaction goes from 1 to 5."),
            ),
            models.CheckConstraint(
                name="setting_aside_has_a_reason",
                condition=~Q(state=FicheState.DISMISSED) | ~Q(dismissed_reason=""),
                violation_error_message=_("Say why the fiche is set aside."),
            ),
        ]
        indexes = [
            models.Index(fields=["service", "-received_on"], name="fiches_of_a_service"),
            models.Index(fields=["id"], condition=Q(placed_at__isnull=True), name="fiches_to_place"),
            models.Index(fields=["id"], condition=Q(masked_text__isnull=True), name="fiches_to_mask"),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("feedback:tracking", args=[self.reference])


class Original(models.Model):
    """What the person typed and how to reach them: private, dated for deletion, never read by a list."""

    fiche = models.OneToOneField(Fiche, verbose_name=_("fiche"), on_delete=models.CASCADE, related_name="original")
    text = EncryptedTextField(_("text as typed"), blank=True)
    contact_email = EncryptedTextField(_("e-mail address"), blank=True)
    contact_phone = EncryptedTextField(_("mobile number"), blank=True)
    postal_name = EncryptedTextField(_("name and postal address, for paper"), blank=True)
    on_behalf_of = models.CharField(_("filed for somebody by"), max_length=80, blank=True)
    purge_on = models.DateField(_("erased on"), db_index=True)
    erased_at = models.DateTimeField(_("erased by the author on"), null=True, blank=True)

    class Meta:
        verbose_name = _("original")
        verbose_name_plural = _("originals")

    def __str__(self) -> str:
        return str(self.fiche)


class SegmentQuerySet(models.QuerySet["Segment"]):
    def unplaced(self) -> "SegmentQuerySet":
        """Passages that no pain point holds: the « à trier » list."""
        return self.filter(membership__isnull=True).exclude(fiche__state=FicheState.DISMISSED)


class Segment(models.Model):
    """One grievance of a fiche: the unit that is grouped. Offsets are characters of the masked text."""

    fiche = models.ForeignKey(Fiche, verbose_name=_("fiche"), on_delete=models.CASCADE, related_name="segments")
    position = models.PositiveSmallIntegerField(_("position"))
    start = models.PositiveIntegerField(_("start"))
    end = models.PositiveIntegerField(_("end"))
    text = models.TextField(_("text, masked"))
    vector = models.BinaryField(_("sentence vector"), null=True, blank=True)  # float16, little endian
    vector_version = models.CharField(_("version of the encoder"), max_length=40, blank=True)
    documents = ArrayField(models.CharField(max_length=60), verbose_name=_("documents named"), default=list, blank=True)
    # The first passage of the near-identical ones, itself when it is the first; null until they were compared.
    fold = models.ForeignKey(
        "self",
        verbose_name=_("says the same as"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="fold_of",
    )
    # What finds a first passage again (``clustering.folds``); the others need none.
    bands = ArrayField(models.BigIntegerField(), verbose_name=_("bands of the text"), null=True, blank=True)

    objects = SegmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("passage")
        verbose_name_plural = _("passages")
        ordering = ["fiche", "position"]
        constraints = [
            models.UniqueConstraint(fields=["fiche", "position"], name="one_passage_per_position"),
            models.CheckConstraint(
                name="a_passage_has_a_length",
                condition=Q(end__gt=models.F("start")),
                violation_error_message=_("A passage cannot be empty."),
            ),
            models.CheckConstraint(
                name="only_a_first_passage_is_looked_up",
                # Its own fold is forgotten a moment before the first one is erased.
                condition=Q(bands__isnull=True) | Q(fold__isnull=True) | Q(fold=models.F("id")),
                violation_error_message=_("Only the first of near-identical passages has bands."),
            ),
        ]
        indexes = [
            # Written at once: what waits in a list is compared, row by row, with each of the thousands of bands asked.
            GinIndex(fields=["bands"], name="passages_alike", fastupdate=False),
            models.Index(fields=["id"], condition=Q(fold__isnull=True), name="passages_to_compare"),
            models.Index(MD5("text"), name="passages_of_the_same_text"),
        ]

    def __str__(self) -> str:
        return f"{self.fiche_id}:{self.position}"
