"""Ballots on paper: how many people were marked at desks on a day, and the batches in which their sheets are keyed.

A sheet is keyed twice by two people, who do not see what the other read. Nothing here leads to a ``Ballot``, nor to
somebody on the roll: a batch has neither hour nor desk in common with a mark, and its sheets are destroyed when it
closes. Triggers: no sheet stands in a batch that is closed, which never changes again; nothing is counted beside an
open batch, and none is opened once an official count is signed (``docs/decisions/0008``).
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from consult.budgets.choices import BallotChannel, BatchState
from consult.budgets.models.counts import signer
from consult.budgets.models.structure import Budget, Envelope

MOST_SHEETS = 500  # of one batch: what two people key in a morning


class DeskDay(models.Model):
    """People marked at the desks on a day, all desks together: a sum, and never who or when in the day."""

    budget = models.ForeignKey(Budget, verbose_name=_("budget"), on_delete=models.PROTECT, related_name="+")
    envelope = models.ForeignKey(Envelope, verbose_name=_("envelope"), on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(_("voted by"), max_length=10, choices=BallotChannel)
    day = models.DateField(_("day"))
    marks = models.PositiveIntegerField(_("people marked"), default=0)
    cancelled = models.PositiveIntegerField(_("marks cancelled"), default=0)

    class Meta:
        verbose_name = _("day of the desks")
        verbose_name_plural = _("days of the desks")
        constraints = [
            models.UniqueConstraint(
                fields=["envelope", "channel", "day"],
                name="a_desk_day_once",
                violation_error_message=_("This day is already counted."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.envelope} {self.day}"


class PaperBatch(models.Model):
    """A stack of paper ballots of one envelope. ``announced``: how many sheets people counted by hand.

    Once closed: ``valid + blank + spoiled`` is ``announced``; ``settled``: sheets that two people had read
    differently; ``settled_together``: of these, those settled by the two of them rather than by a third person.
    ``explanation``, ``signatory``: why there are more ballots than people marked, signed, read by everybody.
    """

    budget = models.ForeignKey(Budget, verbose_name=_("budget"), on_delete=models.PROTECT, related_name="batches")
    envelope = models.ForeignKey(Envelope, verbose_name=_("envelope"), on_delete=models.PROTECT, related_name="batches")
    number = models.PositiveIntegerField(_("number"))
    place = models.CharField(_("where these ballots come from"), max_length=80)
    announced = models.PositiveIntegerField(_("sheets counted by hand"))
    state = models.CharField(_("state"), max_length=10, choices=BatchState, default=BatchState.OPEN)
    opened_by = signer(_("opened by"))
    closed_by = signer(_("closed by"))
    valid = models.PositiveIntegerField(_("ballots put in the box"), null=True, blank=True)
    blank = models.PositiveIntegerField(_("blank sheets"), null=True, blank=True)
    spoiled = models.PositiveIntegerField(_("spoiled sheets"), null=True, blank=True)
    settled = models.PositiveIntegerField(_("differences settled"), null=True, blank=True)
    settled_together = models.PositiveIntegerField(_("of these, by the two who keyed"), null=True, blank=True)
    explanation = models.TextField(_("why more ballots than people marked"), max_length=1000, blank=True)
    signatory = models.CharField(_("signed by, name and office"), max_length=160, blank=True)
    reason = models.CharField(_("why it was given up"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("batch of paper ballots")
        verbose_name_plural = _("batches of paper ballots")
        constraints = [
            models.UniqueConstraint(
                fields=["budget", "number"],
                name="a_batch_number_once",
                violation_error_message=_("This batch already exists."),
            ),
            models.CheckConstraint(
                name="a_batch_in_a_state_that_exists",
                condition=Q(state__in=BatchState.values),
                violation_error_message=_("Unknown state."),
            ),
            models.CheckConstraint(
                name="a_batch_of_a_size_that_people_key",
                condition=Q(announced__gte=1, announced__lte=MOST_SHEETS) & ~Q(place=""),
                violation_error_message=_("Say where the ballots come from, and how many they are: 500 at most."),
            ),
            models.CheckConstraint(
                name="a_closed_batch_adds_up",
                condition=Q(state=BatchState.CLOSED, announced=F("valid") + F("blank") + F("spoiled"))
                & Q(valid__isnull=False, blank__isnull=False, spoiled__isnull=False)
                & Q(settled__isnull=False, settled_together__isnull=False, settled_together__lte=F("settled"))
                | ~Q(state=BatchState.CLOSED)
                & Q(valid=None, blank=None, spoiled=None, settled=None, settled_together=None),
                violation_error_message=_("A batch closes when its sheets are as many as announced."),
            ),
            models.CheckConstraint(
                name="a_batch_given_up_says_why",
                condition=Q(state=BatchState.GIVEN_UP) & ~Q(reason="") | ~Q(state=BatchState.GIVEN_UP) & Q(reason=""),
                violation_error_message=_("Say why this batch is given up."),
            ),
            models.CheckConstraint(
                name="an_excess_is_explained_and_signed",
                condition=Q(explanation="", signatory="") | ~Q(explanation="") & ~Q(signatory=""),
                violation_error_message=_("Explain it, and sign: everybody reads both."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.place}"


class PaperSheet(models.Model):
    """One sheet of an open batch, by its place in the stack. Destroyed when the batch closes.

    A reading is ``{"is": SheetKind, "choices": [[number, points], …]}`` or ``{"is": …, "why": SpoiledBecause}``
    (``sheets.Reading``). ``settled``: the third act, where the two readings differ. ``together``: settled by one of the
    two who keyed, both before the sheet.
    """

    batch = models.ForeignKey(PaperBatch, verbose_name=_("batch"), on_delete=models.CASCADE, related_name="sheets")
    rank = models.PositiveIntegerField(_("place in the stack"))
    first = models.JSONField(_("first reading"))
    first_by = signer(_("first keyed by"))
    second = models.JSONField(_("second reading"), null=True, blank=True)
    second_by = signer(_("keyed again by"))
    settled = models.JSONField(_("settled as"), null=True, blank=True)
    settled_by = signer(_("settled by"))
    together = models.BooleanField(_("settled by the two who keyed"), default=False)

    class Meta:
        verbose_name = _("sheet of a batch")
        verbose_name_plural = _("sheets of a batch")
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "rank"],
                name="a_sheet_once_in_a_batch",
                violation_error_message=_("This sheet is already keyed."),
            ),
            models.CheckConstraint(
                name="a_sheet_has_a_place_in_the_stack",
                condition=Q(rank__gte=1),
                violation_error_message=_("Sheets are numbered from 1."),
            ),
            models.CheckConstraint(
                name="a_sheet_is_keyed_by_two_people",
                condition=Q(second__isnull=True, second_by__isnull=True)
                | Q(second__isnull=False)
                & (Q(first_by__isnull=True) | Q(second_by__isnull=True) | ~Q(first_by=F("second_by"))),
                violation_error_message=_("Somebody else keys this sheet a second time."),
            ),
            models.CheckConstraint(
                name="a_difference_is_settled_by_a_third_act",
                condition=Q(settled__isnull=True, settled_by__isnull=True, together=False)
                | Q(settled__isnull=False, second__isnull=False)
                & (
                    Q(together=True)
                    | Q(settled_by__isnull=True)
                    | (Q(first_by__isnull=True) | ~Q(settled_by=F("first_by")))
                    & (Q(second_by__isnull=True) | ~Q(settled_by=F("second_by")))
                ),
                violation_error_message=_("Somebody else settles what two people read differently."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch} {self.rank}"
