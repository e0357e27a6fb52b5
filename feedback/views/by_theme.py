"""The board as one list or by theme: what the address asks for, and the links from one to the other."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback import policies
from feedback.board import rows, themes
from feedback.filters import BY_THEME
from feedback.models import PainPoint

ROWS_A_PAGE = 20


def is_asked(data: QueryDict) -> bool:
    return data.get("group") == BY_THEME


def listed(
    request: HttpRequest, found: QuerySet[PainPoint], *, order: str, page: int, rising: Mapping[int, str]
) -> dict[str, Any]:
    """What the list of the board shows: ``rows``, under ``shelves`` when asked, out of ``total`` (``size`` a page)."""
    ordered = rows.ordered(found, order)
    if is_asked(request.GET):
        mine = policies.themes_to_name(request.user)
        shelves, total = themes.shelves_of(ordered, page=page, rising=rising, to_name=mine)
        shown = [row for shelf in shelves for row in shelf.rows]
        told = [_told(request, shelf, opened=page == 1 and rank == 0) for rank, shelf in enumerate(shelves)]
        return {"rows": shown, "shelves": told, "ways": _ways(request), "size": themes.A_PAGE, "total": total}
    shown, total = rows.page_of(ordered, page=page, size=ROWS_A_PAGE, rising=rising)
    ways = _ways(request) if themes.help_in(found) else []
    return {"rows": shown, "shelves": [], "ways": ways, "size": ROWS_A_PAGE, "total": total}


def count_of(pain_points: int, fiches: int) -> str:
    """“5 pain points, 132 fiches”."""
    found = ngettext("%(count)d pain point", "%(count)d pain points", pain_points) % {"count": pain_points}
    told = ngettext("%(count)d fiche", "%(count)d fiches", fiches) % {"count": fiches}
    return f"{found}, {told}"


def _told(request: HttpRequest, shelf: themes.Shelf, *, opened: bool) -> dict[str, Any]:
    return {
        "theme": shelf.theme,
        "label": shelf.label or _("Under no theme"),
        "counts": count_of(shelf.count, shelf.fiches),
        "rows": shelf.rows,
        "is_open": opened,
        "hidden": shelf.hidden,
        "all_url": _address(request, group="", theme=str(shelf.theme.pk)) if shelf.hidden and shelf.theme else "",
        "name_url": reverse("feedback:theme", args=[shelf.theme.pk]) if shelf.may_name else "",
    }


def _ways(request: HttpRequest) -> list[dict[str, Any]]:
    by_theme = is_asked(request.GET)
    return [
        {"label": _("One list"), "url": _address(request, group=""), "is_current": not by_theme, "icon": "list-ul"},
        {
            "label": _("By theme"),
            "url": _address(request, group=BY_THEME),
            "is_current": by_theme,
            "icon": "collection",
        },
    ]


def _address(request: HttpRequest, **values: str) -> str:
    """This page with other values; an empty one is taken away."""
    query = request.GET.copy()
    query.pop("page", None)
    for name, value in values.items():
        query.pop(name, None)
        if value:
            query[name] = value
    return f"?{query.urlencode()}"
