"""``count FILE.pb``: who wins a participatory budget, round by round, with a sentence a project. No database."""

import json
from dataclasses import fields
from fractions import Fraction
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.count_words import amount, fault, misruled, sentence
from tally.budgets import BadFile, BadRegulation, Election, Outcome, Regulation, UnsettledTie, count, pabulib
from tally.budgets.regulation import CHOICES


class Command(BaseCommand):
    @property
    def help(self) -> str:
        return _("Counts the ballots of a Pabulib file: winners, rounds, and a sentence for each project.")

    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--regulation", type=Path, metavar="FILE.json", help=_("instead of what the file declares"))
        parser.add_argument("--rule", choices=CHOICES["rule"])
        parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", dest="changes")
        parser.add_argument("--json", action="store_true")

    def handle(
        self, *, file: Path, regulation: Path | None, rule: str | None, changes: list[str], json: bool, **_options: Any
    ) -> None:
        try:
            read = pabulib.read(_text(file).splitlines(keepends=True))
            declared = read.regulation() if regulation is None else _from_file(regulation)
            rules = _changed(declared, [*changes, *([f"rule={rule}"] if rule else [])])
            done = count(read.election, rules)
        except BadFile as bad:
            raise CommandError(_("%(file)s, %(reason)s") % {"file": file.name, "reason": fault(bad)}) from bad
        except BadRegulation as bad:
            raise CommandError(_("The rules cannot be applied: %(reason)s") % {"reason": misruled(bad)}) from bad
        except UnsettledTie as tie:
            asked = {"projects": ", ".join(tie.projects)}
            raise CommandError(
                _("The count stops: %(projects)s are equal and the rules do not say who goes first.") % asked
            ) from tie
        self.stdout.write(_as_json(done) if json else _told(read.election, rules, done))


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as gone:
        raise CommandError(_("“%(file)s” cannot be read.") % {"file": file}) from gone
    except UnicodeDecodeError as wrong:
        raise CommandError(_("“%(file)s” is not a text in UTF-8.") % {"file": file.name}) from wrong


def _from_file(file: Path) -> Regulation:
    try:
        values = json.loads(_text(file))
    except ValueError as wrong:
        raise CommandError(_("“%(file)s” is not JSON.") % {"file": file.name}) from wrong
    if not isinstance(values, dict):
        raise BadRegulation("a value of the wrong kind")
    return Regulation.from_json(values)


def _changed(regulation: Regulation, changes: list[str]) -> Regulation:
    """``key=value``: the value as JSON when it is, else as text; lists of words may be written a,b."""
    values = regulation.as_json()
    kinds = {each.name: type(values[each.name]) for each in fields(Regulation)}
    for change in changes:
        key, _equals, value = change.partition("=")
        if key not in kinds:
            raise BadRegulation("unknown field: %(name)s", name=key)
        values[key] = _valued(value, kinds[key])
    return Regulation.from_json(values)


def _valued(text: str, kind: type) -> Any:
    if kind is str:
        return text
    if kind is list:
        return [part.strip() for part in text.split(",") if part.strip()]
    try:
        return json.loads(text)
    except ValueError as wrong:
        raise BadRegulation("“%(text)s” is not a value", text=text) from wrong


def _as_json(done: Outcome) -> str:
    return json.dumps(done.as_json(), ensure_ascii=False, indent=1)


def _told(election: Election, rules: Regulation, done: Outcome) -> str:
    names = {project.id: project.name for project in election.projects}
    heading = _("%(ballots)s, %(projects)s, %(budget)s") % {
        "ballots": ngettext("%(count)d ballot", "%(count)d ballots", done.ballots) % {"count": done.ballots},
        "projects": ngettext("%(count)d project", "%(count)d projects", len(names)) % {"count": len(names)},
        "budget": amount(election.budget, election.currency),
    }
    place = {project: rank for rank, project in enumerate(done.winners)}
    ranked = sorted(
        election.projects,
        key=lambda one: (place.get(one.id, len(place)), -Fraction(done.reasons[one.id].score), one.deposit),
    )
    lines = [f"{one.id}  {one.name}\n    {sentence(one, done, election, rules)}" for one in ranked]
    left = _("Left: %(amount)s") % {"amount": amount(done.unspent, election.currency)}
    proof = _("Fingerprint of this count: %(hash)s") % {"hash": done.hash}
    return "\n".join([heading, "", *lines, "", left, proof])
