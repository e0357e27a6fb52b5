"""What stands below a consultation, as its page leads to it: questionnaires, panels, meetings to come or just over."""

from django.urls import reverse
from django.utils.translation import gettext as _

from consult import gatherings
from consult.models import MeetingPage
from consult.public import Asked
from consult.views import lot_words, meeting_words, survey_words

MEETINGS = 4  # those to come first, then the last ones that are over


def links(asked: Asked) -> list[dict[str, str]]:
    """Each with its icon, its title, and what may be done now. One question for each kind, if there is any."""
    if asked.consultation.pk is None or not asked.consultation.page.numchild:
        return []
    return [*_surveys(asked), *_panels(asked), *_meetings(asked)]


def _surveys(asked: Asked) -> list[dict[str, str]]:
    slug, is_open = asked.consultation.page.slug, survey_words.is_open(asked)
    said = _("Questionnaire: answer now") if is_open else _("Questionnaire: results")
    name = "survey" if is_open else "survey_results"
    return [
        {
            "icon": "ui-checks",
            "title": survey.title,
            "text": said,
            "url": reverse(f"consult:{name}", args=[slug, survey.slug]),
        }
        for survey in gatherings.surveys_to_read(asked.consultation)
    ]


def _panels(asked: Asked) -> list[dict[str, str]]:
    return [
        {
            "icon": "dice-5",
            "title": panel.title,
            "text": lot_words.short(panel, getattr(panel, "draw", None), asked.at),
            "url": lot_words.address("panel", asked, panel),
        }
        for panel in gatherings.panels_to_read(asked.consultation).select_related("draw")
    ]


def _meetings(asked: Asked) -> list[dict[str, str]]:
    every = list(gatherings.meetings_to_read(asked.consultation))
    to_come = [one for one in every if one.ends_at > asked.at]
    over = [one for one in reversed(every) if one.ends_at <= asked.at]
    return [_meeting(one, asked) for one in [*to_come, *over][:MEETINGS]]


def _meeting(one: MeetingPage, asked: Asked) -> dict[str, str]:
    said = meeting_words.short(one)
    if one.cancelled_reason:
        said = _("%(when)s: cancelled") % {"when": said}
    elif one.ends_at <= asked.at:
        said = _("%(when)s: minutes") % {"when": said} if one.minutes else said
    return {
        "icon": "calendar-event",
        "title": one.title,
        "text": said,
        "url": meeting_words.address("meeting", asked, one),
    }
