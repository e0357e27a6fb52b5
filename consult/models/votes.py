"""Votes on propositions: one per person, whatever the number of clicks."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext_lazy as _

from consult.choices import Opinion
from consult.models.people import Participant
from consult.models.propositions import Proposition


class Vote(models.Model):
    """One opinion of one person on one proposition; changed and withdrawn until the phase closes.

    ``carried_from``: the proposition on which it was given, merged since into this one. ``given_on`` keeps that place
    taken: a vote that moved is not given a second time where it was.
    """

    proposition = models.ForeignKey(
        Proposition, verbose_name=_("proposition"), on_delete=models.CASCADE, related_name="votes"
    )
    participant = models.ForeignKey(
        Participant, verbose_name=_("participant"), on_delete=models.PROTECT, related_name="votes"
    )
    opinion = models.CharField(_("opinion"), max_length=10, choices=Opinion)
    carried_from = models.ForeignKey(
        Proposition, verbose_name=_("given on"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    given_on = models.GeneratedField(
        verbose_name=_("given on, in the first place"),
        expression=Coalesce("carried_from_id", "proposition_id"),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )
    created_at = models.DateTimeField(_("first given on"), db_default=Now())
    changed_at = models.DateTimeField(_("changed on"), db_default=Now())

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        constraints = [
            models.UniqueConstraint(
                fields=["proposition", "participant"],
                name="one_person_one_vote",
                violation_error_message=_("You have already voted."),
            ),
            models.UniqueConstraint(
                fields=["participant", "given_on"],
                name="a_vote_that_moved_is_counted_once",
                violation_error_message=_("You have already voted."),
            ),
            models.CheckConstraint(
                name="an_opinion_that_exists",
                condition=Q(opinion__in=Opinion.values),
                violation_error_message=_("Unknown opinion."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Voter(models.Model):
    """A person who voted at least once in a consultation: what « voters » counts."""

    consultation = models.ForeignKey(
        "consult.Consultation", verbose_name=_("consultation"), on_delete=models.CASCADE, related_name="voters"
    )
    participant = models.ForeignKey(
        Participant, verbose_name=_("participant"), on_delete=models.PROTECT, related_name="+"
    )
    vote_count = models.PositiveIntegerField(_("votes"), default=0)

    class Meta:
        verbose_name = _("voter")
        verbose_name_plural = _("voters")
        constraints = [
            models.UniqueConstraint(fields=["consultation", "participant"], name="a_voter_is_counted_once"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
