"""Projects in words: a line of a list, a side of a comparison."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from consult.budgets.choices import ProjectState
from consult.budgets.models import Project
from consult.budgets.places import Drawing, Place, drawing
from consult.budgets.public import Shared
from consult.budgets.views import idea_words
from consult.count_words import amount

# How each state looks (``pages.states``).
LOOKS = {
    ProjectState.PREPARED: "coming",
    ProjectState.STUDIED: "in_review",
    ProjectState.RETAINED: "open",
    ProjectState.NOT_RETAINED: "refused",
    ProjectState.WITHDRAWN: "dismissed",
    ProjectState.FUNDED: "planned",
    ProjectState.NOT_FUNDED: "closed",
    ProjectState.UNDERWAY: "underway",
    ProjectState.REALISED: "done",
    ProjectState.ABANDONED: "removed",
}


@dataclass(frozen=True)
class Line:
    number: int
    title: str
    summary: str
    url: str
    picture: str
    picture_description: str
    cost: str
    running: str
    place: str
    envelope: str
    theme: str
    state: str
    state_label: str
    reason: str
    is_chosen: bool = False


def line(project: Project, shared: Shared, *, is_chosen: bool = False) -> Line:
    """``is_chosen``: ticked for a comparison."""
    state = ProjectState(project.state)
    return Line(
        number=project.number,
        title=project.title,
        summary=project.summary,
        url=idea_words.address("project", shared, project.number),
        picture=project.picture.url if project.picture else "",
        picture_description=project.picture_description,
        cost=amount(project.cost) if project.cost is not None else "",
        running=_("%(amount)s a year") % {"amount": amount(project.running_cost)} if project.running_cost else "",
        place=project.place,
        envelope=project.envelope.title if len(shared.envelopes) > 1 else "",
        theme=project.theme,
        state=LOOKS[state],
        state_label=str(state.label).capitalize(),
        reason=project.reason,
        is_chosen=is_chosen,
    )


def plan(projects: Iterable[dict[str, Any]], shared: Shared) -> Drawing | None:
    """The projects that have a point: rows of ``number``, ``title``, ``latitude``, ``longitude``."""
    return drawing(
        Place(one["number"], one["title"], idea_words.address("project", shared, one["number"]), *_point(one))
        for one in projects
    )


def _point(one: dict[str, Any]) -> tuple[Any, Any]:
    return one["latitude"], one["longitude"]


def facts(projects: list[Line]) -> list[dict[str, Any]]:
    """The lines of a comparison: what each project says; those that say nothing of anything are left out."""
    rows = [
        {"label": _("Cost"), "cells": [one.cost or _("not studied yet") for one in projects], "strong": True},
        {"label": _("Upkeep"), "cells": [one.running for one in projects]},
        {"label": _("In a sentence"), "cells": [one.summary for one in projects]},
        {"label": _("Where"), "cells": [one.place for one in projects]},
        {"label": _("Envelope"), "cells": [one.envelope for one in projects]},
        {"label": _("Theme"), "cells": [one.theme for one in projects]},
    ]
    return [row | {"cells": [cell or "–" for cell in row["cells"]]} for row in rows if any(row["cells"])]
