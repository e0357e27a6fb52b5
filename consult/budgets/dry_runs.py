"""A regulation tried on invented ballots: always the same ones, so that two regulations can be compared.

Nobody voted: voters are drawn from a seed, of two groups that do not want the same projects, one larger than the other.
"""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.budgets.choices import BallotChannel, BallotKind, EnvelopeKind
from consult.budgets.models import Envelope, Project
from consult.budgets.rules import Rules
from consult.count_words import amount, sentence
from tally import budgets as kernel
from tally.budgets import Election, Outcome, UnsettledTie

VOTERS = 400
LARGE_GROUP = 0.6  # of the voters
CHANNELS = ((BallotChannel.WEB, 0.8), (BallotChannel.PAPER, 0.15), (BallotChannel.KIOSK, 0.05))
# Costs of invented projects, in hundredths of the envelope.
INVENTED = (6, 9, 12, 16, 20, 26, 34, 48)
MUCH_LEFT = 4  # a warning once a quarter of the envelope stays
MARKS = "ABCDEFGH"
TASTED = 5  # projects that a voter wants at most, and never more than half of them


@dataclass(frozen=True)
class Line:
    """One project: what became of it, in a sentence."""

    title: str
    cost: str
    is_funded: bool
    words: str


@dataclass(frozen=True)
class Tried:
    """One envelope. ``stopped``: why the count could not end, "" when it did. ``is_invented``: its projects are too."""

    title: str
    amount: str
    is_invented: bool
    lines: list[Line]
    summary: str
    warnings: list[str]
    stopped: str


def try_out(rules: Rules, envelopes: Iterable[Envelope], projects: Sequence[Project]) -> list[Tried]:
    """Each envelope with its retained projects; with eight invented ones while it has none."""
    return [_tried(rules, one, [each for each in projects if each.envelope_id == one.pk]) for one in envelopes]


def _tried(rules: Rules, envelope: Envelope, projects: list[Project]) -> Tried:
    options = [_option(rank, one) for rank, one in enumerate(projects)] or _invented(envelope)
    election = _election(rules, envelope, options)
    warnings = [*_about_projects(rules, envelope, options)]
    try:
        done = kernel.count(election, rules.count)
    except UnsettledTie as tie:
        names = ", ".join(f"“{one.name}”" for one in options if one.id in tie.projects)
        stopped = _("The count stops: %(projects)s are equal, and nothing settles it. Add a way.") % {"projects": names}
        return Tried(envelope.title, amount(envelope.amount), not projects, [], "", warnings, stopped)
    return Tried(
        title=envelope.title,
        amount=amount(envelope.amount),
        is_invented=not projects,
        lines=_lines(options, done, election, rules),
        summary=_summary(election, done),
        warnings=warnings + _about_money(envelope, done),
        stopped="",
    )


# --- what is counted ---


def _option(rank: int, project: Project) -> kernel.Project:
    in_territory = project.envelope.kind == EnvelopeKind.TERRITORY
    return kernel.Project(
        id=str(project.number),
        cost=project.cost or 0,
        name=project.title,
        deposit=rank,
        territory=project.envelope.title if in_territory else project.territory,
        theme=project.theme,
        site=project.site,
    )


def _invented(envelope: Envelope) -> list[kernel.Project]:
    return [
        kernel.Project(
            id=mark,
            cost=envelope.amount * share // 100,
            name=_("Invented project %(letter)s") % {"letter": mark},
            deposit=rank,
            territory=envelope.title if envelope.kind == EnvelopeKind.TERRITORY else "",
        )
        for rank, (mark, share) in enumerate(zip(MARKS, INVENTED, strict=True))
    ]


def _election(rules: Rules, envelope: Envelope, options: list[kernel.Project]) -> Election:
    drawn = random.Random(f"cahier:{envelope.title}:{envelope.amount}")  # noqa: S311  (the same for everybody, always)
    tastes = [_tastes(drawn, len(options)) for _group in range(2)]
    cast: dict[tuple[str, tuple[tuple[str, int], ...]], int] = {}
    for _voter in range(VOTERS):
        taste = tastes[drawn.random() > LARGE_GROUP]
        wanted = sorted(range(len(options)), key=lambda rank: drawn.random() ** (1 / taste[rank]), reverse=True)
        channel = drawn.choices([name for name, _share in CHANNELS], [share for _name, share in CHANNELS])[0]
        ballot = (str(channel), tuple(_choices(rules, envelope, [options[rank] for rank in wanted])))
        cast[ballot] = cast.get(ballot, 0) + 1
    return Election.of(
        options, cast, budget=envelope.amount, kind=rules.counted_as, currency="EUR", mentions=rules.mentions
    )


def _tastes(drawn: random.Random, many: int) -> list[float]:
    """How much a group wants each project: a few a lot, the others a little."""
    return [drawn.choice((0.2, 0.5, 1.0, 3.0)) for _each in range(many)]


def _choices(rules: Rules, envelope: Envelope, wanted: list[kernel.Project]) -> list[tuple[str, int]]:
    """A ballot of somebody who wants these projects, the first the most."""
    if rules.kind == BallotKind.JUDGMENT:
        last = len(rules.mentions) - 1
        return [(one.id, min(last, rank * (last + 1) // len(wanted))) for rank, one in enumerate(wanted)]
    most = min(rules.at_most or TASTED, TASTED, (len(wanted) + 1) // 2)
    chosen = wanted[: max(rules.at_least, most)]
    if rules.kind == BallotKind.KNAPSACK:
        chosen = _that_fit(chosen, envelope.amount)
    if rules.kind == BallotKind.POINTS:
        return _shared(rules, chosen)
    return [(one.id, 1) for one in chosen]


def _that_fit(wanted: list[kernel.Project], money: int) -> list[kernel.Project]:
    kept = []
    for one in wanted:
        if one.cost <= money:
            kept.append(one)
            money -= one.cost
    return kept


def _shared(rules: Rules, chosen: list[kernel.Project]) -> list[tuple[str, int]]:
    """Half of what is left to each, from the first, within the limit."""
    left, given = rules.points, []
    for one in chosen:
        points = min(left, max(1, (left + 1) // 2), rules.points_each or left)
        if points:
            given.append((one.id, points))
            left -= points
    return given


# --- what is told ---


def _lines(options: list[kernel.Project], done: Outcome, election: Election, rules: Rules) -> list[Line]:
    """Winners in the order they won, then the others by votes."""
    rank = {project: place for place, project in enumerate(done.winners)}
    ordered = sorted(options, key=lambda one: (rank.get(one.id, len(rank)), -done.reasons[one.id].supporters, one.id))
    return [
        Line(one.name, amount(one.cost), one.id in rank, sentence(one, done, election, rules.count)) for one in ordered
    ]


def _summary(election: Election, done: Outcome) -> str:
    votes, winners = election.ballots, set(done.winners)
    won = [one.id in winners for one in election.projects]
    served = sum(
        int(votes.count[group])
        for group in range(len(votes.count))
        if any(
            won[votes.project[at]] and (votes.kind != kernel.GRADES or votes.points[at] == 0)
            for at in range(votes.start[group], votes.start[group + 1])
        )
    )
    funded = ngettext("%(n)d project funded", "%(n)d projects funded", len(winners)) % {"n": len(winners)}
    told = _("%(funded)s, %(spent)s spent. %(share)d %% of the invented voters see one of theirs funded.")
    return told % {
        "funded": funded,
        "spent": amount(election.budget - done.unspent),
        "share": round(100 * served / max(1, len(votes))),
    }


def _about_money(envelope: Envelope, done: Outcome) -> list[str]:
    said = {"left": amount(done.unspent), "all": amount(envelope.amount)}
    if not done.winners:
        return [_("Nothing is funded: the threshold or the limits are too high for these projects.")]
    if done.unspent * MUCH_LEFT > envelope.amount:
        return [_("%(left)s out of %(all)s stay unspent. A rule that goes on with what is left would use them.") % said]
    return []


def _about_projects(rules: Rules, envelope: Envelope, options: list[kernel.Project]) -> list[str]:
    count, told = rules.count, []
    for one in options:
        if one.cost > envelope.amount:
            told.append(_("“%(title)s” costs more than the envelope: it can never win.") % {"title": one.name})
    if rules.at_least > len(options):
        told.append(_("A ballot asks for more projects than there are: nobody could cast one."))
    if count.rule == "top_n" and count.n >= len(options):
        told.append(_("As many winners as projects: every project that fits wins, whatever the votes."))
    if count.exclusive and not any(one.site for one in options):
        told.append(_("No project says its site: “one winner a site” changes nothing."))
    if count.one_each and len({one.territory for one in options}) < 2:
        told.append(_("Projects are not of several territories: “a winner in each” changes nothing."))
    return told + _unknown_names(rules, options)


def _unknown_names(rules: Rules, options: list[kernel.Project]) -> list[str]:
    known = {f"territory:{one.territory}" for one in options} | {f"theme:{one.theme}" for one in options}
    unknown = sorted({*rules.count.ceilings, *rules.count.at_most} - known)
    said = _("No project is of “%(name)s”: its limit changes nothing here.")
    return [said % {"name": key.partition(":")[2]} for key in unknown]
