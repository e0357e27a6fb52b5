"""The opinion map: short statements, what each person answers to them, and what a run of the count found."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from consult.choices import MapState, MapStep, Stance
from consult.models.contributions import Contribution, keyed_constraint
from consult.models.people import Participant
from consult.models.structure import Consultation

STATEMENT_LENGTH = 140


class StatementQuerySet(models.QuerySet["Statement"]):
    def standing(self) -> "StatementQuerySet":
        """Those that everybody may read and answer: shown by moderators, not taken back."""
        return self.filter(is_shown=True, withdrawn_at=None)


class Statement(Contribution):
    """One idea in one short sentence, answered by agree, disagree or pass. Its ``number`` is never used again.

    ``author`` is None for those that the administration wrote. The counters are kept by the database.
    """

    author = models.ForeignKey(
        Participant,
        verbose_name=_("author"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="statements",
        help_text=_("Empty: the administration that consults."),
    )
    consultation = models.ForeignKey(
        Consultation, verbose_name=_("consultation"), on_delete=models.PROTECT, related_name="statements"
    )
    number = models.PositiveIntegerField(_("number"))
    text = models.CharField(_("statement"), max_length=STATEMENT_LENGTH)
    withdrawn_at = models.DateTimeField(_("withdrawn on"), null=True, blank=True)
    agree_count = models.PositiveIntegerField(_("agree"), default=0)
    disagree_count = models.PositiveIntegerField(_("disagree"), default=0)
    pass_count = models.PositiveIntegerField(_("pass"), default=0)

    objects = StatementQuerySet.as_manager()

    class Meta(Contribution.Meta):
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "number"],
                name="a_statement_number_is_given_once",
                violation_error_message=_("This number is taken."),
            ),
            models.UniqueConstraint(
                "consultation",
                Lower("text"),
                condition=Q(withdrawn_at__isnull=True),
                name="a_statement_is_said_once",
                violation_error_message=_("This statement is already there."),
            ),
            models.CheckConstraint(
                name="a_statement_says_something",
                condition=~Q(text=""),
                violation_error_message=_("Write one sentence."),
            ),
            keyed_constraint("a_paper_statement_names_its_typist"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.text}"


class StatementAnswer(models.Model):
    """What one person answered to one statement; changed at will until the phase closes."""

    statement = models.ForeignKey(
        Statement, verbose_name=_("statement"), on_delete=models.PROTECT, related_name="answers"
    )
    # The constraint below is the index of one's own answers.
    participant = models.ForeignKey(
        Participant,
        verbose_name=_("participant"),
        on_delete=models.PROTECT,
        related_name="statement_answers",
        db_index=False,
    )
    stance = models.SmallIntegerField(_("answer"), choices=Stance)
    created_at = models.DateTimeField(_("first given on"), db_default=Now())
    changed_at = models.DateTimeField(_("changed on"), db_default=Now())

    class Meta:
        verbose_name = _("answer to a statement")
        verbose_name_plural = _("answers to statements")
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "statement"],
                name="one_person_one_answer",
                violation_error_message=_("You have already answered."),
            ),
            models.CheckConstraint(
                name="an_answer_that_exists",
                condition=Q(stance__in=Stance.values),
                violation_error_message=_("Unknown answer."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class OpinionMapQuerySet(models.QuerySet["OpinionMap"]):
    def done(self) -> "OpinionMapQuerySet":
        """Those whose result is there, the newest first."""
        return self.filter(state=MapState.DONE).order_by("-pk")

    def unfinished(self) -> "OpinionMapQuerySet":
        return self.filter(state__in=(MapState.ASKED, MapState.WORKING))


class OpinionMap(models.Model):
    """One run of the count: on what it was run, by which method, and what may be told of it.

    Once done it is never changed (a trigger): the next run is another row. ``result`` places nobody: it is what
    ``consult.maps.telling`` lets out. ``input_hash`` is that of ``tally``: the public file of answers gives it again.
    """

    consultation = models.ForeignKey(
        Consultation, verbose_name=_("consultation"), on_delete=models.CASCADE, related_name="opinion_maps"
    )
    state = models.CharField(_("state"), max_length=10, choices=MapState, default=MapState.ASKED)
    step = models.CharField(_("what is being done"), max_length=10, choices=MapStep, default=MapStep.READING)
    asked_at = models.DateTimeField(_("asked on"), db_default=Now())
    read_at = models.DateTimeField(_("answers read on"), null=True, blank=True)
    done_at = models.DateTimeField(_("done on"), null=True, blank=True)
    seen = models.CharField(_("what was counted, to know when it changes"), max_length=64, blank=True)
    input_hash = models.CharField(_("fingerprint of the answers"), max_length=64, blank=True)
    method = models.CharField(_("method and its version"), max_length=20, blank=True)
    people = models.PositiveIntegerField(_("people who answered"), default=0)
    grouped = models.PositiveIntegerField(_("people placed"), default=0)
    answers = models.PositiveIntegerField(_("answers"), default=0)
    refusal = models.CharField(_("why there is no map"), max_length=20, blank=True)
    result = models.JSONField(_("what may be told"), null=True, blank=True)

    objects = OpinionMapQuerySet.as_manager()

    class Meta:
        verbose_name = _("opinion map")
        verbose_name_plural = _("opinion maps")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="a_map_state_that_exists",
                condition=Q(state__in=MapState.values, step__in=MapStep.values),
                violation_error_message=_("Unknown state."),
            ),
            models.CheckConstraint(
                name="a_map_that_is_done_says_on_what",
                condition=~Q(state=MapState.DONE)
                | Q(result__isnull=False, read_at__isnull=False, done_at__isnull=False) & ~Q(input_hash=""),
                violation_error_message=_("A result says on which answers it was counted."),
            ),
            models.UniqueConstraint(
                fields=["consultation"],
                condition=Q(state__in=(MapState.ASKED, MapState.WORKING)),
                name="one_map_is_drawn_at_a_time",
                violation_error_message=_("This map is being drawn."),
            ),
        ]
        indexes = [models.Index(fields=["consultation", "-id"], condition=Q(state="done"), name="maps_done")]

    def __str__(self) -> str:
        return f"{self.consultation_id} {self.state}"
