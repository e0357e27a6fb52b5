"""What everything that people write in a consultation has in common."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from consult.choices import KEYED_CHANNELS, Channel
from consult.models.people import Participant
from moderation.models import Judged


def keyed_constraint(name: str) -> models.CheckConstraint:
    """Who keyed in what came on paper or was said in a meeting is named, and nobody else."""
    return models.CheckConstraint(
        name=name,
        condition=Q(channel__in=KEYED_CHANNELS, keyed_by__isnull=False)
        | ~Q(channel__in=KEYED_CHANNELS) & Q(keyed_by__isnull=True),
        violation_error_message=_("What came on paper names who keyed it in."),
    )


class Contribution(Judged):
    """``idempotency_key`` is the form's: sent twice, it is written once and answered the same way."""

    author = models.ForeignKey(
        Participant, verbose_name=_("author"), on_delete=models.PROTECT, related_name="%(class)ss"
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
    idempotency_key = models.UUIDField(_("key of the form"), null=True, blank=True, unique=True)
    created_at = models.DateTimeField(_("filed on"), db_default=Now())

    class Meta(Judged.Meta):
        abstract = True
