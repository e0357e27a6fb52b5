"""The propositions of one section, a page at a time."""

from typing import Any

from django.http import QueryDict

from consult import policies
from consult.models import Section
from consult.public import Asked
from consult.views.rows import row

A_PAGE = 20


def page_number(asked_for: str) -> int:
    """Which page; the first for anything that is no number."""
    is_number = asked_for.isascii() and asked_for.isdigit() and len(asked_for) < 6
    return max(1, int(asked_for)) if is_number else 1


def of_section(chosen: QueryDict, asked: Asked, section: Section, *, total: int) -> dict[str, Any]:
    """The lines of a page, and the way to the next one."""
    number = page_number(chosen.get("page", ""))
    listed = policies.propositions_to_list().filter(section=section.pk).select_related("author")
    start = (number - 1) * A_PAGE
    found = list(listed.order_by("-created_at", "-pk")[start : start + A_PAGE + 1])
    hides, slug = asked.hides_votes(section), asked.consultation.page.slug
    return {
        "rows": [row(one, section=section, slug=slug, hides_votes=hides) for one in found[:A_PAGE]],
        "shown": len(found[:A_PAGE]),
        "total": total,
        "first_url": _url(section) if number > 2 else "",
        "previous_url": _url(section, number - 1) if number > 1 else "",
        "next_url": _url(section, number + 1) if len(found) > A_PAGE else "",
    }


def _url(section: Section, page: int = 1) -> str:
    return f"?rubrique={section.pk}" + (f"&page={page}" if page > 1 else "")
