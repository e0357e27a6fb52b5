"""Days as people read them: « 1er février 2027 », where Django would write « 1 ». For pages and for letters."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext


def written(day: date | datetime, form: str) -> str:
    """The day in one of Django's formats; a moment is first brought to the local time zone."""
    local = _local(day)
    if local.day == 1:
        # French says « 1er » and nothing else that way.
        form = form.replace("j", pgettext("format of the first day of a month", "j"), 1)
    return date_format(local, form)


def _local(day: date | datetime) -> date | datetime:
    return timezone.localtime(day) if isinstance(day, datetime) and timezone.is_aware(day) else day


def long_date(day: date | datetime) -> str:
    """« 1er février 2027 »."""
    return written(day, "j F Y")


def short_date(day: date | datetime) -> str:
    """« 1er février » for a day of this year; with its year when it is of another."""
    return written(day, "j F" if _local(day).year == timezone.localdate().year else "j F Y")


def full_date(day: date | datetime) -> str:
    """« lundi 1er février 2027 »."""
    return written(day, "l j F Y")


def clock(moment: datetime) -> str:
    """« 20 h », « 14 h 05 », « 0 h »: « minuit » would leave the day in doubt."""
    local = timezone.localtime(moment)
    if not local.minute:
        return gettext("%(hour)d:00") % {"hour": local.hour}
    # The hour and the minutes, in Django's format for times.
    return date_format(local, pgettext("format of a time", "G:i"))


def long_moment(moment: datetime) -> str:
    """« 1er février 2027 à 20 h »."""
    return gettext("%(day)s at %(hour)s") % {"day": long_date(moment), "hour": clock(moment)}
