"""Everybody at the door: what people said, what was decided, what was done, and how long it took."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from feedback import policies, public
from feedback.board import themes
from feedback.filters import BY_THEME
from feedback.forms.public import SaidFilter
from feedback.views import public_words


@require_safe
def said(request: HttpRequest) -> HttpResponse:
    """The public pain points, last decided first; what is refused stands beside the rest."""
    chosen = SaidFilter(request.GET, public.listed())
    page = _page_number(request)
    listed = _listed(request, chosen, page=page)
    if page > 1 and not listed["shown"]:
        return redirect(f"{request.path}?{_query(request)}")
    context = {
        **listed,
        "facts": public_words.facts(public.figures()),
        "filter": chosen,
        "keep": [{"name": "par", "value": BY_THEME}] if _is_by_theme(request) else [],
        "first_url": f"?{_query(request)}" if page > 2 else "",
        "previous_url": f"?{_query(request, page - 1)}" if page > 1 else "",
        "next_url": f"?{_query(request, page + 1)}" if page * listed["size"] < listed["total"] else "",
    }
    return render(request, "feedback/public/said.html", context)


def _listed(request: HttpRequest, chosen: SaidFilter, *, page: int) -> dict[str, Any]:
    """One list, or by theme when the address asks for it; offered when it helps."""
    if _is_by_theme(request):
        found, total = public.by_theme(chosen.qs, page=page)
        shelves = [public_words.shelf(one, opened=page == 1 and rank == 0) for rank, one in enumerate(found)]
        shown, ways = len(shelves), public_words.ways(_query(request), by_theme=True)
        return {"shelves": shelves, "ways": ways, "shown": shown, "total": total, "size": public.THEMES_A_PAGE}
    found, total = public.page_of(chosen.qs, page=page)
    ways = public_words.ways(_query(request), by_theme=False) if themes.help_in(chosen.qs) else []
    rows = [public_words.row(one) for one in found]
    return {"rows": rows, "ways": ways, "shown": len(rows), "total": total, "size": public.ROWS_A_PAGE}


def _is_by_theme(request: HttpRequest) -> bool:
    return request.GET.get("par") == BY_THEME


@require_safe
def said_one(request: HttpRequest, number: int) -> HttpResponse:
    """One pain point, whole. A number that was merged leads to the one that took it."""
    if went := public.where_it_went(number):
        return redirect("feedback:said_one", went.number, permanent=True)
    pain_point = get_object_or_404(public.listed(), number=number)
    (one,) = public.told([pain_point])
    answers = public.answers_to(pain_point)
    context = {
        "one": one,
        "pain_point": pain_point,
        "row": public_words.row(one),
        "thread": public_words.thread(one, answers),
        "answers": [public_words.answer(given, pain_point) for given in answers],
        "services": policies.services_to_read().filter(pain_points=pain_point).order_by("name"),
        "kin": public.kin_of(pain_point),
        "facts": public_words.facts_of(one),
    }
    return render(request, "feedback/public/said_one.html", context)


def _page_number(request: HttpRequest) -> int:
    asked = request.GET.get("page", "")
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1


def _query(request: HttpRequest, page: int = 1) -> str:
    """The filters of this page, with another page number; only the names the page knows."""
    kept = request.GET.copy()
    for name in set(kept) - set(SaidFilter.base_filters):
        del kept[name]
    if _is_by_theme(request):
        kept["par"] = BY_THEME
    if page > 1:
        kept["page"] = str(page)
    return kept.urlencode()
