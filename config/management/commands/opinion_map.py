"""``opinion_map VOTES.csv``: groups of people who answer alike, what they say and what all say. No database."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from config.tables import UnreadableTable
from config.votes_table import read_votes
from tally import OpinionMap, Votes, opinion_map
from tally.opinions import METHOD, Consensus, Group, Representative
from tally.opinions.honesty import LEAST_ANSWERS, LEAST_GROUP, LEAST_PEOPLE, Refusal


class Command(BaseCommand):
    @property
    def help(self) -> str:
        return _("Maps the opinions of a file of votes: groups, what tells them apart, what all agree on.")

    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help=_("everything, as JSON, each person's place included"))
        parser.add_argument(
            "--rejected", metavar="ID,…", default="", help=_("statements that moderators rejected: counted, not mapped")
        )

    def handle(self, *, file: Path, json: bool, rejected: str, **_options: Any) -> None:
        try:
            votes = read_votes(file)
        except UnreadableTable as refusal:
            raise CommandError(str(refusal)) from refusal
        found = opinion_map(votes, rejected=_named(votes, rejected))
        proof = {"method": METHOD, "input_hash": votes.digest()}
        self.stdout.write(_as_json(found, proof) if json else f"{_summary(found)}\n\n{_proved(proof)}")
        if votes.replaced:
            self.stderr.write(_replaced(votes.replaced))


def _named(votes: Votes, rejected: str) -> list[str]:
    names = [name.strip() for name in rejected.split(",") if name.strip()]
    unknown = [name for name in names if name not in set(votes.statements)]
    if unknown:
        raise CommandError(_("There is no statement “%(name)s” in this file.") % {"name": unknown[0]})
    return names


def _proved(proof: dict[str, str]) -> str:
    """What to compare with the page of a consultation."""
    return _("Fingerprint of the answers: %(input_hash)s (method %(method)s)") % proof


def _as_json(found: OpinionMap, proof: dict[str, str]) -> str:
    """What may be published, then where each person stands, which may not: the file they come from is not public."""
    places = found.placements
    coordinates = [
        {"participant": person, "x": round(float(x), 6), "y": round(float(y), 6), "group": group}
        for person, (x, y), group in zip(places.people, places.points, places.groups, strict=True)
    ]
    reason = None if found.refusal is None else _reason(found.refusal)
    told = {**proof, **found.published(), "reason": reason, "coordinates": coordinates}
    return json.dumps(told, ensure_ascii=False, indent=1)


def _summary(found: OpinionMap) -> str:
    heading = _("%(people)s, %(statements)s, %(answers)s") % {
        "people": ngettext("%(count)d person", "%(count)d people", found.people) % {"count": found.people},
        "statements": ngettext("%(count)d statement", "%(count)d statements", len(found.statements))
        % {"count": len(found.statements)},
        "answers": ngettext("%(count)d answer", "%(count)d answers", found.answers) % {"count": found.answers},
    }
    if found.refusal is not None:
        return "\n".join([heading, _("No map: %(reason)s") % {"reason": _reason(found.refusal)}])
    placed = _("%(count)d people answered enough to be placed. This is not a poll.") % {"count": found.grouped}
    all_say = [_line(one) for one in found.consensus]
    parts = [heading, placed, *map(_described, found.groups)]
    return "\n".join([*parts, "", _("All groups say:") if all_say else _("Nothing is said by all groups."), *all_say])


def _described(group: Group) -> str:
    size = ngettext("%(count)d person", "%(count)d people", group.size) % {"count": group.size}
    lines = [_line(one) for one in group.representative]
    return "\n".join(["", _("Group %(name)s: %(size)s") % {"name": group.name, "size": size}, *lines])


def _line(one: Representative | Consensus) -> str:
    """« 530/685  d’accord  117 »: how many of those who answered, what, and the statement."""
    return f"{one.count:>7}/{one.seen:<6} {_said(one.side):<14} {one.statement}"


def _said(side: str) -> str:
    return {"agree": pgettext("answer", "agree"), "disagree": pgettext("answer", "disagree")}[side]


def _reason(refusal: Refusal) -> str:
    """A sentence for people."""
    return {
        Refusal.FEW_PEOPLE: _("fewer than %(people)d people answered %(answers)d statements or more.")
        % {"people": LEAST_PEOPLE, "answers": LEAST_ANSWERS},
        Refusal.CHANCE: _("people agree with one another no more than by chance."),
        Refusal.NO_GROUPS: _("opinions do not form groups."),
        Refusal.UNSTABLE: _("the groups are unstable: they change from one draw to the next."),
        Refusal.SMALL_GROUPS: _("fewer than two groups hold %(people)d people.") % {"people": LEAST_GROUP},
    }[refusal]


def _replaced(count: int) -> str:
    return ngettext(
        "%(count)d answer was given again to the same statement: the last one counts.",
        "%(count)d answers were given again to the same statement: the last one counts.",
        count,
    ) % {"count": count}
