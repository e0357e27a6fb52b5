"""Moments typed as the clocks on the wall of the consultation tell them."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.widgets import AdminDateTimeInput

from pages.dates import long_date


class WallMoment(forms.DateTimeField):
    """A date and an hour in ``zone``, whatever the time zone of the editor.

    An hour that the clocks skip, or that they show twice, is refused: nobody could know when the phase opens.
    """

    widget = AdminDateTimeInput

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.zone: Any = timezone.get_default_timezone()

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, datetime) and timezone.is_aware(value):
            return value.astimezone(self.zone).replace(tzinfo=None)
        return value

    def to_python(self, value: Any) -> datetime | None:
        with timezone.override(UTC_NAMED):
            typed = super().to_python(value)
        return None if typed is None else on_the_wall(typed.replace(tzinfo=None), self.zone)


UTC_NAMED = ZoneInfo("UTC")


def on_the_wall(typed: datetime, zone: ZoneInfo) -> datetime:
    """The moment when the clocks of a place show ``typed``. Raises ``ValidationError`` when there is none, or two."""
    first, second = (typed.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first
    told = {"day": long_date(typed.date()), "hour": f"{typed:%H:%M}"}
    # fold=0 reads the offset from before the change: where it is the smaller one, clocks went forward.
    if first.utcoffset() < second.utcoffset():
        raise ValidationError(
            _("On %(day)s, the clocks go forward: %(hour)s does not exist that day. Choose an hour later.") % told
        )
    raise ValidationError(
        _("On %(day)s, the clocks go back: %(hour)s comes twice that day. Choose an hour earlier or later.") % told
    )
