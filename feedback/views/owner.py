"""The pages a service owner reads: the board, one pain point, the fiches to sort, one fiche. Acts: owner_acts.py."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.policies import services_owned_by
from feedback import policies, surges
from feedback.actions import saved_views
from feedback.board import figures, one, papers, passages, rows, sorting, weeks
from feedback.board.choices import choices_for
from feedback.filters import BY_THEME, FOLDED, ORDERS, BoardFilter, kept
from feedback.forms.answering import AnswerForm, outcomes_open_to
from feedback.forms.owner import OriginalForm, SaveViewForm
from feedback.models import PainPoint
from feedback.views import by_theme, clarity_words, owner_buttons, owner_words
from feedback.views.doors import staff_door
from feedback.views.steering import show


def page_number(request: HttpRequest) -> int:
    """The page asked for, from 1; anything that is no page is the first one."""
    asked = request.GET.get("page", "")
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1


def key_asked(request: HttpRequest, name: str) -> int | None:
    """A row named in the address; None for whatever is no key."""
    asked = request.GET.get(name, "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else None


def pages(request: HttpRequest, *, page: int, size: int, shown: int, total: int) -> dict:
    """What the pagination component reads; every link keeps the filters."""

    def address(number: int) -> str:
        query = request.GET.copy()
        query["page"] = str(number)
        return f"?{query.urlencode()}"

    return {
        "shown": shown,
        "total": total,
        "first_url": address(1) if page > 2 else "",
        "previous_url": address(page - 1) if page > 1 else "",
        "next_url": address(page + 1) if page * size < total else "",
    }


def chosen_on_the_board(request: HttpRequest) -> tuple[str, BoardFilter]:
    """The view and the filters that the address asks for."""
    view = request.GET.get("view", "")
    view = view if view in owner_words.VIEWS else owner_words.default_view(request.GET)
    seen = owner_words.VIEWS[view].rows(request.user)
    return view, BoardFilter(request.GET, seen, choices=choices_for(request.user))


@staff_door
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    view, chosen = chosen_on_the_board(request)
    page = page_number(request)
    rising = surges.rising(policies.pain_points_to_see(request.user))
    said = {alert.pain_point_id: surges.sentence_of(alert) for alert in rising}
    listed = by_theme.listed(request, chosen.qs, order=chosen.order, page=page, rising=said)
    if page > 1 and not listed["rows"]:
        return redirect(f"{request.path}?{kept(request.GET)}")
    services = list(services_owned_by(request.user))
    numbers = figures.figures_of(request.user)
    saved = list(policies.saved_views_of(request.user))
    current = kept(request.GET)
    stays = {"view": view} | ({"group": BY_THEME} if by_theme.is_asked(request.GET) else {})
    context = {
        **listed,
        "heading": owner_words.heading(services),
        "summary": owner_words.summary(numbers),
        "figures": owner_words.facts(numbers, services),
        "rising": owner_words.rising(rising, services),
        "signals": numbers.signals,
        "arriving": numbers.arriving,
        "tabs": owner_words.tabs(stays, numbers, saved, current),
        "saved_view": next((one_ for one_ in saved if one_.query == current), None),
        "filter": chosen,
        "keep": [{"name": name, "value": value} for name, value in stays.items()],
        "active": [{"label": one_.label, "url": _without(request.GET, one_.name, one_.value)} for one_ in chosen.on()],
        "reset_url": f"?{urlencode(stays)}",
        "folded": FOLDED,
        "folded_is_on": any(request.GET.get(name) for name in FOLDED),
        "way_out": None if listed["rows"] else _way_out(request.GET, chosen),
        "everywhere_url": _with(request.GET, view="all") if view != "all" else "",
        "order": dict(ORDERS)[chosen.order],
        "pages": _pages_of(request, listed, page=page),
        "bulk_acts": owner_buttons.bulk_acts(),
        "keys": owner_buttons.board_keys(),
        "export_url": f"{reverse('feedback:board_export')}?{current}",
    }
    return show(request, "feedback/owner/board.html", context, section=owner_words.section(services))


def _pages_of(request: HttpRequest, listed: dict[str, Any], *, page: int) -> dict:
    shown = listed["shelves"] or listed["rows"]
    return pages(request, page=page, size=listed["size"], shown=len(shown), total=listed["total"])


def _way_out(data: QueryDict, chosen: BoardFilter) -> dict[str, str] | None:
    """What to press when the filters leave nothing: take away the one that hides most."""
    if (hiding := chosen.most_without_one()) is None:
        return None
    name, label, count = hiding
    words = ngettext("Remove “%(filter)s” to see %(count)d.", "Remove “%(filter)s” to see %(count)d.", count)
    return {
        "text": words % {"filter": label, "count": count},
        "label": _("Remove “%(filter)s”") % {"filter": label},
        "url": _without(data, name),
    }


def _without(data: QueryDict, name: str, value: str = "") -> str:
    """The address without this filter, or without this one of its values."""
    query = data.copy()
    left = [other for other in data.getlist(name) if value and other not in ("", value)]
    for key in (name, "page"):
        query.pop(key, None)
    if left:
        query.setlist(name, left)
    return f"?{query.urlencode()}"


def _with(data: QueryDict, **values: str) -> str:
    query = data.copy()
    query.pop("page", None)
    for key, value in values.items():
        query[key] = value
    return f"?{query.urlencode()}"


@staff_door
@require_http_methods(["GET", "HEAD", "POST"])
def save_view(request: HttpRequest) -> HttpResponse:
    query = kept(QueryDict(request.POST.get("query", request.GET.urlencode())[:1000]))
    data = {"name": request.POST.get("name", ""), "query": query} if request.method == "POST" else None
    form = SaveViewForm(data, initial={"query": query})
    if form.is_valid():
        saved_views.save_view(name=form.cleaned_data["name"], query=query, by=request.user)
        messages.success(request, _("View kept: you find it in the tabs."))
        return redirect(f"{reverse('feedback:board')}?{query}")
    return show(request, "feedback/owner/save_view.html", {"form": form, "query": query})


@staff_door
@require_POST
def delete_view(request: HttpRequest, pk: int) -> HttpResponse:
    view = get_object_or_404(policies.saved_views_of(request.user), pk=pk)
    saved_views.delete_view(view, by=request.user)
    messages.success(request, _("View deleted. The pain points are untouched."))
    return redirect("feedback:board")


@staff_door
@require_safe
def pain_point(request: HttpRequest, number: int) -> HttpResponse:
    shown = get_object_or_404(one.pain_points_shown_to(request.user), number=number)
    listed = _passages(request, shown)
    counts = weeks.of_pain_points([shown.pk])[shown.pk]
    history = one.history_of(shown)
    answers = list(one.answers_to(shown)) if shown.has_answers else []
    transfers = list(one.transfers_of(shown)) if shown.has_transfers else []
    alert = one.rising_alert(shown) if shown.has_alert else None
    context = {
        "pain_point": shown,
        "state_label": rows.state_label(shown),
        "since": owner_words.since(shown),
        "holds": clarity_words.holds_together(shown),
        "acts": owner_buttons.acts_for(shown) if shown.may_act else [],
        **listed,
        "passage_acts": owner_buttons.passage_acts(shown) if shown.may_act else [],
        "orders": owner_buttons.passage_orders(),
        "weeks": owner_words.weeks_chart(counts, alert),
        "surge": owner_words.surge(alert),
        "places": owner_words.places(one.places_of(shown)),
        "papers": papers.papers_of(shown),
        "nearby": one.nearby(shown, request.user),
        "kin": one.kin_of(shown) if shown.has_kin else None,
        "thread": owner_words.thread(shown, history, answers),
        "answers": answers,
        "transfers": transfers,
        "notes": one.notes_on(shown) if shown.has_notes else [],
        "history": owner_words.history(history),
        "keys": owner_buttons.pain_point_keys(shown) if shown.may_act else [],
        "answer_form": AnswerForm(pain_points=[shown]) if _may_answer(shown) else None,
        "answer_url": owner_buttons.answer_url(shown),
        "today": timezone.localdate(),
    }
    return show(request, "feedback/owner/pain_point.html", context, section=shown.service)


def _passages(request: HttpRequest, shown: PainPoint) -> dict[str, Any]:
    """The passages in the order asked for, one of each near-identical group, or the copies of one of them."""
    order, page, copies_of = request.GET.get("order", ""), page_number(request), key_asked(request, "copies")
    order = order if order in passages.ORDERS else "typical"
    listed = passages.passages_of(shown, request.user, order=order, page=page, copies_of=copies_of)
    total = passages.how_many(shown, request.user, copies_of=copies_of)
    return {
        "passages": listed,
        "order": order,
        "copies_of": copies_of,
        "pages": pages(request, page=page, size=passages.A_PAGE, shown=len(listed), total=total),
    }


def _may_answer(shown: PainPoint) -> bool:
    return shown.may_act and bool(outcomes_open_to([shown]))


@staff_door
@require_safe
def to_sort(request: HttpRequest) -> HttpResponse:
    page = page_number(request)
    fiches, total = sorting.passages_to_sort(request.user, page=page)
    lost = policies.fiches_to_route(request.user)
    context = {
        "fiches": fiches,
        "acts": owner_buttons.sorting_acts(),
        "keys": owner_buttons.sorting_keys(),
        "tabs": owner_words.sorting_tabs(current="mine", mine=total, lost=lost.count()),
        "pages": pages(request, page=page, size=sorting.FICHES_A_PAGE, shown=len(fiches), total=total),
    }
    return show(request, "feedback/owner/sorting.html", context)


@staff_door
@require_safe
def without_service(request: HttpRequest) -> HttpResponse:
    page, size = page_number(request), sorting.FICHES_A_PAGE
    lost = policies.fiches_to_route(request.user).order_by("received_on", "pk")
    listed = list(lost.select_related("service", "office")[(page - 1) * size : page * size])
    total = lost.count()
    context = {
        "fiches": [(fiche, passages.facts_of(fiche)) for fiche in listed],
        "tabs": owner_words.sorting_tabs(
            current="lost", mine=sorting.fiches_with_passages_to_sort(request.user).count(), lost=total
        ),
        "pages": pages(request, page=page, size=size, shown=len(listed), total=total),
    }
    return show(request, "feedback/owner/without_service.html", context)


@staff_door
@require_safe
def fiche(request: HttpRequest, reference: str) -> HttpResponse:
    readable = policies.fiches_to_read(request.user).select_related("service", "office", "keyed_by")
    found = get_object_or_404(readable, reference=reference)
    return show_fiche(request, found, form=OriginalForm(user=request.user))


def show_fiche(request: HttpRequest, found, *, form: OriginalForm, original=None, status: int = 200) -> HttpResponse:
    """The page of a fiche, with its original text when it was just opened for a reason."""
    context = {
        "fiche": found,
        "facts": owner_words.fiche_facts(found),
        "passages": sorting.passages_of_fiche(found, request.user),
        "history": owner_words.history(sorting.history_of_fiche(found)),
        "form": form,
        "original": original,
        "may_unmask": policies.fiches_to_unmask(request.user).filter(pk=found.pk).exists(),
        "acts": owner_buttons.fiche_acts(found) if policies.may_settle(request.user, found) else [],
    }
    return show(request, "feedback/owner/fiche.html", context, section=found.service or "", status=status)
