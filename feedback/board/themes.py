"""The board by theme: pain points of a list put under their headings, whatever the filters and the order."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from feedback.board import rows
from feedback.models import Membership, PainPoint, Theme
from feedback.models.themes import around

MANY = 8  # pain points from which headings help
A_PAGE = 10  # themes
SHOWN = 10  # pain points told one by one under a heading; its page tells the others


@dataclass(frozen=True)
class Shelf:
    """The pain points of one theme in a list, or those of none. ``fiches``: different ones, over ``count``."""

    theme: Theme | None
    label: str
    count: int
    fiches: int
    rows: list[rows.Row]
    may_name: bool = False

    @property
    def hidden(self) -> int:
        return self.count - len(self.rows)


def help_in(pain_points: QuerySet[PainPoint]) -> bool:
    """Whether headings help: the list is long, and a theme puts some of it together. One question."""
    sizes = dict(pain_points.order_by().values_list("theme").annotate(n=Count("pk")))
    return sum(sizes.values()) >= MANY and any(theme and count > 1 for theme, count in sizes.items())


def keys_by_theme(ordered: QuerySet[PainPoint]) -> dict[int | None, list[int]]:
    """Numbers of the pain points under each theme, in their order; themes in that of their first one, none last."""
    found: dict[int | None, list[int]] = {}
    for number, theme in ordered.values_list("pk", "theme"):
        found.setdefault(theme, []).append(number)
    loose = found.pop(None, None)
    return found | ({None: loose} if loose else {})


def shelves_of(
    ordered: QuerySet[PainPoint],
    *,
    page: int,
    rising: Mapping[int, str] | None = None,
    to_name: QuerySet[Theme] | None = None,
) -> tuple[list[Shelf], int]:
    """One page of themes, and how many there are in all (0 past the end). As many questions whatever there is.

    ``to_name``: the themes that whoever reads may rename.
    """
    found = keys_by_theme(ordered)
    shown = list(found.items())[(page - 1) * A_PAGE : page * A_PAGE]
    told = [key for _theme, keys in shown for key in keys[:SHOWN]]
    listed, _total = rows.page_of(ordered.filter(pk__in=told), page=1, size=max(len(told), 1), rising=rising)
    by_number = {row.pain_point.pk: row for row in listed}
    themes = Theme.objects.in_bulk([theme for theme, _keys in shown if theme])
    mine = set(to_name.values_list("pk", flat=True)) if to_name is not None else set()
    fiches = _fiches([key for _theme, keys in shown for key in keys])
    shelves = [
        Shelf(
            themes.get(theme),
            label_of(themes.get(theme), [by_number[key].pain_point for key in keys[:SHOWN]]),
            len(keys),
            fiches.get(theme, 0),
            [by_number[key] for key in keys[:SHOWN]],
            theme in mine,
        )
        for theme, keys in shown
    ]
    return shelves, len(found) if shown else 0


def label_of(theme: Theme | None, pain_points: list[PainPoint]) -> str:
    """Its name; without one, the largest of these pain points says it. Empty for those under no theme."""
    if theme is None or theme.name or not pain_points:
        return theme.name if theme else ""
    return around(max(pain_points, key=lambda one: (one.fiche_count, one.number)).title)


def _fiches(numbers: list[int]) -> dict[int | None, int]:
    """Different fiches by theme, over these pain points."""
    held = Membership.objects.filter(pain_point__in=numbers).order_by()
    return dict(held.values_list("pain_point__theme").annotate(n=Count("segment__fiche", distinct=True)))
