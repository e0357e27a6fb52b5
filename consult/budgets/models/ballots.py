"""Who voted, and what was voted: two tables with no key, hour or order in common.

``Mark`` says that somebody on the roll voted on an envelope; ``Ballot`` is in the box. While the ballot is open, a mark
made online keeps an encrypted pointer to its ballot, so that one may change one's mind; closing destroys the pointers.
"""

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consult.budgets.choices import BallotChannel
from consult.budgets.models.structure import Budget, Envelope
from consult.models.people import Participant
from letters.fields import UndatedTextField


class RollEntry(models.Model):
    """Somebody who may vote in a budget, the same whatever the channel.

    ``person_key``: keyed hash, per budget, of what identifies them (``rolls.py``): nobody reads a name in it. No hour
    is kept here. ``listed``: the entry came from the voter roll that the town brought. The key is random: a sequence
    would say who came first.
    """

    id = models.UUIDField(_("random key"), primary_key=True, default=uuid4, editable=False)
    budget = models.ForeignKey(Budget, verbose_name=_("budget"), on_delete=models.PROTECT, related_name="roll")
    person_key = models.CharField(_("keyed hash of the person"), max_length=64)
    participant = models.ForeignKey(
        Participant,
        verbose_name=_("participant"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    listed = models.BooleanField(_("on the roll of the town"), default=False)

    class Meta:
        verbose_name = _("line of the voter roll")
        verbose_name_plural = _("lines of the voter roll")
        constraints = [
            models.UniqueConstraint(
                fields=["budget", "person_key"],
                name="a_person_once_on_a_roll",
                violation_error_message=_("This person is already on the roll."),
            ),
            models.UniqueConstraint(
                fields=["budget", "participant"],
                name="an_account_once_on_a_roll",
                violation_error_message=_("This account already stands for somebody on the roll."),
            ),
        ]

    def __str__(self) -> str:
        return str(_("line of the voter roll"))


class Mark(models.Model):
    """*Émargement*: this person voted on this envelope, by this channel. It says neither when nor what.

    ``pointer``: online, the encrypted identifier of the ballot; empty on paper, and for everybody once it is closed.
    ``is_territory``: it took the only territory that this person may vote for, where the regulation gives one.
    """

    id = models.UUIDField(_("random key"), primary_key=True, default=uuid4, editable=False)
    entry = models.ForeignKey(
        RollEntry, verbose_name=_("line of the roll"), on_delete=models.PROTECT, related_name="marks"
    )
    envelope = models.ForeignKey(Envelope, verbose_name=_("envelope"), on_delete=models.PROTECT, related_name="marks")
    channel = models.CharField(_("voted by"), max_length=10, choices=BallotChannel)
    pointer = UndatedTextField(_("where the ballot is, until it closes"), blank=True)
    is_territory = models.BooleanField(_("took the territory of this person"), default=False)

    class Meta:
        verbose_name = _("mark on the roll")
        verbose_name_plural = _("marks on the roll")
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "envelope"],
                name="one_person_one_ballot_an_envelope",
                violation_error_message=_("This person has already voted."),
            ),
            models.UniqueConstraint(
                fields=["entry"],
                condition=Q(is_territory=True),
                name="one_person_one_territory",
                violation_error_message=_("This person has already voted for a territory."),
            ),
            models.CheckConstraint(
                name="a_mark_by_a_channel_that_exists",
                condition=Q(channel__in=BallotChannel.values),
                violation_error_message=_("Unknown channel."),
            ),
            models.CheckConstraint(
                name="a_paper_ballot_is_found_again_by_nobody",
                condition=Q(channel=BallotChannel.WEB) | Q(pointer=""),
                violation_error_message=_("Only a ballot cast online may be found again."),
            ),
        ]

    def __str__(self) -> str:
        return str(_("mark on the roll"))


class Ballot(models.Model):
    """A ballot in the box: anonymous, under a random key, without an hour.

    ``choices``: the canonical list ``[[number of the project, points], …]`` (``papers.canonical``), sorted by number,
    but on a ranking, whose order says it. ``receipt``: SHA-256 of the receipt code and the canonical ballot; "" on
    paper.
    """

    id = models.UUIDField(_("random key"), primary_key=True, default=uuid4, editable=False)
    budget = models.ForeignKey(Budget, verbose_name=_("budget"), on_delete=models.PROTECT, related_name="ballots")
    envelope = models.ForeignKey(Envelope, verbose_name=_("envelope"), on_delete=models.PROTECT, related_name="ballots")
    channel = models.CharField(_("voted by"), max_length=10, choices=BallotChannel)
    choices = models.JSONField(_("choices"))
    receipt = models.CharField(_("hash of the receipt"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("ballot in the box")
        verbose_name_plural = _("ballots in the box")
        constraints = [
            models.UniqueConstraint(
                fields=["receipt"],
                condition=~Q(receipt=""),
                name="a_receipt_once",
                violation_error_message=_("This receipt is already given."),
            ),
            models.CheckConstraint(
                name="a_ballot_by_a_channel_that_exists",
                condition=Q(channel__in=BallotChannel.values),
                violation_error_message=_("Unknown channel."),
            ),
        ]

    def __str__(self) -> str:
        return str(_("ballot in the box"))


class BallotDraft(models.Model):
    """What somebody is choosing: not cast, so it does not count. Encrypted; gone once cast, and at closing."""

    entry = models.ForeignKey(
        RollEntry, verbose_name=_("line of the roll"), on_delete=models.CASCADE, related_name="drafts"
    )
    envelope = models.ForeignKey(Envelope, verbose_name=_("envelope"), on_delete=models.PROTECT, related_name="drafts")
    choices = UndatedTextField(_("choices"), blank=True)
    reminded = models.BooleanField(_("was reminded that it does not count yet"), default=False)

    class Meta:
        verbose_name = _("ballot not cast")
        verbose_name_plural = _("ballots not cast")
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "envelope"],
                name="one_draft_an_envelope",
                violation_error_message=_("This ballot is already begun."),
            ),
        ]

    def __str__(self) -> str:
        return str(_("ballot not cast"))
