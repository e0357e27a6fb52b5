"""The open data of a budget: ideas, projects and their story; once it is signed, what the vote came to. A dictionary.

No address and no name of a private person; days, not hours; nothing of a ballot before its result is signed
(``results.official``). Amounts in euros.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consult import texts
from consult.budgets import policies, results
from consult.budgets.public import Shared
from consult.exports import AT_ONCE, Column, Table, described_as, who_and_when

Named = tuple[str, Callable[[], Table]]


def of(shared: Shared) -> Iterator[Named]:
    """Those that may be read now, by name, each made when it is asked for."""
    tables = [(name, partial(make, shared)) for name, make in _TABLES]
    if results.is_public(shared.budget):
        tables.append(("resultat", partial(result, shared)))
    yield from tables
    yield "dictionnaire", lambda: described_as((name, make()) for name, make in tables)


def ideas(shared: Shared) -> Table:
    """One row an idea that stands, whatever came of it."""
    zone, rows = shared.page.zone, policies.with_their_projects(policies.ideas(shared.budget).order_by("number"))
    columns = [
        Column("number", "integer", _("Number of the idea, never used again."), lambda one: one.number),
        Column("title", "string", _("Its title."), lambda one: one.title),
        Column("text", "string", _("Its text, without formatting."), lambda one: texts.unmarked(one.body)),
        *who_and_when(zone),
        *_where(),
        Column("envelope", "string", _("The envelope it asks for, if any."), lambda one: _title(one.envelope)),
        Column("cost", "number", _("Cost in euros, as its author knows it."), lambda one: _euros(one.cost)),
        Column("supports", "integer", _("People who support it. They are not votes."), lambda one: one.support_count),
        Column("state", "string", _("published or set_aside."), lambda one: one.state),
        Column("reason", "string", _("Why it was not taken up."), lambda one: one.state_reason or None),
        Column("projects", "string", _("Numbers of the projects that came of it."), _projects),
    ]
    return Table(columns, rows.iterator(chunk_size=AT_ONCE))


def projects(shared: Shared) -> Table:
    rows = policies.with_their_public_ideas(policies.projects(shared.budget).order_by("number"))
    columns = [
        Column("number", "integer", _("Number of the project, never used again."), lambda one: one.number),
        Column("title", "string", _("Its title."), lambda one: one.title),
        Column("summary", "string", _("The project in a sentence."), lambda one: one.summary),
        Column("envelope", "string", _("Its envelope."), lambda one: one.envelope.title),
        Column("theme", "string", _("Its theme."), lambda one: one.theme or None),
        *_where(),
        Column("cost", "number", _("Cost in euros, once it is studied."), lambda one: _euros(one.cost)),
        Column("running_cost", "number", _("Running cost in euros a year."), lambda one: _euros(one.running_cost)),
        Column("state", "string", _("Where it stands, as in the table etats."), lambda one: one.state),
        Column("reason", "string", _("The public reason of its state."), lambda one: one.reason or None),
        Column("ideas", "string", _("Numbers of the ideas it comes of."), _ideas),
    ]
    return Table(columns, rows.iterator(chunk_size=AT_ONCE))


def states(shared: Shared) -> Table:
    zone = shared.page.zone
    columns = [
        _project(),
        Column("state", "string", _("The state that the project entered."), lambda one: one.state),
        Column("on", "date", _("The day."), lambda one: timezone.localtime(one.at, zone).date()),
        Column("reason", "string", _("The reason that everybody reads."), lambda one: one.reason or None),
    ]
    return Table(columns, policies.moves_of(shared.budget).iterator(chunk_size=AT_ONCE))


def steps(shared: Shared) -> Table:
    columns = [
        _project(),
        Column("step", "string", _("A step of the works."), lambda one: one.title),
        Column("planned_on", "date", _("Day on which it was planned."), lambda one: one.planned_on),
        Column("done_on", "date", _("Day on which it was done."), lambda one: one.done_on),
        Column("note", "string", _("What is said of it."), lambda one: one.note or None),
    ]
    return Table(columns, policies.steps_of(shared.budget).iterator(chunk_size=AT_ONCE))


def spendings(shared: Shared) -> Table:
    columns = [
        _project(),
        Column("on", "date", _("Day of the payment."), lambda one: one.on),
        Column("label", "string", _("For what it was paid."), lambda one: one.label),
        Column("amount", "number", _("Amount in euros; below zero for a credit note."), lambda one: _euros(one.amount)),
    ]
    return Table(columns, policies.spendings_of(shared.budget).iterator(chunk_size=AT_ONCE))


def news(shared: Shared) -> Table:
    zone = shared.page.zone
    columns = [
        _project(),
        Column("on", "date", _("Day of the news."), lambda one: timezone.localtime(one.published_at, zone).date()),
        Column("title", "string", _("Its title."), lambda one: one.title),
        Column("text", "string", _("Its text."), lambda one: one.text),
    ]
    return Table(columns, policies.news_of(shared.budget).iterator(chunk_size=AT_ONCE))


def result(shared: Shared) -> Table:
    """One row a project of the ballot, envelope by envelope, as the signed counts say."""
    rows = [(one, option) for one in results.official(shared.budget) for option in one.options.values()]
    columns = [
        Column("project", "integer", _("Number of the project."), lambda row: row[1].number),
        Column("title", "string", _("Its title on the ballot."), lambda row: row[1].title),
        Column("envelope", "string", _("Its envelope."), lambda row: row[0].envelope.title),
        Column("cost", "number", _("Its cost in euros on the ballot."), lambda row: _euros(row[1].cost)),
        Column("wins", "string", _("Whether it wins by the count: yes or no."), _wins),
        Column("funded", "string", _("Whether it is funded, signed decisions included: yes or no."), _funded),
        Column("withdrawn", "string", _("Whether it was withdrawn from the ballot: yes or no."), _withdrawn),
    ]
    return Table(columns, iter(rows))


_TABLES: tuple[tuple[str, Callable[[Shared], Table]], ...] = (
    ("idees", ideas),
    ("projets", projects),
    ("etats", states),
    ("etapes", steps),
    ("depenses", spendings),
    ("nouvelles", news),
)


def _project() -> Column:
    return Column("project", "integer", _("Number of the project."), lambda one: one.project.number)


def _where() -> list[Column]:
    return [
        Column("place", "string", _("Where, in words."), lambda one: one.place or None),
        Column("latitude", "number", _("Latitude of the point, if any."), lambda one: one.latitude),
        Column("longitude", "number", _("Longitude of the point, if any."), lambda one: one.longitude),
    ]


def _euros(cents: int | None) -> Decimal | None:
    return None if cents is None else Decimal(cents) / 100


def _title(envelope: Any) -> str | None:
    return envelope.title if envelope else None


def _projects(idea: Any) -> str | None:
    return " ".join(str(one.project.number) for one in idea.their_projects) or None


def _ideas(project: Any) -> str | None:
    return " ".join(str(one.suggestion.number) for one in project.public_origins) or None


def _wins(row: Any) -> str:
    return "yes" if str(row[1].number) in row[0].outcome["winners"] else "no"


def _funded(row: Any) -> str:
    return "yes" if row[0].is_funded(str(row[1].number)) else "no"


def _withdrawn(row: Any) -> str:
    return "yes" if row[1].withdrawn_at else "no"
