"""A panel drawn by lot in words: where it stands, what was asked and reached, where one's own place stands."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.choices import VolunteerState
from consult.drawing_lots.reading import bounds_of, counted, in_order, pool_of, quotas_of
from consult.models import Draw, PanelPage, Volunteer
from consult.public import Asked
from consult.views import page_words
from pages.dates import full_date, long_date, long_moment
from tally.panels.pool import Bounds

FEW = 5  # under that, how many volunteers gave an answer is told to nobody


def address(name: str, asked: Asked, panel: PanelPage, /) -> str:
    return reverse(f"consult:{name}", args=[asked.consultation.page.slug, panel.slug])


def crumbs(asked: Asked, panel: PanelPage, here: str = "") -> list[dict[str, str]]:
    above = [{"label": asked.page.title, "url": page_words.address("consultation", asked)}]
    if here:
        return [*above, {"label": panel.title, "url": address("panel", asked, panel)}, {"label": here}]
    return [*above, {"label": panel.title}]


def state(panel: PanelPage, draw: Draw | None, at: datetime) -> dict[str, str]:
    """The pill, and the sentence beside it."""
    if panel.cancelled_reason:
        return {"state": "refused", "label": _("Cancelled"), "sentence": ""}
    if at < panel.closes_at:
        until = _("until %(moment)s") % {"moment": long_moment(panel.closes_at)}
        return {"state": "open", "label": _("Volunteers wanted"), "sentence": until}
    if draw and draw.drawn_at:
        on = _("on %(moment)s") % {"moment": long_moment(draw.drawn_at)}
        return {"state": "closed", "label": _("Panel drawn"), "sentence": on}
    waits = _("The draw waits for a number known on %(moment)s") % {"moment": long_moment(panel.seed_at)}
    return {"state": "coming", "label": _("List closed"), "sentence": waits}


def short(panel: PanelPage, draw: Draw | None, at: datetime) -> str:
    """What may be done now, for the page of the consultation."""
    if panel.cancelled_reason:
        return _("Panel drawn by lot: cancelled")
    if at < panel.closes_at:
        return _("Panel drawn by lot: volunteer until %(day)s") % {"day": long_date(panel.closes_at)}
    if draw and draw.drawn_at:
        return _("Panel drawn by lot: the draw, and how to check it")
    return _("Panel drawn by lot: draw on %(day)s") % {"day": long_date(panel.seed_at)}


def steps(panel: PanelPage, draw: Draw | None, at: datetime) -> list[dict[str, str]]:
    """The order that makes it fair: list, fingerprint, number, draw."""
    frozen, drawn = bool(draw), bool(draw and draw.drawn_at)
    closed = at >= panel.closes_at
    return [
        {
            "title": _("People volunteer"),
            "text": _("until %(moment)s") % {"moment": long_moment(panel.closes_at)},
            "state": "done" if closed else "now",
        },
        {
            "title": _("The list is frozen, its fingerprint published"),
            "text": long_moment(draw.frozen_at) if draw else "",
            "state": "done" if frozen else "now" if closed else "",
        },
        {
            "title": _("The number is known"),
            "text": _("%(moment)s. %(source)s")
            % {
                "moment": long_moment(draw.seed_at if draw else panel.seed_at),
                "source": draw.seed_source if draw else panel.seed_source,
            },
            "state": "done" if drawn else "now" if frozen else "",
        },
        {
            "title": _("The panel is drawn"),
            "text": long_moment(draw.drawn_at) if draw and draw.drawn_at else "",
            "state": "done" if drawn else "",
        },
    ]


def tables(panel: PanelPage, draw: Draw | None, *, listed: bool = False) -> list[dict[str, Any]]:
    """One a criterion: its answers, the members asked, the volunteers once frozen, the members reached once drawn.

    ``listed``: for who conducts it, the volunteers of the list as it stands, small figures too.
    """
    asked = quotas_of(panel, in_order(panel))  # in the order of the editor, which JSON does not keep
    frozen = bounds_of(draw.rules) if draw else asked
    size = draw.rules["size"] if draw else panel.size
    offered = draw.offered if draw else _offered(panel) if listed else {}
    tell = _figure if listed else _told
    columns = [{"label": _("Members asked for"), "number": True}]
    if offered:
        columns.append({"label": _("Volunteers"), "number": True})
    if draw and draw.drawn_at:
        columns.append({"label": _("In the panel"), "number": True})
    return [
        {
            "caption": label,
            "columns": [{"label": label}, *columns],
            "rows": [
                [
                    answer,
                    wanted(frozen[label][answer], size),
                    *([tell(offered[label], answer)] if offered else []),
                    *([str(draw.reached[label][answer])] if draw and draw.drawn_at else []),
                ]
                for answer in answers
            ],
        }
        for label, answers in asked.items()
    ]


def _offered(panel: PanelPage) -> dict[str, dict[str, int]]:
    pool = pool_of(panel)
    return counted(pool, pool.volunteers)


def _figure(offered: dict[str, int], answer: str) -> str:
    return page_words.figure(offered[answer])


def wanted(bounds: Bounds, size: int) -> str:
    """« 7 à 9 »."""
    low, high = bounds
    if low == 0 and high >= size:
        return _("as many as come")
    return str(low) if low == high else _("%(low)d to %(high)d") % {"low": low, "high": high}


def _told(offered: dict[str, int], answer: str) -> str:
    """A figure under five is not told, nor the next one, that would give it away by subtraction."""
    small = {name for name, count in offered.items() if count < FEW}
    if len(small) == 1:
        others = sorted((count, name) for name, count in offered.items() if name not in small)
        small |= {name for _count, name in others[:1]}
    return _("not told") if answer in small else page_words.figure(offered[answer])


def count(volunteers: int) -> str:
    return ngettext("%(n)s person volunteered", "%(n)s people volunteered", volunteers) % {
        "n": page_words.figure(volunteers)
    }


def mine(one: Volunteer | None, panel: PanelPage, draw: Draw | None) -> dict[str, str] | None:
    """Where their place stands, for its owner alone."""
    if one is None:
        return None
    if one.state == VolunteerState.LEFT:
        return {"kind": "info", "title": _("Your place is given back."), "text": _("Nothing more is asked of you.")}
    if panel.cancelled_reason:
        return {"kind": "closed", "title": _("This panel is cancelled."), "text": panel.cancelled_reason}
    number = _("Your number in the list: %(code)s.") % {"code": one.code}
    if one.state == VolunteerState.DRAWN:
        return {"kind": "success", "title": _("You are drawn: you are a member of the panel."), "text": number}
    if draw and draw.drawn_at:
        text = _("You may be called if a member gives their place back.")
        return {"kind": "info", "title": _("You are not drawn."), "text": f"{text} {number}"}
    return {"kind": "success", "title": _("You are in the list of volunteers."), "text": number}


def erased(panel: PanelPage) -> str:
    return _("What volunteers gave is erased on %(day)s.") % {"day": full_date(panel.keeps_until)}


def own_address(token: str) -> str:
    return reverse("consult:volunteer", args=[token])
