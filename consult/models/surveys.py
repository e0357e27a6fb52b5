"""Questionnaires: what an editor asks below a consultation, and what each person answered, once.

A question never refers to one that comes later, so conditions cannot turn in circles. From the first answer on, the
database keeps the questions as they are (migration ``surveys``): only their words may be put right.
"""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.fields import RichTextField
from wagtail.models import Orderable, Page

from consult.choices import CHOICE_KINDS, KEYED_CHANNELS, TEXT_KINDS, Channel, QuestionKind
from consult.models.below import Below
from consult.models.people import Participant
from moderation.models import Judged
from pages.blocks import FEATURES

OTHER = 0  # the number of the answer « other » among those chosen; the others are numbered from 1


class SurveyPage(Below, Page):
    """A questionnaire, below the page of its consultation. People answer while its phases let them (``Act.SURVEY``)."""

    intro = RichTextField(_("what it is about, and what will be done with it"), blank=True, features=FEATURES)
    hides_results = models.BooleanField(_("results are hidden until the end"), default=False)

    parent_page_types = ["consult.ConsultationPage"]
    subpage_types: list[str] = []
    private_page_options: list[str] = []

    class Meta:
        verbose_name = _("questionnaire")
        verbose_name_plural = _("questionnaires")

    def get_absolute_url(self) -> str:
        return reverse("consult:survey", args=[self.get_parent().slug, self.slug])


class Question(Orderable):
    """One question. ``code`` names it in conditions and in the open data; ``choices`` are numbered from 1.

    ``shown_if`` is the code of an earlier question: this one is asked to those who gave one of ``shown_if_answers``
    (numbers of its choices, 0 for « other »).
    """

    page = ParentalKey(SurveyPage, verbose_name=_("questionnaire"), on_delete=models.CASCADE, related_name="questions")
    code = models.SlugField(_("short name"), max_length=40, blank=True)
    kind = models.CharField(_("kind of answer"), max_length=10, choices=QuestionKind, default=QuestionKind.ONE)
    label = models.CharField(_("question"), max_length=250)
    help = models.CharField(_("help"), max_length=300, blank=True)
    is_required = models.BooleanField(_("an answer is required"), default=True)
    choices = ArrayField(models.CharField(max_length=160), verbose_name=_("answers"), default=list, blank=True, size=40)
    takes_other = models.BooleanField(_("“other” may be written"), default=False)
    minimum = models.DecimalField(_("smallest number"), max_digits=12, decimal_places=2, null=True, blank=True)
    maximum = models.DecimalField(_("largest number"), max_digits=12, decimal_places=2, null=True, blank=True)
    is_public = models.BooleanField(_("texts are published, once a moderator has read them"), default=False)
    starts_page = models.BooleanField(_("begins a new page"), default=False)
    shown_if = models.SlugField(_("asked if the answer to"), max_length=40, blank=True)
    shown_if_answers = ArrayField(
        models.PositiveSmallIntegerField(), verbose_name=_("is one of"), default=list, blank=True, size=41
    )

    class Meta(Orderable.Meta):
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = [
            models.UniqueConstraint(
                fields=["page", "code"],
                condition=~Q(code=""),
                name="a_question_has_its_own_code",
                violation_error_message=_("Two questions have the same short name."),
            ),
            models.CheckConstraint(
                name="a_question_kind_that_exists",
                condition=Q(kind__in=QuestionKind.values),
                violation_error_message=_("Unknown kind of answer."),
            ),
            models.CheckConstraint(
                name="choices_are_for_choosing",
                condition=Q(kind__in=CHOICE_KINDS, choices__len__gte=2) | ~Q(kind__in=CHOICE_KINDS) & Q(choices=[]),
                violation_error_message=_(
                    "Give two answers at least, one a line; none for a text, a number or a date."
                ),
            ),
            models.CheckConstraint(
                name="other_is_for_lists",
                condition=Q(takes_other=False) | Q(kind__in=(QuestionKind.ONE, QuestionKind.SEVERAL)),
                violation_error_message=_("“Other” goes with a list of answers."),
            ),
            models.CheckConstraint(
                name="a_condition_names_answers",
                condition=Q(shown_if="", shown_if_answers=[]) | ~Q(shown_if="") & Q(shown_if_answers__len__gte=1),
                violation_error_message=_("Say which answers this question depends on."),
            ),
            models.CheckConstraint(
                name="bounds_are_for_numbers_in_order",
                condition=Q(minimum=None, maximum=None)
                | Q(kind=QuestionKind.NUMBER)
                & (Q(minimum=None) | Q(maximum=None) | Q(maximum__gte=models.F("minimum"))),
                violation_error_message=_("The largest number is not under the smallest."),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_text(self) -> bool:
        return self.kind in TEXT_KINDS

    @property
    def is_choice(self) -> bool:
        return self.kind in CHOICE_KINDS

    def numbers(self) -> list[int]:
        """The answers that may be chosen."""
        return [*range(1, len(self.choices) + 1), *([OTHER] if self.takes_other else [])]


class Response(models.Model):
    """What one person answered to a questionnaire: one row a person, changed until the phase closes."""

    survey = models.ForeignKey(
        SurveyPage, verbose_name=_("questionnaire"), on_delete=models.PROTECT, related_name="responses"
    )
    participant = models.ForeignKey(
        Participant, verbose_name=_("participant"), on_delete=models.PROTECT, related_name="responses"
    )
    channel = models.CharField(_("came by"), max_length=10, choices=Channel, default=Channel.WEB)
    keyed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("keyed in by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    created_at = models.DateTimeField(_("first sent on"), db_default=Now())
    changed_at = models.DateTimeField(_("changed on"), db_default=Now())

    class Meta:
        verbose_name = _("response")
        verbose_name_plural = _("responses")
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "participant"],
                name="one_person_one_response",
                violation_error_message=_("You have already answered."),
            ),
            models.CheckConstraint(
                name="a_paper_response_names_its_typist",
                condition=Q(channel__in=KEYED_CHANNELS, keyed_by__isnull=False)
                | ~Q(channel__in=KEYED_CHANNELS) & Q(keyed_by__isnull=True),
                violation_error_message=_("What came on paper names who keyed it in."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Answer(models.Model):
    """The answer to one question. ``text`` was masked when it came in: nothing else was ever written."""

    response = models.ForeignKey(Response, verbose_name=_("response"), on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, verbose_name=_("question"), on_delete=models.PROTECT, related_name="answers")
    chosen = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("answers chosen"), default=list, blank=True)
    number = models.DecimalField(_("number"), max_digits=12, decimal_places=2, null=True, blank=True)
    day = models.DateField(_("date"), null=True, blank=True)
    text = models.TextField(_("text"), max_length=3000, blank=True)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            models.UniqueConstraint(fields=["response", "question"], name="a_question_is_answered_once"),
            models.CheckConstraint(
                name="an_answer_says_something",
                condition=~Q(chosen=[]) | Q(number__isnull=False) | Q(day__isnull=False) | ~Q(text=""),
                violation_error_message=_("An answer says something."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class FreeText(Judged):
    """A text of a question whose texts are published: read by everybody once a moderator kept it.

    ``answer`` is empty once its author wrote something else instead.
    """

    answer = models.OneToOneField(
        Answer, verbose_name=_("answer"), on_delete=models.SET_NULL, null=True, blank=True, related_name="free_text"
    )
    question = models.ForeignKey(
        Question, verbose_name=_("question"), on_delete=models.PROTECT, related_name="free_texts"
    )
    author = models.ForeignKey(
        Participant, verbose_name=_("author"), on_delete=models.PROTECT, related_name="free_texts"
    )
    text = models.TextField(_("text"), max_length=3000)
    created_at = models.DateTimeField(_("written on"), db_default=Now())

    class Meta(Judged.Meta):
        verbose_name = _("free answer")
        verbose_name_plural = _("free answers")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return str(self.pk)


class SurveyDraft(models.Model):
    """What somebody has answered so far, by code of the question: theirs alone, until it is sent or forgotten."""

    survey = models.ForeignKey(
        SurveyPage, verbose_name=_("questionnaire"), on_delete=models.CASCADE, related_name="drafts"
    )
    participant = models.ForeignKey(
        Participant, verbose_name=_("participant"), on_delete=models.CASCADE, related_name="survey_drafts"
    )
    typed: Any = models.JSONField(_("answers so far"), default=dict, blank=True)
    saved_at = models.DateTimeField(_("saved on"), db_default=Now())
    purge_on = models.DateField(_("erased on"))

    class Meta:
        verbose_name = _("answers not sent")
        verbose_name_plural = _("answers not sent")
        constraints = [
            models.UniqueConstraint(fields=["survey", "participant"], name="one_draft_of_a_response"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
