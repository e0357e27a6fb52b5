"""What the page of a ballot says: its projects one by one, and the ballot as it stands, in words and sums."""

import hashlib
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.budgets import papers
from consult.budgets.actions.drafting import Pairs, ranked
from consult.budgets.choices import BallotKind
from consult.budgets.errors import PaperRefused
from consult.budgets.models import BallotOption
from consult.budgets.papers import Choices, Sheet
from consult.budgets.views.voter import Voter
from consult.count_words import amount

PICKED = (BallotKind.APPROVAL, BallotKind.KNAPSACK, BallotKind.RANKING)


@dataclass(frozen=True)
class Card:
    """One project as it is offered. ``value``: the points, the rank or the mention that stand beside it."""

    option: BallotOption
    url: str
    cost: str
    is_in: bool = False
    lacks: str = ""
    value: str = ""
    is_first: bool = False
    is_last: bool = False

    @property
    def project(self) -> object:
        return self.option.project


@dataclass(frozen=True)
class Line:
    """One line of the ballot in short: a project, and what stands on the right."""

    title: str
    right: str
    number: int = 0


@dataclass(frozen=True)
class Basket:
    """The ballot in short. ``done`` and ``most`` draw the bar: 0 for none. ``rest``: the sentence below it."""

    heading: str
    total: str
    out_of: str
    done: int
    most: int
    rest: str
    more: str
    lines: list[Line]
    refused: list[str] = field(default_factory=list)


class Board:
    """The choices of one voter on one envelope: the draft if there is one, the ballot in the box otherwise."""

    def __init__(self, voter: Voter, paper: Sheet, *, theme: str = "") -> None:
        self.voter, self.paper, self.theme = voter, paper, theme
        self.kind = BallotKind(paper.rules.kind)
        standing = voter.standing
        # A change begun is empty once everything was taken off it: the ballot in the box is shown again.
        self.is_cast = standing.in_box is not None and not standing.draft
        self.is_changing = standing.in_box is not None and bool(standing.draft)
        self.typed: Pairs = list(standing.draft) if standing.draft else papers.as_typed(paper, standing.in_box or [])

    @cached_property
    def said(self) -> dict[int, str]:
        """What stands beside each project that is on the paper."""
        numbers = ((papers.whole(number), said) for number, said in self.typed)
        return {number: said for number, said in numbers if number in self.paper.options}

    @cached_property
    def judged(self) -> tuple[Choices, list[str]]:
        """The ballot that this would be, and why it would be refused."""
        try:
            return papers.canonical(self.paper, self.typed), []
        except PaperRefused as refused:
            return [], refused.reasons

    @property
    def lost(self) -> list[str]:
        """The projects of the ballot in the box that were withdrawn since it was cast."""
        options = (self.paper.options.get(number) for number, _points in self.voter.standing.in_box or [])
        return [one.title for one in options if one is not None and one.withdrawn_at is not None]

    # --- the projects, one by one ---------------------------------------------------------------------------------

    def cards(self) -> list[Card]:
        """In this voter's own order, always the same; what is on a ballot in the box comes first."""
        papers.illustrate(self.paper)
        shown = [one for one in self.order() if not self.theme or one.theme == self.theme]
        if self.is_cast:
            shown.sort(key=lambda one: one.number not in self.said)
        return [self._card(one) for one in shown if self.kind != BallotKind.RANKING or one.number not in self.said]

    def ranking(self) -> list[Card]:
        """The projects that have a rank, the first one first."""
        papers.illustrate(self.paper)
        options = self._ranked()
        return [
            self._card(one, value=str(rank), is_first=rank == 1, is_last=rank == len(options))
            for rank, one in enumerate(options, start=1)
        ]

    def _ranked(self) -> list[BallotOption]:
        order = [papers.whole(number) for number, _said in ranked(self.typed)]
        return [self.paper.options[number] for number in order if number in self.paper.options]

    def order(self) -> list[BallotOption]:
        """Drawn for each person, from nothing that is kept; withdrawn projects last."""
        seed = salted_hmac("budgets.order", f"{self.voter.shared.budget.pk} {self.voter.who}").hexdigest()

        def place(option: BallotOption) -> tuple[bool, str]:
            return option.withdrawn_at is not None, hashlib.sha256(f"{seed} {option.number}".encode()).hexdigest()

        return sorted(self.paper.options.values(), key=place)

    def _card(self, option: BallotOption, **more: object) -> Card:
        url = self.voter.project_url(option)
        is_in = self._is_in(option.number)
        values = {"value": self.said.get(option.number, ""), **more}
        return Card(option, url, amount(option.cost), is_in, "" if is_in else self._lacks(option), **values)

    def _is_in(self, number: int) -> bool:
        if self.kind == BallotKind.POINTS:
            return self.said.get(number, "").strip("0 ") != ""
        return number in self.said

    def _lacks(self, option: BallotOption) -> str:
        """Why one more project does not fit."""
        if self.kind == BallotKind.KNAPSACK and (short := option.cost - self._left) > 0:
            return _("%(amount)s short") % {"amount": amount(short)}
        most = self.paper.rules.at_most
        if self.kind in PICKED and most and len(self.said) >= most:
            return ngettext("You have chosen %(n)d project", "You have chosen %(n)d projects", most) % {"n": most}
        return ""

    @property
    def _spent(self) -> int:
        return sum(self.paper.options[number].cost for number in self.said)

    @property
    def _left(self) -> int:
        return self.paper.money - self._spent

    @property
    def themes(self) -> list[str]:
        return sorted({one.theme for one in self.paper.options.values() if one.theme})

    # --- the ballot in short --------------------------------------------------------------------------------------

    def basket(self) -> Basket:
        lines = self._lines()
        many = ngettext("My ballot, %(n)d project", "My ballot, %(n)d projects", len(lines)) % {"n": len(lines)}
        heading = many if lines else _("My ballot is empty")
        refused = self.judged[1] if self.typed else []
        return Basket(heading, *_SUMS[self.kind](self, len(lines)), lines=lines, refused=refused)

    def _lines(self) -> list[Line]:
        if self.kind == BallotKind.RANKING:
            return [Line(f"{rank}. {one.title}", "", one.number) for rank, one in enumerate(self._ranked(), start=1)]
        by_number = self.paper.options
        return [
            Line(by_number[number].title, beside(self.kind, self.paper, number, said), number)
            for number, said in self.said.items()
            if self._is_in(number)
        ]


Sums = tuple[str, str, int, int, str, str]


def _money(board: Board, _lines: int) -> Sums:
    spent, money, left = board._spent, board.paper.money, board._left
    rest = _("%(amount)s not shared out.") if board.is_cast else _("You have %(amount)s left.")
    more = "" if board.is_cast or not left else _("You may cast without sharing everything out.")
    out_of = _("out of %(total)s") % {"total": amount(money)}
    return amount(spent), out_of, spent // 100, money // 100, rest % {"amount": amount(max(left, 0))}, more


def _points(board: Board, _lines: int) -> Sums:
    given = sum(papers.whole(said) or 0 for said in board.said.values())
    most = board.paper.rules.points
    total = ngettext("%(n)d point", "%(n)d points", given) % {"n": given}
    left = max(most - given, 0)
    rest = ngettext("You have %(n)d point left.", "You have %(n)d points left.", left) % {"n": left}
    return total, _("out of %(total)s") % {"total": most}, given, most, "" if board.is_cast else rest, ""


def _picked(board: Board, lines: int) -> Sums:
    most = board.paper.rules.at_most
    total = ngettext("%(n)d project", "%(n)d projects", lines) % {"n": lines}
    out_of = ngettext("out of %(n)d at most", "out of %(n)d at most", most) % {"n": most} if most else ""
    return total, out_of, lines, most, "", ""


def _graded(board: Board, lines: int) -> Sums:
    most = len([one for one in board.paper.options.values() if one.withdrawn_at is None])
    total = ngettext("%(n)d mention", "%(n)d mentions", lines) % {"n": lines}
    return total, _("out of %(total)s") % {"total": most}, lines, most, "", ""


_SUMS = {
    BallotKind.KNAPSACK: _money,
    BallotKind.POINTS: _points,
    BallotKind.APPROVAL: _picked,
    BallotKind.RANKING: _picked,
    BallotKind.JUDGMENT: _graded,
}


def lines_of(paper: Sheet, choices: Choices) -> list[Line]:
    """A ballot of the box, in short."""
    if paper.rules.kind == BallotKind.RANKING:
        return [Line(f"{rank}. {paper.options[number].title}", "") for rank, (number, _p) in enumerate(choices, 1)]
    kind = BallotKind(paper.rules.kind)
    return [Line(paper.options[number].title, beside(kind, paper, number, str(points))) for number, points in choices]


def beside(kind: BallotKind, paper: Sheet, number: int, said: str) -> str:
    """What stands on the right of a project: its points, its mention or its cost."""
    figure = papers.whole(said)
    if kind == BallotKind.POINTS:
        return said if figure is None else ngettext("%(n)d point", "%(n)d points", figure) % {"n": figure}
    if kind == BallotKind.JUDGMENT:
        return paper.rules.mentions[figure] if figure is not None and figure < len(paper.rules.mentions) else said
    return amount(paper.options[number].cost)


def title(paper: Sheet) -> str:
    """« Répartissez 600 000 € »."""
    rules = paper.rules
    if rules.kind == BallotKind.KNAPSACK:
        return _("Share out %(amount)s") % {"amount": amount(paper.money)}
    if rules.kind == BallotKind.POINTS:
        return ngettext("Give %(n)d point", "Share out %(n)d points", rules.points) % {"n": rules.points}
    if rules.kind == BallotKind.RANKING:
        return ngettext("Rank %(n)d project", "Rank up to %(n)d projects", rules.at_most) % {"n": rules.at_most}
    if rules.kind == BallotKind.JUDGMENT:
        return _("Say what each project is worth")
    most = rules.at_most
    return (
        ngettext("Choose %(n)d project", "Choose up to %(n)d projects", most) % {"n": most}
        if most
        else _("Choose your projects")
    )


def lead(paper: Sheet) -> str:
    said = {
        BallotKind.KNAPSACK: _("Choose projects as long as there is money left."),
        BallotKind.POINTS: _("Give more points to what matters more to you."),
        BallotKind.RANKING: _("Put first what matters most to you."),
        BallotKind.JUDGMENT: _("Give a mention to each project. You may leave some out."),
        BallotKind.APPROVAL: _("Choose the projects that you want to see built."),
    }[BallotKind(paper.rules.kind)]
    return said + " " + _("Your ballot counts when you cast it.")


@dataclass(frozen=True)
class Chip:
    label: str
    url: str
    chosen: bool


def chips(board: Board) -> list[Chip]:
    """All, then each theme; none where there is one theme or none."""
    themes = board.themes
    if len(themes) < 2:
        return []

    def chip(label: str, theme: str) -> Chip:
        return Chip(label, board.voter.address(theme=theme), theme == board.theme)

    return [chip(_("All"), ""), *(chip(one, one) for one in themes)]


def tabs(voter: Voter) -> list[dict[str, object]]:
    """One for each envelope, where there are several."""
    envelopes = voter.shared.envelopes
    if len(envelopes) < 2:
        return []
    return [
        {
            "label": one.title,
            "url": voter.address_of(one),
            "is_current": one.pk == voter.envelope.pk,
            "icon": "check-circle" if one.pk in voter.cast_on else "",
        }
        for one in envelopes
    ]


def crumbs(voter: Voter, last: str) -> list[dict[str, str]]:
    page = voter.shared.page
    return [
        {"label": _("Participatory budgets"), "url": reverse("budgets:index")},
        {"label": page.title, "url": page.get_absolute_url()},
        {"label": last, "url": ""},
    ]
