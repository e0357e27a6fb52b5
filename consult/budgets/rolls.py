"""Who is one person, whatever the way they vote: a line of the roll under a keyed hash, good for one budget.

By their account, where an account is all the regulation asks; by their civil identity (birth name, first given name,
date of birth) where paper ballots are taken too; by what the voter roll of the town says (a name or a number, and a
date of birth) where there is one. Nobody reads a name in a hash, and two budgets do not know one person by the same.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

import spreadsheets
from accounts.models import User
from consult.budgets.choices import Requirement, RollBy
from consult.budgets.errors import RollFileUnreadable, RollFileWrong
from consult.budgets.models import BallotDraft, Budget, Condition, FrozenRegulation, Mark, RollEntry
from consult.budgets.rules import CIVIL
from consult.models import Participant
from consult.people import email_key
from spreadsheets import SheetRow, UnreadableTable
from spreadsheets.workbooks import is_workbook, rows_of_workbook

OLDEST = date(1900, 1, 1)


@dataclass(frozen=True)
class Civil:
    """``family``: the name at birth; ``given``: given names, of which the first counts; ``number``: on a voter roll."""

    family: str
    given: str
    born_on: date
    number: str = ""


def plain(name: str) -> str:
    """« Le Goff », « LE-GOFF » and « le goff » are one name, with accents or without."""
    bare = unicodedata.normalize("NFKD", name.casefold().replace("œ", "oe").replace("æ", "ae"))
    return "".join(one for one in bare if one.isalnum())


def _first(given: str) -> str:
    """« Jean-Pierre », « Jean Pierre » and « Jean, Pierre » are one first given name: Jean."""
    return plain((re.split(r"[\s,\-‐‑]+", given.strip()) or [""])[0])


def account_key(budget: Budget, participant: Participant) -> str:
    """The mailbox of an account: the same person is known again if they close it and open another."""
    known = participant.email_key or email_key(participant.user.email if participant.user else "")
    return _key(budget, "account", known)


def civil_key(budget: Budget, said: Civil) -> str:
    return _key(budget, "name", plain(said.family), _first(said.given), said.born_on.isoformat())


def number_key(budget: Budget, said: Civil) -> str:
    return _key(budget, "number", plain(said.number).lstrip("0"), said.born_on.isoformat())


def _key(budget: Budget, *said: str) -> str:
    return salted_hmac("budgets.roll", "\n".join([str(budget.pk), *said]), algorithm="sha256").hexdigest()


def key_of(budget: Budget, said: Civil) -> str:
    """As the roll of this budget names people."""
    return number_key(budget, said) if budget.roll_by == RollBy.NUMBER else civil_key(budget, said)


def keys_of(budget: Budget, brought: "RollFile") -> set[str]:
    """The hashes of everybody a file names, as the file names them."""
    hashed = number_key if brought.by == RollBy.NUMBER else civil_key
    return {hashed(budget, one) for one in brought.people}


def asks_identity(budget: Budget) -> bool:
    """Whether one says their civil identity before they vote online: paper knows nothing else."""
    frozen = FrozenRegulation.objects.filter(budget=budget).first()
    if frozen is None:
        rules, kinds = (
            budget.page.rules,
            Condition.objects.filter(page_id=budget.page_id).values_list("kind", flat=True),
        )
    else:
        rules, kinds = frozen.content["rules"], [kind for kind, _value, _words in frozen.content["conditions"]]
    return rules.get("identity") == CIVIL or Requirement.ROLL in kinds


def entry_of(budget: Budget, participant: Participant) -> RollEntry | None:
    """The line of this account; None before they registered."""
    return RollEntry.objects.filter(budget=budget, participant=participant).first()


def held_entry_of(budget: Budget, participant: Participant) -> RollEntry | None:
    """The same, held until the end of the transaction."""
    return RollEntry.objects.select_for_update().filter(budget=budget, participant=participant).first()


def entry_of_account(budget: Budget, user: User) -> RollEntry | None:
    """The same, for pages that are only read: writes nothing."""
    return RollEntry.objects.filter(budget=budget, participant__user=user).first()


def entry_by_civil(budget: Budget, said: Civil) -> RollEntry:
    """The line of this person, made if they have none: for a counter, and for who registers online."""
    return entry_by_key(budget, key_of(budget, said))


def entry_by_key(budget: Budget, key: str) -> RollEntry:
    """Two at once end with the same line."""
    RollEntry.objects.bulk_create([RollEntry(budget=budget, person_key=key)], ignore_conflicts=True)
    return RollEntry.objects.get(budget=budget, person_key=key)


def listed(budget: Budget, said: Civil) -> RollEntry | None:
    """Their line of the roll that the town brought; None: they are not on it."""
    return RollEntry.objects.filter(budget=budget, person_key=key_of(budget, said), listed=True).first()


def marks_of(entry: RollEntry | None) -> dict[int, Mark]:
    """By the key of the envelope."""
    return {mark.envelope_id: mark for mark in Mark.objects.filter(entry=entry)} if entry else {}


# --- the file a town brings ---------------------------------------------------------------------------------------

_HEADS = {
    "number": ("numero", "n", "number", "no", "numeroelecteur", "numerodelecteur"),
    "family": ("nom", "nomdenaissance", "nomdefamille", "family", "name"),
    "given": ("prenom", "prenoms", "given", "firstname"),
    "born_on": ("naissance", "datedenaissance", "datenaissance", "ddn", "neele", "nele", "born", "birthdate"),
}


@dataclass(frozen=True)
class RollFile:
    """``people``: everybody the file names, once each. ``by``: what it names them by. ``twice``: lines that repeat.

    ``wrong``: the lines that cannot be read, as a spreadsheet numbers them, and why: a key of ``WRONG``.
    """

    people: list[Civil]
    by: RollBy
    wrong: list[tuple[int, str]]
    twice: int


WRONG = {
    "born_on": _("The date of birth cannot be read. It is written 14/07/1989 or 1989-07-14."),
    "future": _("The date of birth is not one: it is to come, or too long ago."),
    "name": _("The name or the given name is missing."),
    "number": _("The number is missing."),
}


def read_file(content: str | bytes) -> RollFile:
    """A CSV of any usual encoding and separator, or a workbook, whose first line names its columns.

    It asks for a date of birth, and a number or names. ``RollFileUnreadable`` says why; ``RollFileWrong``: the first
    line does not name its columns.
    """
    rows = _rows(content)
    heads = _columns(rows[0].cells) if rows else {}
    by = RollBy.NUMBER if "number" in heads else RollBy.NAME
    if "born_on" not in heads or (by == RollBy.NAME and not {"family", "given"} <= set(heads)):
        raise RollFileWrong([1])
    people: dict[Civil, None] = {}
    wrong, twice = [], 0
    for row in rows[1:]:
        person, why = _person(heads, row.cells, by)
        if person is None:
            wrong.append((row.rank, why))
        twice += person in people
        if person is not None:
            people[person] = None
    return RollFile(list(people), by, wrong, twice)


def _rows(content: str | bytes) -> list[SheetRow]:
    try:
        if isinstance(content, bytes) and is_workbook(content):
            return rows_of_workbook(content)
        text = spreadsheets.decoded(content) if isinstance(content, bytes) else content.lstrip("\ufeff")
        return spreadsheets.rows_of(text)
    except UnreadableTable as unreadable:
        raise RollFileUnreadable(str(unreadable)) from unreadable


def _columns(titles: Iterable[str]) -> dict[str, int]:
    found = {}
    for place, title in enumerate(titles):
        for name, known in _HEADS.items():
            if plain(title) in known:
                found.setdefault(name, place)
    return found


def _person(heads: dict[str, int], cells: list[str], by: RollBy) -> tuple[Civil | None, str]:
    """Who a line names; None, and why it names nobody."""
    said = {name: cells[place].strip() if place < len(cells) else "" for name, place in heads.items()}
    if by == RollBy.NUMBER and not plain(said["number"]):
        return None, "number"
    if by == RollBy.NAME and not (plain(said["family"]) and _first(said["given"])):
        return None, "name"
    born_on = _day(said["born_on"])
    if born_on is None or not OLDEST <= born_on <= date.today():
        return None, "future" if born_on else "born_on"
    return Civil(said.get("family", ""), said.get("given", ""), born_on, said.get("number", "")), ""


_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})|(\d{4})-(\d{1,2})-(\d{1,2})")


def _day(said: str) -> date | None:
    """« 14/07/1989 » or « 1989-07-14 »."""
    found = _DAY.fullmatch(said)
    if found is None:
        return None
    day, month, year, iso_year, iso_month, iso_day = found.groups()
    try:
        return date(int(year or iso_year), int(month or iso_month), int(day or iso_day))
    except ValueError:
        return None


# --- what an account has here -------------------------------------------------------------------------------------


def of_person(person: Participant) -> dict[str, Any]:
    """That they voted, and how. What they voted is read on the page of their ballot, while it can be found."""
    marks = Mark.objects.filter(entry__participant=person).order_by("envelope").select_related("envelope__page")
    return {
        "budgets_voted": [
            {"budget": mark.envelope.page.title, "envelope": mark.envelope.title, "voted_by": mark.channel}
            for mark in marks
        ]
    }


def leave(person: Participant) -> None:
    """Their ballots stay in the box, and nobody can tell any more which they are; what was not cast goes.

    Whoever comes back with the same address meets the same line: marked, they have voted.
    """
    theirs = RollEntry.objects.filter(participant=person)
    held = list(theirs.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    BallotDraft.objects.filter(entry__in=held).delete()
    Mark.objects.filter(entry__in=held).update(pointer="")
    RollEntry.objects.filter(pk__in=held).update(participant=None)
