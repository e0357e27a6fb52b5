"""A result in words: for each project why it won, or what it lacked; the charts with their tables."""

from fractions import Fraction
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from consult.budgets.choices import BallotChannel, ProjectState
from consult.budgets.models import BallotOption
from consult.budgets.places import Drawing, Place, drawing
from consult.budgets.results import Result
from consult.budgets.views.project_words import LOOKS
from consult.count_words import amount, sentence, settled
from consult.views.page_words import figure
from tally import budgets as kernel
from tally.budgets import outcome


class Told:
    """One envelope's result, as pages show it. ``slug``: of the addresses."""

    def __init__(self, result: Result, *, slug: str) -> None:
        self.result, self.slug = result, slug
        self.figures = result.count.figures
        self.done = result.outcome
        self.ballots: int = self.done["ballots"]

    @property
    def envelope(self) -> Any:
        return self.result.envelope

    @cached_property
    def funded(self) -> list[dict[str, Any]]:
        """In the order they won; then those that a decision added."""
        won = [self._card(number) for number in self.done["winners"]]
        decided = [number for number, one in self.result.decisions.items() if one.funded]
        return [one for one in won if one["is_funded"]] + [self._card(number) for number in sorted(decided, key=int)]

    @cached_property
    def lost(self) -> list[dict[str, Any]]:
        """The most chosen first; withdrawn ones last."""
        reasons = self.done["reasons"]
        others = [number for number in self.result.options if not self.result.is_funded(number)]

        def rank(number: str) -> Any:
            return reasons[number]["reason"] == outcome.WITHDRAWN, -Fraction(reasons[number]["score"]), int(number)

        return [self._card(number) for number in sorted(others, key=rank)]

    @cached_property
    def plan(self) -> Drawing | None:
        """Where what is funded stands; each circle leads to its line of the list."""
        projects = [self.result.options[str(one["number"])].project for one in self.funded]
        return drawing(
            Place(one.number, one.title, f"#n{one.number}", one.latitude, one.longitude)
            for one in projects
            if one.latitude is not None
        )

    def _card(self, number: str) -> dict[str, Any]:
        option, said = self.result.options[number], self.done["reasons"][number]
        decision = self.result.decisions.get(number)
        return {
            "number": option.number,
            "title": option.title,
            "url": reverse("budgets:project", args=[self.slug, option.number]),
            "place": option.project.place,
            "is_funded": self.result.is_funded(number),
            "note": self._note(number, said),
            "cost": amount(option.cost),
            "sentence": self._sentence(option, said),
            "supporters": said["supporters"],
            "share": self._share(said["supporters"]),
            "decision": decision,
            "since_then": self._since_then(option),
        }

    @staticmethod
    def _since_then(option: BallotOption) -> dict[str, str]:
        """What became of a project after the count, once something did."""
        state = ProjectState(option.project.state)
        if state not in (ProjectState.UNDERWAY, ProjectState.REALISED, ProjectState.ABANDONED):
            return {}
        return {"state": LOOKS[state], "label": str(state.label).capitalize()}

    def _note(self, number: str, said: dict[str, Any]) -> str:
        if number in self.result.decisions:
            return _("By decision")
        if said["reason"] == outcome.WITHDRAWN:
            return pgettext("project", "Withdrawn")
        if not said["round"]:
            return pgettext("project", "Not funded")
        if said["reason"] == outcome.FUNDED_AS_TOP_UP:
            return pgettext("round", "Completion")
        return _("Round %(number)d") % {"number": said["round"]}

    def _share(self, supporters: int) -> str:
        said = ngettext(
            "%(count)s ballot out of %(all)s, or %(share)s%%",
            "%(count)s ballots out of %(all)s, or %(share)s%%",
            supporters,
        )
        share = round(100 * supporters / self.ballots) if self.ballots else 0
        return said % {"count": figure(supporters), "all": figure(self.ballots), "share": share}

    def _sentence(self, option: BallotOption, said: dict[str, Any]) -> str:
        if said["round"]:
            one = self.done["rounds"][said["round"] - 1]
            text = self._won(option, said, one)
            return f"{text} {self._equal(one)}".rstrip() if text else self._plain(option)
        return self._lost(option, said) or self._plain(option)

    def _won(self, option: BallotOption, said: dict[str, Any], one: dict[str, Any]) -> str:
        number, before = str(option.number), one["left"] + one["spent"]
        words = {"left": amount(before), "cost": amount(option.cost), **self._wanted(said)}
        if number in self.figures.get("paid", {}) and not self._weighs:
            return self._paid(number, said, words)
        if said["reason"] == outcome.FUNDED_AS_TOP_UP:
            return (
                _("%(left)s were left. The regulation gives them to the most wanted project that can be paid in full.")
                % words
            )
        if said["reason"] == outcome.FUNDED:
            return _("%(wanted)s %(left)s were left: it is paid in full.") % words
        return ""

    def _paid(self, number: str, said: dict[str, Any], words: dict[str, str]) -> str:
        each, in_full = self.figures["paid"][number]
        words |= {"each": amount(each), "purse": amount(self.figures["raised"])}
        if not each:
            return _("%(wanted)s It costs nothing.") % words
        if self.result.regulation.utility == "points":
            return _("%(wanted)s They paid %(each)s a point, or all they had left.") % words
        if in_full < said["supporters"]:
            words["in_full"] = figure(in_full)
            more = ngettext(
                "%(wanted)s %(in_full)s paid %(each)s, the others what they had left.",
                "%(wanted)s %(in_full)s paid %(each)s, the others what they had left.",
                in_full,
            )
            return more % words
        if said["round"] == 1:
            return _("%(wanted)s Each paid %(each)s out of their %(purse)s.") % words
        return _("%(wanted)s Each paid %(each)s.") % words

    def _lost(self, option: BallotOption, said: dict[str, Any]) -> str:
        number = str(option.number)
        words = {
            "lacked": amount(said["lacked"]),
            "left": amount(max(option.cost - said["lacked"], 0)),
        }
        together = self.figures.get("left", {}).get(number, 0)
        with_shares = said["reason"] in (outcome.SUPPORTERS_CANNOT_PAY, outcome.OVER_BUDGET)
        if with_shares and together > max(option.cost - said["lacked"], 0):
            words |= {"together": amount(together), "lacked": amount(option.cost - together)}
            return _("Its supporters still had %(together)s together. %(lacked)s were missing.") % words
        if said["reason"] == outcome.OVER_BUDGET and said["lacked"] < option.cost:
            return _("%(left)s were left at its turn. %(lacked)s were missing.") % words
        if said["reason"] == outcome.OVER_BUDGET:
            return _("Nothing was left at its turn.")
        return ""

    @property
    def _weighs(self) -> bool:
        return bool(self.result.regulation.channel_weights)

    def _wanted(self, said: dict[str, Any]) -> dict[str, str]:
        """« 2 931 personnes le voulaient. »: on one envelope, a ballot is a person."""
        count = said["supporters"]
        words = ngettext("%(count)s person wanted it.", "%(count)s people wanted it.", count)
        return {"wanted": words % {"count": figure(count)}}

    def _equal(self, one: dict[str, Any]) -> str:
        return settled(kernel.Round(**one))

    def _plain(self, option: BallotOption) -> str:
        """What « manage.py count » says."""
        return sentence(self._projects[str(option.number)], self._outcome, self._election, self.result.regulation)

    @cached_property
    def _projects(self) -> dict[str, kernel.Project]:
        return {
            number: kernel.Project(number, option.cost, option.title, site=option.site)
            for number, option in self.result.options.items()
        }

    @cached_property
    def _election(self) -> kernel.Election:
        return kernel.Election.of(list(self._projects.values()), [], budget=self.envelope.amount, currency="EUR")

    @cached_property
    def _outcome(self) -> kernel.Outcome:
        return outcome.from_json(self.done)

    @property
    def heading(self) -> str:
        """What one ballot weighed, where it is money."""
        if "share" not in self.figures or self._weighs:
            return ""
        words = {"share": amount(self.figures["share"]), "raised": amount(self.figures["raised"])}
        if self.figures["raised"] > self.figures["share"]:
            return (
                _(
                    "Each ballot weighed the same amount: %(share)s,"
                    " raised to %(raised)s so that less money stays unspent."
                )
                % words
            )
        return _("Each ballot weighed the same amount: %(share)s.") % words

    @cached_property
    def rounds(self) -> list[dict[str, Any]]:
        """Each decision, for the table « tour par tour »."""
        return [
            {
                "label": self._note(one["project"], self.done["reasons"][one["project"]] | {"round": place}),
                "number": one["project"],
                "title": self.result.options[one["project"]].title,
                "paid": amount(one["spent"]),
                "left": amount(one["left"]),
                "supporters": figure(one["supporters"]),
                "why": self._equal(one),
            }
            for place, one in enumerate(self.done["rounds"], start=1)
        ]

    @cached_property
    def money_left(self) -> dict[str, Any]:
        """The bars of what is left after each round, and what they say to those who do not see them."""
        lefts = [self.envelope.amount, *(one["left"] for one in self.done["rounds"])]
        whole, width = max(lefts[0], 1), 286 / max(len(lefts), 1)
        every = max(1, len(lefts) // 12)
        bars = [
            {
                "x": f"{36 + place * width:.1f}",
                "y": f"{160 - 150 * left / whole:.1f}",
                "width": f"{width * 0.72:.1f}",
                "height": f"{150 * left / whole:.1f}",
                "middle": f"{36 + place * width + width * 0.36:.1f}",
                "label": str(place) if place % every == 0 and place < len(lefts) - 1 else "",
                "is_last": place == len(lefts) - 1,
            }
            for place, left in enumerate(lefts)
        ]
        words = {"first": amount(lefts[0]), "last": amount(lefts[-1]), "count": len(lefts) - 1}
        label = ngettext(
            "The money left goes from %(first)s to %(last)s in %(count)d payment. The table has the detail.",
            "The money left goes from %(first)s to %(last)s in %(count)d payments. The table has the detail.",
            len(lefts) - 1,
        )
        names = [pgettext("round", "Start"), *(one["label"] for one in self.rounds)]
        return {
            "bars": bars,
            "label": label % words,
            "top": figure(round(whole / 100_000)),
            "middle": figure(round(whole / 200_000)),
            "rows": [[name, amount(left)] for name, left in zip(names, lefts, strict=True)],
        }

    @cached_property
    def channels(self) -> list[list[str]]:
        """Channel, ballots, share: small channels are told together."""
        return [
            [channels_word(names), figure(number), _share_of(number, self.ballots)]
            for names, number in self.figures["by_channel"]
        ]

    @property
    def marks_differ(self) -> list[list[str]]:
        """People marked on the roll by channel, when they are not as many as the ballots (paper)."""
        if not self.figures.get("marks_differ"):
            return []
        return [[channels_word(names), figure(number)] for names, number in self.figures["marks"]]


def _share_of(part: int, whole: int) -> str:
    return _("%(share)s%%") % {"share": round(100 * part / whole) if whole else 0}


def channels_word(names: list[str]) -> str:
    """« Papier et borne au guichet »."""
    words = [str(BallotChannel(name).label) for name in names]
    joined = _(" and ").join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]
    return joined[:1].upper() + joined[1:]


def rule_name(rules: kernel.Regulation) -> str:
    """A rule as people call it."""
    names = {
        "greedy": pgettext("rule", "the most chosen first"),
        "top_n": pgettext("rule", "the most chosen, a fixed number of them"),
        "equal_shares": pgettext("rule", "equal shares"),
        "phragmen": pgettext("rule", "Phragmén"),
        "majority_judgment": pgettext("rule", "majority judgment"),
    }
    return names[rules.rule]


def compared(result: Result) -> dict[str, Any] | None:
    """The official outcome beside another rule's: who wins in both, and how many people chose a winner."""
    if result.what_if is None:
        return None
    ours, theirs = result.outcome, result.what_if.outcome
    sides = []
    for count in (result.count, result.what_if):
        ballots, with_one, _wins = count.figures["served"]
        sides.append(
            {
                "name": rule_name(kernel.Regulation.from_json(count.regulation)),
                "is_official": count is result.count,
                "winners": len(count.outcome["winners"]),
                "unspent": amount(count.outcome["unspent"]),
                "with_one": with_one,
                "ballots": ballots,
                "share": _share_of(with_one, ballots),
                "sentence": _("%(part)s people out of %(all)s chose at least one funded project.")
                % {"part": figure(with_one), "all": figure(ballots)},
            }
        )
    both = [number for number in ours["winners"] if number in theirs["winners"]]
    return {
        "sides": sides,
        "both": [result.options[number] for number in both],
        "only_ours": [result.options[number] for number in ours["winners"] if number not in both],
        "only_theirs": [result.options[number] for number in theirs["winners"] if number not in both],
        "same": len(both) == len(ours["winners"]) == len(theirs["winners"]),
    }


def headline(count: int) -> str:
    """« Huit projets vont se faire »: in words up to ten."""
    words = {
        1: _("One project is going to be built"),
        2: _("Two projects are going to be built"),
        3: _("Three projects are going to be built"),
        4: _("Four projects are going to be built"),
        5: _("Five projects are going to be built"),
        6: _("Six projects are going to be built"),
        7: _("Seven projects are going to be built"),
        8: _("Eight projects are going to be built"),
        9: _("Nine projects are going to be built"),
        10: _("Ten projects are going to be built"),
    }
    if not count:
        return _("No project is funded")
    return words.get(count) or _("%(count)s projects are going to be built") % {"count": figure(count)}


def short_hash(value: str) -> str:
    """« b41e 07c9 52fa »: enough to compare by eye."""
    return " ".join(value[at : at + 4] for at in (0, 4, 8))
