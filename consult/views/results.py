"""What the consultation came to, for everybody: figures with their tables, decisions with their reasons, open data."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_safe

from consult import exports, policies, results
from consult.archives import TABLES
from consult.maps.common_ground import common_ground
from consult.models import Decision, Proposition
from consult.public import Asked
from consult.results import FEW, Week
from consult.views import archives, common_ground_words, decision_words, feeds, page_words
from consult.views.opened import asked_or_404, section_of
from consult.views.rows import Row, row
from pages.dates import long_date, short_date

OF_THE_MAP = "accord-des-groupes"  # told where groups are


@require_safe
def results_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Nothing but a date while votes are hidden."""
    asked = asked_or_404(slug)
    with timezone.override(asked.page.zone):
        hidden = results.told_from(asked)
        context = {
            "asked": asked,
            "page": asked.page,
            "crumbs": [
                {"label": asked.page.title, "url": page_words.address("consultation", asked)},
                {"label": _("Results")},
            ],
            "hidden": page_words.moment(hidden) if hidden else "",
            "follow_up": page_words.follow_up(asked),
            "map_url": page_words.address("map", asked) if asked.consultation.page.has_map else "",
            "feeds": feeds.of_consultation(asked.consultation.page.slug)[-1:],
            **({} if hidden else _told(asked)),
        }
        return render(request, "consult/results.html", context)


@require_safe
def data_csv(request: HttpRequest, slug: str, name: str) -> StreamingHttpResponse:
    """One table, as spreadsheets open it."""
    found = _table(slug, name)
    return sent(found.csv(), f"{slug}-{name}.csv", "text/csv; charset=utf-8")


@require_safe
def data_json(request: HttpRequest, slug: str, name: str) -> StreamingHttpResponse:
    """The same table, for programs."""
    found = _table(slug, name)
    return sent(found.json(), f"{slug}-{name}.json", "application/json")


def _table(slug: str, name: str) -> exports.Table:
    asked = asked_or_404(slug)
    found = None if results.told_from(asked) else exports.table(name, asked)
    if found is None:
        raise Http404
    return found


def sent(lines: Iterator[str], name: str, content_type: str) -> StreamingHttpResponse:
    """A file, written while it is read, in the language of the reader."""
    response = StreamingHttpResponse(_in_language(lines, translation.get_language()), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _in_language(lines: Iterator[str], language: str) -> Iterator[str]:
    """Rows are written when the request is over, and its language with it."""
    with translation.override(language):
        yield from lines


def _told(asked: Asked) -> dict[str, Any]:
    decisions = list(results.decisions(asked.consultation))
    weeks = results.weeks(asked)
    supported, debated = results.most_supported(asked.consultation), results.most_debated(asked.consultation)
    agreed = results.consensus(asked.consultation)
    return {
        "facts": page_words.facts(asked),
        "synthesis": policies.syntheses_to_read(asked.consultation).first(),
        "closed": page_words.closed_banner(asked),
        "weeks": _weeks(weeks),
        "sections": _sections(asked),
        "themes": _themes(asked),
        "supported": _rows(asked, supported, decisions),
        "debated": _rows(asked, debated, decisions),
        "debated_table": _debated(debated),
        "consensus": _rows(asked, agreed, decisions),
        "consensus_table": _consensus(agreed),
        "common": common_ground_words.shown(shared) if (shared := common_ground(asked)) else None,
        "section_weeks": _section_weeks(asked),
        "common_csv": reverse("consult:data_csv", args=[asked.consultation.page.slug, OF_THE_MAP]),
        "section_weeks_csv": reverse("consult:data_csv", args=[asked.consultation.page.slug, "semaines-rubriques"]),
        "verdicts": decision_words.by_verdict(decisions),
        "decided": _decided(asked, decisions),
        "decisions": [_decision(asked, one) for one in decisions],
        "data": [_data(asked, name) for name in TABLES if name != OF_THE_MAP or shared],
        "archive": archives.link(asked),
        "csv": {name: reverse("consult:data_csv", args=[asked.consultation.page.slug, name]) for name in TABLES},
    }


def _weeks(weeks: Sequence[Week]) -> dict[str, Any]:
    """The bars of what was written, and the table that adds the votes."""
    written = sum(week.written for week in weeks)
    if not written:
        return {"bars": [], "table": []}
    busy = [place for place, week in enumerate(weeks) if week.written]
    drawn = weeks[busy[0] : busy[-1] + 1]
    first, last = long_date(drawn[0].starts), long_date(drawn[-1].starts)
    top = max(drawn, key=lambda week: week.written)
    return {
        "bars": [{"label": short_date(week.starts), "value": week.written} for week in drawn],
        "first": short_date(drawn[0].starts),
        "last": short_date(drawn[-1].starts),
        "base": _("%(n)s propositions and arguments, weeks of %(first)s to %(last)s")
        % {"n": page_words.figure(written), "first": first, "last": last},
        "label": _("The most in the week of %(day)s: %(n)s.")
        % {"day": long_date(top.starts), "n": page_words.figure(top.written)},
        "columns": [
            {"label": _("Week of")},
            {"label": _("Propositions"), "number": True},
            {"label": _("Arguments"), "number": True},
            {"label": _("Votes"), "number": True},
        ],
        "table": [
            [
                long_date(week.starts),
                page_words.figure(week.propositions),
                page_words.figure(week.arguments),
                _not_few(week.votes),
            ]
            for week in weeks
        ],
    }


def _not_few(count: int) -> str:
    return _("fewer than %(few)d") % {"few": FEW} if exports.not_few(count) is None else page_words.figure(count)


def _sections(asked: Asked) -> dict[str, Any]:
    counted = results.by_section(asked.consultation)
    used = [(section, counted[section.pk]) for section in asked.sections if section.pk in counted]
    return {
        "bars": [{"label": section.title, "value": counts["propositions"]} for section, counts in used],
        "columns": [
            {"label": _("Section")},
            {"label": _("Propositions"), "number": True},
            {"label": _("Arguments"), "number": True},
            {"label": _("Votes"), "number": True},
        ],
        "table": [
            [
                section.title,
                page_words.figure(counts["propositions"]),
                page_words.figure(counts["arguments"]),
                _not_few(counts["votes"]),
            ]
            for section, counts in used
        ],
    }


def _consensus(found: Sequence[Proposition]) -> dict[str, Any]:
    """The votes behind the list, for whoever reads numbers."""
    counts = [(one.agree_count, one.mixed_count, one.disagree_count) for one in found]
    labels = [
        _("Proposition"),
        pgettext("vote", "Agree"),
        pgettext("vote", "Mixed"),
        pgettext("vote", "Disagree"),
        _("Votes"),
    ]
    return {
        "columns": [{"label": label, "number": place > 0} for place, label in enumerate(labels)],
        "table": [
            [f"#{one.number} {one.title}", *(page_words.figure(count) for count in (*votes, sum(votes)))]
            for one, votes in zip(found, counts, strict=True)
        ],
    }


def _debated(found: Sequence[Proposition]) -> dict[str, Any]:
    return {
        "columns": [
            {"label": _("Proposition")},
            {"label": _("Arguments for"), "number": True},
            {"label": _("Arguments against"), "number": True},
        ],
        "table": [
            [f"#{one.number} {one.title}", page_words.figure(one.for_count), page_words.figure(one.against_count)]
            for one in found
        ],
    }


def _section_weeks(asked: Asked) -> dict[str, Any] | None:
    """Weeks in rows, sections in columns: propositions and arguments; None with a single section."""
    weeks = results.weeks_by_section(asked)
    used = [section for section in asked.sections if any(section.pk in counts for counts in weeks.values())]
    if len(used) < 2:
        return None
    return {
        "columns": [{"label": _("Week of")}, *({"label": section.title, "number": True} for section in used)],
        "table": [
            [long_date(week), *(page_words.figure(counts.get(section.pk, 0)) for section in used)]
            for week, counts in weeks.items()
        ],
    }


def _themes(asked: Asked) -> dict[str, Any] | None:
    """The bars and the table of the themes that a person validated; None without any."""
    found = results.themes(asked.consultation)
    if not found:
        return None
    return {
        "bars": [{"label": theme.name, "value": held.propositions} for theme, held in found],
        "columns": [
            {"label": _("Theme")},
            {"label": _("Propositions"), "number": True},
            {"label": _("Arguments"), "number": True},
        ],
        "table": [
            [theme.name, page_words.figure(held.propositions), page_words.figure(held.arguments)]
            for theme, held in found
        ],
    }


def _rows(asked: Asked, found: Sequence[Proposition], decisions: Sequence[Decision]) -> list[Row]:
    said, slug = {one.proposition_id: one.verdict for one in decisions}, asked.consultation.page.slug
    return [
        row(one, section=section_of(asked, one), slug=slug, hides_votes=False, verdict=said.get(one.pk, ""))
        for one in found
    ]


def _decided(asked: Asked, decisions: Sequence[Decision]) -> str:
    """« 41 propositions décidées sur 71. »"""
    count, out_of = len(decisions), asked.consultation.proposition_count
    said = ngettext(
        "%(done)s proposition decided out of %(all)s.", "%(done)s propositions decided out of %(all)s.", count
    )
    return said % {"done": page_words.figure(count), "all": page_words.figure(out_of)}


def _decision(asked: Asked, one: Decision) -> dict[str, Any]:
    return {**decision_words.decision(one, asked), "section": one.proposition.section.title}


def _data(asked: Asked, name: str) -> dict[str, str]:
    slug = asked.consultation.page.slug
    words = {
        "propositions": _("Propositions, with their votes and the decisions"),
        "reunions": _("Propositions merged into others"),
        "themes": _("Themes, and the texts of each"),
        "arguments": _("Arguments"),
        "consensus": _("Consensus"),
        OF_THE_MAP: _("What all groups of the opinion map say"),
        "debats": _("Most debated"),
        "semaines": _("Participation by week"),
        "semaines-rubriques": _("Participation by week and section"),
        "rubriques": _("Participation by section"),
        "dictionnaire": _("What each column means"),
    }
    return {
        "label": words[name],
        "csv": reverse("consult:data_csv", args=[slug, name]),
        "json": reverse("consult:data_json", args=[slug, name]),
    }
