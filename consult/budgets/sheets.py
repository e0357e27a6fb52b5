"""A sheet of paper as a clerk keys it: one typed line, on a pad of figures, judged by what was frozen.

« 3 7 12 »: projects chosen, or ranked in that order. « 3*5 7*2 »: points, or the mention by its number (1 is the best).
« b »: blank. « n2 »: spoiled, for the reason of that number (``SpoiledBecause``).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from consult.budgets import papers
from consult.budgets.choices import BallotKind, SheetKind, SpoiledBecause
from consult.budgets.errors import PaperRefused
from consult.budgets.models import BallotOption
from consult.budgets.papers import Choices, Sheet

LONGEST = 600  # characters of a typed line
_BETWEEN = re.compile(r"[\s,;+]+")
_PAIR = re.compile(r"(\d{1,9})[*x:=/](\d{1,9})")
_SPOILED = re.compile(r"n(?:ul)?\s*(\d)")
WITH_A_VALUE = (BallotKind.POINTS, BallotKind.JUDGMENT)


@dataclass(frozen=True)
class Reading:
    """What somebody read on a sheet. ``why``: a ``SpoiledBecause``, of a spoiled one alone."""

    kind: SheetKind
    choices: Choices = field(default_factory=list)
    why: str = ""

    def as_json(self) -> dict[str, Any]:
        return {"is": str(self.kind), "choices": self.choices, "why": self.why}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Reading":
        return cls(SheetKind(kept["is"]), kept["choices"], kept["why"])

    def agrees(self, other: "Reading") -> bool:
        """The same sheet: why it is spoiled may be said otherwise."""
        return (self.kind, self.choices) == (other.kind, other.choices)


def printed(paper: Sheet) -> Sheet:
    """As it was handed out: a project withdrawn since is read like the others, and the count passes over it."""
    return replace(paper, options={number: _standing(one) for number, one in paper.options.items()})


def _standing(option: BallotOption) -> BallotOption:
    copy = BallotOption(**{one.attname: getattr(option, one.attname) for one in option._meta.concrete_fields})
    copy.withdrawn_at = None
    return copy


def read(paper: Sheet, typed: str) -> Reading:
    """``PaperRefused``: what cannot be read, or what the regulation does not allow; a sentence each."""
    said = typed.strip().lower()[:LONGEST]
    if said in ("b", "blanc", "0"):
        return Reading(SheetKind.BLANK)
    if said.startswith("n"):
        return _spoiled(said)
    if not said:
        raise PaperRefused([_("Type what the sheet says. A blank sheet: b.")])
    parts = [part for part in _BETWEEN.split(said) if part]
    choices = papers.canonical(printed(paper), _TYPED[BallotKind(paper.rules.kind)](paper, parts))
    return Reading(SheetKind.VALID, choices) if choices else Reading(SheetKind.BLANK)


def _spoiled(said: str) -> Reading:
    found = _SPOILED.fullmatch(said)
    if found is None or found[1] not in SpoiledBecause.values:
        raise PaperRefused([_("A spoiled sheet: n and the number of the reason, for instance n1.")])
    return Reading(SheetKind.SPOILED, why=found[1])


def _chosen(_paper: Sheet, parts: list[str]) -> list[tuple[str, str]]:
    return [(part, "") for part in parts]


def _ranked(_paper: Sheet, parts: list[str]) -> list[tuple[str, str]]:
    return [(part, str(rank)) for rank, part in enumerate(parts, start=1)]


def _valued(paper: Sheet, parts: list[str]) -> list[tuple[str, str]]:
    """``number*value``; a mention is numbered from 1 on paper, from 0 in the box."""
    wrong = [part for part in parts if not _PAIR.fullmatch(part)]
    if wrong:
        told = _("“%(part)s”: type the number of the project, a star, then the value. For instance 3*2.")
        raise PaperRefused([told % {"part": part[:20]} for part in wrong])
    pairs = [_PAIR.fullmatch(part).groups() for part in parts]
    if paper.rules.kind == BallotKind.POINTS:
        return pairs
    return [(number, str(int(value) - 1) if int(value) else "-") for number, value in pairs]


_TYPED: dict[BallotKind, Callable[[Sheet, list[str]], list[tuple[str, str]]]] = {
    BallotKind.APPROVAL: _chosen,
    BallotKind.KNAPSACK: _chosen,
    BallotKind.RANKING: _ranked,
    BallotKind.POINTS: _valued,
    BallotKind.JUDGMENT: _valued,
}


def typed(paper: Sheet, reading: Reading) -> str:
    """The line that says this reading: to correct it."""
    if reading.kind == SheetKind.BLANK:
        return "b"
    if reading.kind == SheetKind.SPOILED:
        return f"n{reading.why}"
    if paper.rules.kind in WITH_A_VALUE:
        more = 1 if paper.rules.kind == BallotKind.JUDGMENT else 0
        return " ".join(f"{number}*{value + more}" for number, value in reading.choices)
    return " ".join(str(number) for number, _points in reading.choices)


def said(paper: Sheet, reading: Reading) -> list[str]:
    """In words, a line each project: « 3. La cour : 5 points »."""
    if reading.kind == SheetKind.BLANK:
        return [_("Blank sheet")]
    if reading.kind == SheetKind.SPOILED:
        return [_("Spoiled sheet: %(why)s") % {"why": SpoiledBecause(reading.why).label}]
    lines = []
    for rank, (number, value) in enumerate(reading.choices, start=1):
        words = {"number": number, "title": paper.options[number].title, "rank": rank, "value": value}
        if paper.rules.kind == BallotKind.RANKING:
            lines.append(_("Rank %(rank)d: No. %(number)d, %(title)s") % words)
        elif paper.rules.kind == BallotKind.POINTS:
            lines.append(_("No. %(number)d, %(title)s: %(value)d points") % words)
        elif paper.rules.kind == BallotKind.JUDGMENT:
            mention = {"value": paper.rules.mentions[value]}
            lines.append(_("No. %(number)d, %(title)s: %(value)s") % (words | mention))
        else:
            lines.append(_("No. %(number)d, %(title)s") % words)
    return lines
