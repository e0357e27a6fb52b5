"""A regulation in full sentences: what a ballot is, who wins, what forbids it, and what settles equals."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.budgets.choices import BallotChannel, BallotKind
from consult.budgets.models import Envelope
from consult.budgets.rules import CIVIL, ONE_TERRITORY, Rules
from consult.count_words import amount, votes
from tally.budgets import Regulation


@dataclass(frozen=True)
class Part:
    """A heading and its sentences."""

    title: str
    sentences: list[str]


def parts(rules: Rules, envelopes: Iterable[Envelope] = ()) -> list[Part]:
    """Everything that the regulation says, in the order in which people meet it."""
    many = len(list(envelopes)) > 1
    return [
        Part(_("Your ballot"), _ballot(rules, many=many)),
        Part(_("Who wins"), _winning(rules)),
        Part(_("What else is asked of a project"), _limits(rules.count)),
        Part(_("When two projects are equal"), _equals(rules.count)),
    ]


def sentences(rules: Rules, envelopes: Iterable[Envelope] = ()) -> list[str]:
    """The same without headings."""
    return [one for part in parts(rules, envelopes) for one in part.sentences]


# --- the ballot ---


def _ballot(rules: Rules, *, many: bool) -> list[str]:
    said: dict[str, Any] = {"points": rules.points, "n": rules.at_most, "mentions": ", ".join(rules.mentions)}
    kinds = {
        BallotKind.APPROVAL: _("You choose the projects that you want to see funded."),
        BallotKind.KNAPSACK: _("You choose projects as long as their costs, added up, fit in the envelope."),
        BallotKind.POINTS: _("You share out %(points)d points between projects. Zero point is no support."),
        BallotKind.RANKING: _(
            "You rank %(n)d projects at most, the one you prefer first. The first receives %(n)d points, the next one"
            " less, and so on."
        ),
        BallotKind.JUDGMENT: _("You give each project a mention: %(mentions)s."),
    }
    told = [kinds[BallotKind(rules.kind)] % said]
    if rules.kind == BallotKind.POINTS and rules.points_each:
        told.append(
            ngettext(
                "One project receives %(n)d point at most.",
                "One project receives %(n)d points at most.",
                rules.points_each,
            )
            % {"n": rules.points_each}
        )
    told += _how_many(rules)
    if many:
        told.append(_which_envelopes(rules))
    told.append(_one_person(rules))
    return [*told, *_weights(rules.count)]


def _how_many(rules: Rules) -> list[str]:
    least, most = rules.at_least, 0 if rules.kind == BallotKind.RANKING else rules.at_most
    said = {"least": least, "most": most}
    if least > 1 and most == least:
        return [_("A ballot holds exactly %(least)d projects.") % said]
    if least > 1 and most:
        return [_("A ballot holds %(least)d projects at least, and %(most)d at most.") % said]
    if most:
        return [
            ngettext("A ballot holds %(most)d project at most.", "A ballot holds %(most)d projects at most.", most)
            % said
        ]
    return [_("A ballot holds %(least)d projects at least.") % said] if least > 1 else []


def _which_envelopes(rules: Rules) -> str:
    if rules.envelopes == ONE_TERRITORY:
        return _("You vote for the whole town, and for one territory of your choice: one ballot for each.")
    return _("You may vote on every envelope: one ballot for each.")


def _one_person(rules: Rules) -> str:
    if rules.identity == CIVIL:
        return _("One person votes once: your name and your date of birth say it, online as on paper.")
    return _("One account votes once. You may change your ballot until the vote closes.")


def _weights(count: Regulation) -> list[str]:
    names = dict(BallotChannel.choices)
    told = []
    for channel, weight in count.channel_weights.items():
        if count.weight(channel) != 1:
            said = {"channel": names.get(channel, channel), "weight": votes(weight)}
            told.append(_("A ballot cast by this way, “%(channel)s”, counts for %(weight)s ballots.") % said)
    return told


# --- who wins ---


def _winning(rules: Rules) -> list[str]:
    return [*_BY_RULE[rules.count.rule](rules), _("A project that nobody chose is never funded.")]


def _greedy(rules: Rules) -> list[str]:
    count = rules.count
    per_euro = _("Projects are funded one by one, from the one with the most votes for each euro it costs.")
    told = [per_euro if count.order == "score_per_cost" else _from_the_most(rules)]
    overflow = {
        "skip": _("One that costs more than what is left is passed over, and the next one is looked at."),
        "stop": _("At the first one that costs more than what is left, the count stops: nobody after it wins."),
        "tolerance": _(
            "At the first one that costs more than what is left, the count stops. It is funded all the same if"
            " %(share)s %% of its cost is left."
        )
        % {"share": votes(count.tolerance)},
    }
    return [*told, overflow[count.on_overflow]]


def _from_the_most(rules: Rules) -> str:
    if rules.kind in (BallotKind.POINTS, BallotKind.RANKING):
        return _("Projects are funded one by one, from the one that received the most points.")
    return _("Projects are funded one by one, from the one that the most people chose.")


def _top_n(rules: Rules) -> list[str]:
    told = ngettext(
        "In each envelope, %(n)d project wins at most: the first one that the money pays for.",
        "In each envelope, %(n)d projects win at most: the first ones that the money pays for.",
        rules.count.n,
    ) % {"n": rules.count.n}
    return [_from_the_most(rules), told]


def _equal_shares(rules: Rules) -> list[str]:
    count = rules.count
    told = [
        _("The envelope is divided into equal shares, one for each voter."),
        _("A project is funded when those who chose it can pay for it together, with their shares."),
        _AMONG[count.utility](),
    ]
    step = {"step": amount(count.step)}
    if count.completion == "first_over_budget":
        told.append(
            _(
                "If money is left, everybody’s share is raised by %(step)s, again and again, until the envelope would"
                " be overspent. The step before that one is kept."
            )
            % step
        )
    if count.completion == "first_exhaustive":
        told.append(
            _(
                "If money is left, everybody’s share is raised by %(step)s, again and again, until no other project"
                " can be paid for."
            )
            % step
        )
    if count.top_up == "greedy":
        told.append(_("What is still left goes to the most chosen of the other projects, as long as one fits."))
    if count.comparison == "greedy":
        told.append(
            _(
                "The result is compared with that of the most chosen projects. If more voters are better served by that"
                " one, it is kept instead."
            )
        )
    return told


_AMONG = {
    "cost": lambda: _("Among several, the first is the one whose supporters pay the smallest share of what it costs."),
    "unit": lambda: _("Among several, the first is the one that asks the least of each of its supporters."),
    "points": lambda: _("Among several, the first is the one that asks the least of its supporters for each point."),
}


def _phragmen(rules: Rules) -> list[str]:
    return [
        _("Everybody receives money at the same speed, from zero."),
        _(
            "A project is funded as soon as those who chose it can pay for it together. They then start again from"
            " zero."
        ),
        _("The count stops when the next project no longer fits in the envelope."),
    ]


def _judgment(rules: Rules) -> list[str]:
    told = [
        _("Projects are sorted by their majority mention: half the ballots at least give it, or a better one."),
        _("With the same mention, a project goes first when more people judge it better than that mention."),
        _("They are funded in that order. One that costs more than what is left is passed over."),
    ]
    if 0 <= rules.count.unmarked < len(rules.mentions):
        said = {"mention": rules.mentions[rules.count.unmarked]}
        told.append(_("A project that you leave without a mention receives “%(mention)s”.") % said)
    return told


_BY_RULE = {
    "greedy": _greedy,
    "top_n": _top_n,
    "equal_shares": _equal_shares,
    "phragmen": _phragmen,
    "majority_judgment": _judgment,
}


# --- limits and equals ---


def _limits(count: Regulation) -> list[str]:
    told = []
    if count.threshold_kind == "absolute":
        told.append(_("It received %(n)s votes or points at least.") % {"n": votes(count.threshold)})
    if count.threshold_kind == "percent_of_ballots":
        told.append(_("It received %(n)s %% of the ballots cast at least.") % {"n": votes(count.threshold)})
    if count.exclusive:
        told.append(_("Two projects on the same site are never both funded: the better placed one is."))
    if count.one_each:
        told.append(_("Every territory has a winner before any of them has two, if a project there was chosen."))
    for key, most in count.ceilings.items():
        said = {"name": key.partition(":")[2], "most": amount(most)}
        told.append(_("No more than %(most)s go to “%(name)s”.") % said)
    for key, most in count.at_most.items():
        said = {"name": key.partition(":")[2], "n": most}
        told.append(
            ngettext(
                "No more than %(n)d project wins in “%(name)s”.", "No more than %(n)d projects win in “%(name)s”.", most
            )
            % said
        )
    return told or [_("Nothing else: no threshold, no ceiling.")]


def _equals(count: Regulation) -> list[str]:
    ways = {
        "lower_cost": _("the one that costs less goes first"),
        "more_supporters": _("the one that more people chose goes first"),
        "earlier_deposit": _("the one filed earlier goes first"),
        "drawn_lots": _("lots are drawn, with this number made public before the vote: %(seed)s")
        % {"seed": count.seed},
    }
    if not count.ties:
        return [_("The regulation does not say: lots are then drawn in public, before the result is told.")]
    first, *others = (ways[tie] for tie in count.ties)
    told = [_("Between two equals, %(way)s.") % {"way": first}]
    return told + [_("If they are still equal, %(way)s.") % {"way": way} for way in others]
