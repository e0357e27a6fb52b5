"""The open data of a consultation: propositions with their votes and decisions, arguments, weeks, sections, dictionary.

No address and no name of a private person; days, not hours; the votes of a week or of a section are told from five.
Rows are read while they are sent. Nothing here knows who is hidden: the caller asks ``results.told_from`` first.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

import spreadsheets
from consult import gatherings, policies, results, texts
from consult.maps.common_ground import common_ground
from consult.models import Decision, Participant
from consult.public import Asked

AT_ONCE = 500  # rows read at a time
BYTE_ORDER_MARK = "\ufeff"  # without it, Excel reads accents as two letters each


@dataclass(frozen=True)
class Column:
    """``read`` gives the cell of a row; ``meaning`` is what the dictionary says of it."""

    name: str
    kind: str
    meaning: Any
    read: Callable[[Any], Any]


@dataclass(frozen=True)
class Table:
    """Named columns, and rows read as they are asked for."""

    columns: list[Column]
    rows: Iterator[Any]

    def csv(self) -> Iterator[str]:
        """CSV in which no cell is a formula, a row at a time."""
        yield BYTE_ORDER_MARK
        rows = ([column.read(row) for column in self.columns] for row in self.rows)
        yield from spreadsheets.lines([column.name for column in self.columns], rows)

    def json(self) -> Iterator[str]:
        """A list of objects, one a line. Texts are as they were written: JSON runs no formula."""
        yield "[\n"
        before = ""
        for row in self.rows:
            said = {column.name: column.read(row) for column in self.columns}
            yield before + json.dumps(said, ensure_ascii=False, default=str)
            before = ",\n"
        yield "\n]\n"


def table(name: str, asked: Asked) -> Table | None:
    """The table of this name; None when there is none."""
    makers = {
        "propositions": propositions,
        "arguments": arguments,
        "semaines": weeks,
        "rubriques": sections,
        "reunions": merged,
        "themes": themes,
        "consensus": consensus,
        "accord-des-groupes": common_to_groups,
        "debats": debated,
        "semaines-rubriques": weeks_by_section,
        "dictionnaire": dictionary,
    }
    return makers[name](asked) if name in makers else None


def propositions(asked: Asked) -> Table:
    """One row a proposition that stands, with its votes, its arguments and what was decided."""
    rows = policies.propositions_to_list().filter(consultation=asked.consultation).order_by("number")
    kept = {one.proposition_id: one for one in results.decisions(asked.consultation)}
    read = rows.select_related("author").defer("search").iterator(chunk_size=AT_ONCE)
    return Table(_proposition_columns(asked, kept), read)


def _proposition_columns(asked: Asked, kept: dict[int, Decision]) -> list[Column]:
    zone, titles = asked.page.zone, {section.pk: section.title for section in asked.sections}
    taken = results.numbers_taken(asked.consultation)
    return [
        Column("number", "integer", _("Number of the proposition, never used again."), lambda one: one.number),
        Column("section", "string", _("Title of its section."), lambda one: titles.get(one.section_id, "")),
        Column("title", "string", _("Its title."), lambda one: one.title),
        Column("text", "string", _("Its text, without formatting."), lambda one: texts.unmarked(one.body)),
        *who_and_when(zone),
        Column("version", "integer", _("How many versions were written."), lambda one: one.version),
        *_votes(),
        *_arguments(),
        Column(
            "threshold_reached_on",
            "date",
            _("Day on which the threshold of votes was reached."),
            lambda one: _day(one.threshold_reached_at, zone),
        ),
        Column(
            "merged",
            "string",
            _("Numbers of the propositions merged into it, between spaces."),
            lambda one: taken.get(one.pk, ""),
        ),
        *_decision_columns(asked, kept, zone),
    ]


def _decision_columns(asked: Asked, kept: dict[int, Decision], zone: ZoneInfo) -> list[Column]:
    speaker = str(asked.page.administration or "")

    def of(read: Callable[[Decision], Any]) -> Callable[[Any], Any]:
        return lambda one: read(kept[one.pk]) if one.pk in kept else None

    return [
        Column(
            "decision",
            "string",
            _("What was decided: retained, partly, not_retained; empty while nothing is."),
            of(lambda said: said.verdict),
        ),
        Column("decision_reason", "string", _("Why."), of(lambda said: said.reason)),
        Column(
            "decided_by",
            "string",
            _("Service or administration that answers."),
            of(lambda said: str(said.service or speaker)),
        ),
        Column(
            "decided_on",
            "date",
            _("Day on which the decision was made public."),
            of(lambda said: _day(said.publication.published_at, zone)),
        ),
    ]


def arguments(asked: Asked) -> Table:
    """One row an argument that stands."""
    rows = results.arguments_to_tell(asked.consultation).select_related("author", "proposition")
    zone = asked.page.zone
    columns = [
        Column("proposition", "integer", _("Number of its proposition."), lambda one: one.proposition.number),
        Column("number", "integer", _("Number of the argument under this proposition."), lambda one: one.number),
        Column("side", "string", _("for, or against."), lambda one: one.side),
        Column("text", "string", _("Its text."), lambda one: one.text),
        *who_and_when(zone),
        Column("useful", "integer", _("People who found it useful."), lambda one: one.useful_count),
        Column("replies", "integer", _("Answers to it."), lambda one: one.reply_count),
    ]
    ordered = rows.order_by("proposition__number", "number").defer("proposition__search", "proposition__body")
    return Table(columns, ordered.iterator(chunk_size=AT_ONCE))


def themes(asked: Asked) -> Table:
    """One row a text of a theme that a person validated; a text may be in several themes."""
    columns = [
        Column(
            "theme",
            "string",
            _("Name of the theme, found by a machine and validated by a person."),
            lambda one: one.theme.name,
        ),
        Column("proposition", "integer", _("Number of the proposition."), lambda one: one.proposition.number),
        Column(
            "argument",
            "integer",
            _("Number of the argument under it; empty: the proposition itself."),
            lambda one: one.argument.number if one.argument else None,
        ),
    ]
    rows = results.texts_of_themes(asked.consultation)
    return Table(columns, rows.iterator(chunk_size=AT_ONCE))


def consensus(asked: Asked) -> Table:
    """One row a proposition that nearly everybody accepts, the surest first (``results.consensus``)."""
    columns = [
        *_named(),
        *_votes(),
        Column(
            "sure_agree",
            "number",
            _("Share of “agree” among the votes, lower bound at 95 % (Wilson): at least 0.5 here."),
            lambda one: round(one.score, 4),
        ),
        Column(
            "sure_not_against",
            "number",
            _("Share of votes that do not disagree, lower bound at 95 % (Wilson): at least 0.8 here."),
            lambda one: round(one.accepted, 4),
        ),
    ]
    return Table(columns, iter(results.consensus(asked.consultation, many=None)))


def common_to_groups(asked: Asked) -> Table:
    """One row a statement of the opinion map and a group, for what all groups say; no row without groups."""
    found = common_ground(asked)
    columns = [
        Column(
            "statement", "integer", _("Number of the statement, never used again."), lambda row: row[0].statement.number
        ),
        Column("text", "string", _("Its text."), lambda row: row[0].statement.text),
        Column("answer", "string", _("What all groups answer: agree, or disagree."), lambda row: row[0].side),
        Column("people", "integer", _("People who give this answer."), lambda row: row[0].count),
        Column("answered", "integer", _("People who answered."), lambda row: row[0].seen),
        Column("group", "string", _("Letter of the group: A is the largest."), lambda row: row[1]),
        Column(
            "group_people",
            "integer",
            _("People of this group who give this answer; empty from 1 to 4."),
            lambda row: row[0].by_group[row[1]],
        ),
    ]
    rows = ((one, group) for one in found.said for group in found.groups) if found else iter(())
    return Table(columns, rows)


def debated(asked: Asked) -> Table:
    """One row a proposition with arguments on both sides, the most debated first."""
    columns = [
        *_named(),
        *_arguments(),
        Column(
            "debate",
            "number",
            _("Number of arguments, to the power of the smaller side divided by the larger: the order of the list."),
            lambda one: round(one.debate, 4),
        ),
    ]
    return Table(columns, iter(results.most_debated(asked.consultation, many=None)))


def weeks_by_section(asked: Asked) -> Table:
    """One row a week and a section in which something was written."""
    titles = {section.pk: section.title for section in asked.sections}
    rows = [
        (week, titles.get(section, ""), count)
        for week, counts in results.weeks_by_section(asked).items()
        for section, count in counts.items()
    ]
    columns = [
        Column("week_from", "date", _("Monday of the week."), lambda row: row[0]),
        Column("section", "string", _("Title of the section."), lambda row: row[1]),
        Column("written", "integer", _("Propositions and arguments written."), lambda row: row[2]),
    ]
    return Table(columns, iter(rows))


def _named() -> list[Column]:
    return [
        Column("number", "integer", _("Number of the proposition."), lambda one: one.number),
        Column("title", "string", _("Its title."), lambda one: one.title),
    ]


def _votes() -> list[Column]:
    return [
        Column("votes_agree", "integer", _("Votes “agree”."), lambda one: one.agree_count),
        Column("votes_mixed", "integer", _("Votes “mixed”."), lambda one: one.mixed_count),
        Column("votes_disagree", "integer", _("Votes “disagree”."), lambda one: one.disagree_count),
    ]


def _arguments() -> list[Column]:
    return [
        Column("arguments_for", "integer", _("Arguments for."), lambda one: one.for_count),
        Column("arguments_against", "integer", _("Arguments against."), lambda one: one.against_count),
    ]


def merged(asked: Asked) -> Table:
    """One row a proposition that was merged: where it went, and the votes that stayed under its number."""
    zone = asked.page.zone
    columns = [
        Column("number", "integer", _("Number of the proposition that was merged."), lambda one: one.number),
        Column("into", "integer", _("Number of the one that took it in."), lambda one: one.merged_into.number),
        Column("title", "string", _("Its title."), lambda one: one.title),
        Column("text", "string", _("Its text, without formatting."), lambda one: texts.unmarked(one.body)),
        *who_and_when(zone),
        Column("merged_on", "date", _("Day on which it was merged."), lambda one: _day(one.state_changed_at, zone)),
        Column(
            "votes_left_agree", "integer", _("Votes “agree” that stayed under its number."), lambda one: one.agree_count
        ),
        Column("votes_left_mixed", "integer", _("Votes “mixed” that stayed there."), lambda one: one.mixed_count),
        Column(
            "votes_left_disagree", "integer", _("Votes “disagree” that stayed there."), lambda one: one.disagree_count
        ),
        Column("arguments_for", "integer", _("Arguments for."), lambda one: one.for_count),
        Column("arguments_against", "integer", _("Arguments against."), lambda one: one.against_count),
    ]
    return Table(columns, results.merged(asked.consultation).defer("search").iterator(chunk_size=AT_ONCE))


def who_and_when(zone: ZoneInfo) -> list[Column]:
    """Of a contribution: an organisation has a name, a person has none; a day, no hour."""
    return [
        Column("author", "string", _("person or organisation."), lambda one: _kind(one.author)),
        Column(
            "organisation",
            "string",
            _("Name of the organisation; people are not named."),
            lambda one: one.author.name if one.author.is_organisation else None,
        ),
        Column("filed_on", "date", _("Day on which it was filed."), lambda one: _day(one.created_at, zone)),
    ]


def weeks(asked: Asked) -> Table:
    """One row a week, empty ones included."""
    columns = [
        Column("week_from", "date", _("Monday of the week."), lambda one: one.starts),
        Column("propositions", "integer", _("Propositions filed."), lambda one: one.propositions),
        Column("arguments", "integer", _("Arguments written."), lambda one: one.arguments),
        Column("votes", "integer", _("Votes first given; empty from 1 to 4."), lambda one: not_few(one.votes)),
    ]
    return Table(columns, iter(results.weeks(asked)))


def sections(asked: Asked) -> Table:
    """One row a section."""
    counted = results.by_section(asked.consultation)

    def of(name: str) -> Callable[[Any], int]:
        return lambda one: counted.get(one.pk, {}).get(name) or 0

    votes = of("votes")
    columns = [
        Column("section", "string", _("Its title."), lambda one: one.title),
        Column("propositions", "integer", _("Propositions that stand."), of("propositions")),
        Column("arguments", "integer", _("Arguments under them."), of("arguments")),
        Column("votes", "integer", _("Votes on them; empty from 1 to 4."), lambda one: not_few(votes(one))),
    ]
    return Table(columns, iter(asked.sections))


def meetings(asked: Asked) -> Table:
    """One row a public meeting: where, when, its minutes, and the numbers of what was said there."""
    found = list(gatherings.meetings_to_read(asked.consultation))
    said, zone = gatherings.numbers_said(found), asked.page.zone
    columns = [
        Column("title", "string", _("Title of the meeting."), lambda one: one.title),
        Column("kind", "string", _("public, workshop, visit, panel or online."), lambda one: one.kind),
        Column("day", "date", _("Day on which it begins."), lambda one: _day(one.starts_at, zone)),
        Column("place", "string", _("Where it is."), lambda one: one.place),
        Column("seats", "integer", _("Seats; empty: as many as come."), lambda one: one.capacity),
        Column("cancelled_reason", "string", _("Why it was cancelled, if it was."), lambda one: one.cancelled_reason),
        Column("minutes", "string", _("Its minutes, without formatting."), lambda one: texts.unmarked(one.minutes)),
        Column(
            "propositions",
            "string",
            _("Numbers of the propositions said there, between spaces."),
            lambda one: " ".join(map(str, said.get(one.pk, []))),
        ),
    ]
    return Table(columns, iter(found))


def dictionary(asked: Asked) -> Table:
    """One row a column of the other tables: what it means."""
    described = (
        ("propositions", propositions),
        ("reunions", merged),
        ("themes", themes),
        ("arguments", arguments),
        ("consensus", consensus),
        ("accord-des-groupes", common_to_groups),
        ("debats", debated),
        ("semaines", weeks),
        ("semaines-rubriques", weeks_by_section),
        ("rubriques", sections),
        ("rencontres", meetings),
    )
    return described_as((name, maker(asked)) for name, maker in described)


def described_as(tables: Iterable[tuple[str, Table]]) -> Table:
    """The dictionary of these tables."""
    rows = [(name, column) for name, table in tables for column in table.columns]
    columns = [
        Column("table", "string", _("The table."), lambda row: row[0]),
        Column("column", "string", _("Its column."), lambda row: row[1].name),
        Column("type", "string", _("Type of its cells."), lambda row: row[1].kind),
        Column("meaning", "string", _("What it says."), lambda row: str(row[1].meaning)),
    ]
    return Table(columns, iter(rows))


def not_few(count: int) -> int | None:
    """A count that may be told in a breakdown: none from 1 to 4."""
    return None if 0 < count < results.FEW else count


def _kind(author: Participant) -> str:
    return "organisation" if author.is_organisation else "person"


def _day(moment: Any, zone: ZoneInfo) -> date | None:
    return moment.astimezone(zone).date() if moment else None
