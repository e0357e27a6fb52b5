"""The map itself: what groups say, what all say, what parts them; or why there is nothing to show."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from consult.maps import reading, tables
from consult.maps.reading import Read
from consult.models import OpinionMap
from consult.public import Asked
from consult.views import map_words as words
from consult.views import page_words
from consult.views.map_doors import map_or_404, reader_of
from consult.views.map_picture import picture
from consult.views.results import sent


@require_safe
def results(request: HttpRequest, slug: str) -> HttpResponse:
    """While answering is open too, unless the consultation hides it until the end."""
    asked = map_or_404(slug)
    with timezone.override(asked.page.zone):
        return drawn(request, asked)


def drawn(request: HttpRequest, asked: Asked) -> HttpResponse:
    """The page of the map, at whatever address it stands."""
    until = reading.hidden_until(asked)
    context = {
        **around(asked, chosen="map", is_known=reader_of(request) is not None, here=_("The map")),
        "question": words.question(asked),
        "hidden": words.hidden(until) if until else "",
        "why_closed": words.why_closed(asked),
        **({} if until else _told(asked)),
    }
    return render(request, "consult/map/results.html", context)


def around(asked: Asked, *, chosen: str, is_known: bool, here: str = "") -> dict[str, Any]:
    """What stands around every page of the map."""
    is_open = reading.is_open(asked)
    return {
        "asked": asked,
        "page": asked.page,
        "is_open": is_open,
        "crumbs": words.crumbs(asked, here=here if is_open or chosen != "map" else ""),
        "tabs": words.tabs(asked, chosen=chosen, is_open=is_open, is_known=is_known),
        "map_url": words.address("map", asked),
        "propose_url": words.address("map_propose", asked)
        if is_open and asked.consultation.page.map_takes_statements
        else "",
    }


def _told(asked: Asked) -> dict[str, Any]:
    """One result, its words, its picture; or what there is instead."""
    found = reading.read(asked.consultation)
    context: dict[str, Any] = {"run": found.run, "working": words.working(found.drawing)}
    if found.run is None:
        return context
    context |= {"counted_on": words.counted_on(found.run), "placed": words.placed(found.run)}
    if found.run.refusal:
        return context | {"refusal": words.refusal(found.run)}
    return context | _groups(found, found.run) | {"files": _files(asked)}


def _groups(found: Read, run: OpinionMap) -> dict[str, Any]:
    result, numbers = run.result, [group["name"] for group in run.result["groups"]]
    return {
        "picture": picture(result["groups"]),
        "groups": [_group(group, run, found) for group in result["groups"]],
        "consensus": [_said(one, found) for one in result["consensus"] if one["statement"] in found.statements],
        "dividing": [_parting(one, found) for one in result["dividing"] if one["statement"] in found.statements],
        "columns": [
            {"label": _("Statement")},
            *({"label": words.column(name, side), "number": True} for name in numbers for side in words.NAMES),
        ],
        "cells": [_cells(one, numbers, found) for one in result["statements"] if one["id"] in found.statements],
        "group_columns": [
            {"label": words.the_group()},
            {"label": _("People"), "number": True},
            {"label": _("Share of those placed"), "number": True},
        ],
        "group_rows": [
            [words.group_title(group), page_words.figure(group["size"]), words.percent(group["size"] / run.grouped)]
            for group in result["groups"]
        ],
        "outside": words.outside(run),
    }


def _group(group: dict[str, Any], run: OpinionMap, found: Read) -> dict[str, Any]:
    said = [one for one in group["representative"] if one["statement"] in found.statements]
    return {
        "name": group["name"],
        "title": words.group_title(group),
        "people": words.people(group["size"]),
        "share": words.of_those_placed(group["size"] / run.grouped),
        "said": [_said(one, found, elsewhere=one["elsewhere"]) for one in said],
    }


def _said(one: dict[str, Any], found: Read, *, elsewhere: float | None = None) -> dict[str, Any]:
    return {
        "statement": found.statements[one["statement"]],
        "side": one["side"],
        "share": round(100 * one["count"] / one["seen"]),
        "elsewhere": None if elsewhere is None else round(100 * elsewhere),
        "sentence": words.said_by(one, elsewhere),
    }


def _parting(one: dict[str, Any], found: Read) -> dict[str, Any]:
    bars = [
        {"label": words.group_title({"name": name}), "share": round(100 * share)}
        for name, share in one["shares"].items()
    ]
    return {"statement": found.statements[one["statement"]], "bars": bars}


def _cells(one: dict[str, Any], names: list[str], found: Read) -> list[str]:
    counts = [count for name in names for count in one["groups"].get(name, [0, 0, 0])]
    return [str(found.statements[one["id"]]), *map(words.cell, counts)]


def _files(asked: Asked) -> list[dict[str, str]]:
    files = [(_("The statements, with their counts"), words.address("map_statements_csv", asked))]
    if reading.files_open(asked):
        files.append((_("Every answer, without names or dates"), words.address("map_answers_csv", asked)))
    return [{"label": label, "url": url} for label, url in files]


@require_safe
def statements_csv(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """Their texts always; their counts once the map may be read."""
    asked = map_or_404(slug)
    table = tables.statements(asked.consultation, with_counts=reading.hidden_until(asked) is None)
    return sent(table.csv(), f"{slug}-affirmations.csv", "text/csv; charset=utf-8")


@require_safe
def answers_csv(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """What ``manage.py opinion_map`` reads. Nothing before the end, nor without the promise, nor without a map."""
    asked = map_or_404(slug)
    if not reading.files_open(asked) or not reading.is_mapped(asked.consultation):
        raise Http404
    table = tables.answers_given(asked.consultation)
    return sent(table.csv(), f"{slug}-reponses.csv", "text/csv; charset=utf-8")
