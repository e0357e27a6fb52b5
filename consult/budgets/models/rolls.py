"""The voter roll that a town brings, while somebody reads what it would do: hashes and numbers of lines, no name."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from consult.budgets.choices import RollBy
from consult.budgets.models.structure import Budget


class RollPreview(models.Model):
    """A file that was read and is not brought yet: one a budget, gone once confirmed, given up, or an hour later.

    ``keys``: the keyed hashes of its people, 32 bytes each. ``wrong``: ``[[line, why], …]``, the first hundred, in the
    words of ``rolls.WRONG``; ``wrong_lines``: how many in all. ``twice``: lines that name somebody named before.
    """

    budget = models.OneToOneField(
        Budget, verbose_name=_("budget"), on_delete=models.CASCADE, related_name="roll_preview"
    )
    named_by = models.CharField(_("people are named by"), max_length=10, choices=RollBy)
    keys = models.BinaryField(_("keyed hashes of people"))
    wrong = models.JSONField(_("lines that cannot be read"), default=list)
    wrong_lines = models.PositiveIntegerField(_("number of lines that cannot be read"), default=0)
    twice = models.PositiveIntegerField(_("number of lines that repeat another"), default=0)
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("read by"), on_delete=models.SET_NULL, null=True, related_name="+"
    )
    read_at = models.DateTimeField(_("read on"), db_default=Now())

    class Meta:
        verbose_name = _("voter roll being read")
        verbose_name_plural = _("voter rolls being read")
        constraints = [
            models.CheckConstraint(
                name="a_roll_named_as_one_knows",
                condition=models.Q(named_by__in=RollBy.values),
                violation_error_message=_("Unknown way to name people."),
            ),
        ]

    def __str__(self) -> str:
        return str(_("voter roll being read"))
