"""What other tools are told of pain points: numbers, a title that a person has read, the address of the page.

Nothing that people wrote: the title of a mere suggestion may hold their words, so it stays here.
"""

import uuid
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from feedback import surges
from feedback.choices import PainPointState
from feedback.models import PainPoint, SurgeAlert
from webhooks.actions import announce, told_of
from webhooks.choices import EventKind


def surge(alert: SurgeAlert, event: EventKind) -> None:
    """The tools of the service in charge learn that it rises, was seen, or is over: once each."""
    with translation.override(settings.LANGUAGE_CODE):
        said = {EventKind.SURGE_OPENED: _("Rising fast: no. %(number)d%(title)s. %(sentence)s")}
        words = said.get(event, _("No. %(number)d%(title)s: %(what)s."))
        told = {
            "number": alert.pain_point_id,
            "title": _titled(alert.pain_point),
            "sentence": surges.sentence_of(alert),
            "what": EventKind(event).label,
        }
        figures = {"fiches": alert.observed, "expected": round(alert.expected, 1), "days": alert.days}
        data = _about(alert.pain_point) | {
            "sentence": words % told,
            "surge": {"id": alert.pk, **figures, "until": alert.day.isoformat()},
        }
    _announce(event, alert.pain_point, key=f"surge:{alert.pk}:{event}", subject=f"surge/{alert.pk}", data=data)


def state(pain_point: PainPoint, *, before: str) -> None:
    """The tools that asked for it learn that a pain point changed state."""
    if not told_of(EventKind.STATE_CHANGED, services=[pain_point.service_id]).exists():
        return
    with translation.override(settings.LANGUAGE_CODE):
        words = _("No. %(number)d%(title)s: %(state)s.")
        told = {"number": pain_point.pk, "title": _titled(pain_point), "state": pain_point.get_state_display()}
        data = _about(pain_point) | {"sentence": words % told, "before": before, "after": str(pain_point.state)}
    key, subject = f"pain_point:{pain_point.pk}:{uuid.uuid4().hex}", f"pain_point/{pain_point.pk}"
    _announce(EventKind.STATE_CHANGED, pain_point, key=key, subject=subject, data=data)


def _announce(event: EventKind, pain_point: PainPoint, **told: Any) -> None:
    announce(event, services=[pain_point.service_id], **told)


def _about(pain_point: PainPoint) -> dict[str, Any]:
    service = pain_point.service
    return {
        "url": settings.BASE_URL + pain_point.get_absolute_url(),
        "title": _title(pain_point),
        "service": {"slug": service.slug, "name": service.name},
        "pain_point": {
            "number": pain_point.pk,
            "state": str(pain_point.state),
            "fiches": pain_point.fiche_count,
            "is_public": pain_point.is_public,
        },
    }


def _title(pain_point: PainPoint) -> str:
    read = pain_point.is_title_human or pain_point.state not in (PainPointState.SUGGESTED, PainPointState.DISMISSED)
    return pain_point.title if read else ""


def _titled(pain_point: PainPoint) -> str:
    title = _title(pain_point)
    return _(" (%(title)s)") % {"title": title} if title else ""
