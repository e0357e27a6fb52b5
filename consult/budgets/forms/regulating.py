"""The regulation as an editor types it: every choice of the kernel, and what cannot go together in plain words."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from consult.budgets.choices import BallotChannel, BallotKind
from consult.budgets.forms.money import MoneyField, cents
from consult.budgets.rules import ACCOUNT, CIVIL, EVERY, ONE_TERRITORY, Rules
from consult.count_words import amount
from tally.budgets import BadRegulation, Regulation

RULES = (
    ("greedy", gettext_lazy("The most chosen projects, as long as money is left")),
    ("top_n", gettext_lazy("The first ones, a fixed number")),
    ("equal_shares", gettext_lazy("An equal share of the money for each voter")),
    ("majority_judgment", gettext_lazy("Majority judgment, for mentions")),
    ("phragmen", gettext_lazy("Phragmén’s method, for a study")),
)
TIES = (
    ("", gettext_lazy("nothing more")),
    ("more_supporters", gettext_lazy("the one that more people chose")),
    ("lower_cost", gettext_lazy("the one that costs less")),
    ("earlier_deposit", gettext_lazy("the one filed earlier")),
    ("drawn_lots", gettext_lazy("lots, drawn with a number made public before the vote")),
)
AREAS = ("territory", "theme")


class Share(forms.CharField):
    """« 2 », « 2,5 » or « 3/2 », kept as the kernel reads it. ``least`` and ``most``, both included."""

    def __init__(self, *, least: int = 0, most: int | None = None, **options: Any) -> None:
        super().__init__(**{"max_length": 20, "required": False, **options})
        self.least, self.most = least, most

    def clean(self, value: Any) -> str:
        typed = (super().clean(value) or "").replace(",", ".").replace("%", "").strip() or "0"
        try:
            number = Fraction(typed)
        except (ValueError, ZeroDivisionError):
            raise ValidationError(_("Type a number, as in 2, 2,5 or 3/2.")) from None
        if number < self.least or (self.most is not None and number > self.most):
            raise ValidationError(_("Type a number between %(least)s and %(most)s.") % vars(self))
        return str(number)


class Lines(forms.CharField):
    """« Nord : 100 000 », one a line, kept as a dictionary. ``read`` reads what follows the colon."""

    def __init__(self, read: Callable[[str], int], **options: Any) -> None:
        super().__init__(required=False, widget=forms.Textarea(attrs={"rows": 2}), **options)
        self.read = read

    def clean(self, value: Any) -> dict[str, int]:
        found = {}
        for line in (super().clean(value) or "").splitlines():
            name, colon, figure = line.rpartition(":")
            if not line.strip():
                continue
            if not colon or not name.strip():
                raise ValidationError(_("“%(line)s”: write a name, a colon and a figure.") % {"line": line})
            found[name.strip()] = self.read(figure.strip())
        return found


def _whole(typed: str) -> int:
    if not typed.isdecimal() or not int(typed):
        raise ValidationError(_("“%(typed)s” is not a number of projects.") % {"typed": typed})
    return int(typed)


def _radio(choices: Any, label: Any, **options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(choices=choices, label=label, widget=forms.RadioSelect, **options)


def _number(label: Any, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(min_value=0, max_value=1000, required=False, label=label, help_text=help_text)


class RegulationForm(forms.Form):
    """``territories``: whether an envelope of the budget is for a territory. Valid, ``rules`` holds the ``Rules``."""

    kind = _radio(BallotKind.choices, gettext_lazy("On the ballot, one may"))
    at_least = _number(gettext_lazy("Projects on a ballot, at least"))
    at_most = _number(gettext_lazy("Projects on a ballot, at most"), gettext_lazy("Empty: no limit."))
    points = _number(gettext_lazy("Points to share out"))
    points_each = _number(gettext_lazy("Points on one project, at most"), gettext_lazy("Empty: no limit."))
    mentions = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        label=gettext_lazy("Mentions, the best first"),
        help_text=gettext_lazy("One a line: two at least, seven at most."),
    )
    unmarked = forms.CharField(
        required=False,
        max_length=60,
        label=gettext_lazy("Mention of a project left without one"),
        help_text=gettext_lazy("One of the above. Empty: the last one."),
    )
    envelopes = _radio(
        [
            (EVERY, gettext_lazy("on every envelope")),
            (ONE_TERRITORY, gettext_lazy("for the whole town, and for one territory of their choice")),
        ],
        gettext_lazy("A voter votes"),
    )
    identity = _radio(
        [
            (ACCOUNT, gettext_lazy("by their account: the vote is online only")),
            (CIVIL, gettext_lazy("by their name and date of birth: the vote is on paper too")),
        ],
        gettext_lazy("A voter is known"),
    )
    rule = _radio(RULES, gettext_lazy("Who wins"))
    order = _radio(
        [
            ("score", gettext_lazy("by votes")),
            ("score_per_cost", gettext_lazy("by votes for each euro of cost")),
        ],
        gettext_lazy("Projects are sorted"),
    )
    on_overflow = _radio(
        [
            ("skip", gettext_lazy("passed over, and the next one is looked at")),
            ("stop", gettext_lazy("the end of the count")),
            ("tolerance", gettext_lazy("the last one, funded if enough of its cost is left")),
        ],
        gettext_lazy("A project dearer than what is left is"),
    )
    tolerance = Share(most=100, label=gettext_lazy("Share of its cost that must be left, in percent"))
    n = _number(gettext_lazy("How many projects win"))
    utility = _radio(
        [
            ("cost", gettext_lazy("the money spent on their projects")),
            ("unit", gettext_lazy("the number of their projects")),
            ("points", gettext_lazy("the points they gave")),
        ],
        gettext_lazy("What a voter gains is measured by"),
    )
    completion = _radio(
        [
            ("none", gettext_lazy("nothing is added")),
            ("first_over_budget", gettext_lazy("shares are raised until the envelope would be overspent")),
            ("first_exhaustive", gettext_lazy("shares are raised until nothing else can be paid for")),
        ],
        gettext_lazy("If shares leave money"),
    )
    step = MoneyField(least=1, required=False, label=gettext_lazy("By how much a share is raised each time"))
    top_up = forms.BooleanField(
        required=False, label=gettext_lazy("What is still left goes to the most chosen projects that fit")
    )
    comparison = forms.BooleanField(
        required=False, label=gettext_lazy("The result of the most chosen projects is kept if it serves more voters")
    )
    threshold_kind = _radio(
        [
            ("none", gettext_lazy("nothing")),
            ("absolute", gettext_lazy("a number of votes or points")),
            ("percent_of_ballots", gettext_lazy("a share of the ballots, in percent")),
        ],
        gettext_lazy("To win, a project needs at least"),
    )
    threshold = Share(label=gettext_lazy("How many"))
    exclusive = forms.BooleanField(required=False, label=gettext_lazy("One winner a site"))
    one_each = forms.BooleanField(
        required=False, label=gettext_lazy("Every territory has a winner before any of them has two")
    )
    ceiling_territory = Lines(cents, label=gettext_lazy("Most money, by territory"))
    ceiling_theme = Lines(cents, label=gettext_lazy("Most money, by theme"))
    most_territory = Lines(_whole, label=gettext_lazy("Most winners, by territory"))
    most_theme = Lines(_whole, label=gettext_lazy("Most winners, by theme"))
    tie_1 = forms.ChoiceField(choices=TIES, required=False, label=gettext_lazy("Between two equals, first"))
    tie_2 = forms.ChoiceField(choices=TIES, required=False, label=gettext_lazy("Then"))
    tie_3 = forms.ChoiceField(choices=TIES, required=False, label=pgettext_lazy("next", "Then"))
    seed = forms.CharField(
        required=False,
        max_length=120,
        label=gettext_lazy("Number for the lots"),
        help_text=gettext_lazy(
            "One that nobody chooses: the winning numbers of a lottery still to come, read before the vote."
        ),
    )
    weight_web = Share(label=BallotChannel.WEB.label, initial="1")
    weight_paper = Share(label=BallotChannel.PAPER.label, initial="1")
    weight_kiosk = Share(label=BallotChannel.KIOSK.label, initial="1")

    def __init__(self, *args: Any, territories: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.territories = territories
        self.rules: Rules | None = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors:
            for field, said in impossible(cleaned, territories=self.territories):
                self.add_error(field, said)
        if not self.errors:
            try:
                self.rules = as_rules(cleaned)
            except BadRegulation:
                self.add_error(None, _("These choices do not hold together: check each one."))
        return cleaned


def impossible(typed: dict[str, Any], *, territories: bool) -> list[tuple[str, str]]:
    """What cannot go together: the field to look at, and a sentence."""
    return [*_ballot_errors(typed, territories=territories), *_count_errors(typed)]


def _ballot_errors(typed: dict[str, Any], *, territories: bool) -> list[tuple[str, str]]:
    kind, wrong = typed["kind"], []
    least, most = typed["at_least"] or 0, typed["at_most"] or 0
    if most and most < least:
        wrong.append(("at_most", _("Less than the least: a ballot could never be cast.")))
    if kind == BallotKind.RANKING and not most:
        wrong.append(("at_most", _("A ranking has a length: say how many projects one ranks.")))
    if kind == BallotKind.POINTS and not typed["points"]:
        wrong.append(("points", _("Say how many points each voter shares out.")))
    if kind == BallotKind.POINTS and (typed["points_each"] or 0) > (typed["points"] or 0):
        wrong.append(("points_each", _("More than the points that one has.")))
    if kind == BallotKind.JUDGMENT:
        wrong += _mention_errors(typed)
    if typed["envelopes"] == ONE_TERRITORY and not territories:
        wrong.append(("envelopes", _("No envelope is for a territory: choose “on every envelope”.")))
    return wrong


def _mention_errors(typed: dict[str, Any]) -> list[tuple[str, str]]:
    names = mentions_of(typed)
    if not 2 <= len(names) <= 7 or len(set(names)) < len(names):
        return [("mentions", _("Write two to seven mentions, each of them once."))]
    if typed["unmarked"].strip() and typed["unmarked"].strip() not in names:
        return [("unmarked", _("Choose one of the mentions above, as it is written there."))]
    if typed["unmarked"].strip() == names[0]:
        return [("unmarked", _("Silence cannot be the best mention: no project would ever have support."))]
    return []


def _count_errors(typed: dict[str, Any]) -> list[tuple[str, str]]:
    kind, rule, wrong = typed["kind"], typed["rule"], []
    if kind == BallotKind.JUDGMENT and rule != "majority_judgment":
        wrong.append(("rule", _("Mentions are only counted by majority judgment: choose it, or another ballot.")))
    if kind != BallotKind.JUDGMENT and rule == "majority_judgment":
        wrong.append(("rule", _("Majority judgment counts mentions: choose the ballot of mentions, or another rule.")))
    has_points = kind in (BallotKind.POINTS, BallotKind.RANKING)
    if rule == "equal_shares" and typed["utility"] == "points" and not has_points:
        wrong.append(("utility", _("This ballot gives no points: choose the money, or the number of projects.")))
    if rule == "equal_shares" and typed["completion"] != "none" and not typed["step"]:
        wrong.append(("step", _("Say by how much a share is raised: 1 € is usual.")))
    if rule == "top_n" and not typed["n"]:
        wrong.append(("n", _("Say how many projects win.")))
    if typed["threshold_kind"] == "percent_of_ballots" and Fraction(typed["threshold"]) > 100:
        wrong.append(("threshold", _("No project is on more than 100 % of the ballots.")))
    if typed["threshold_kind"] != "none" and not Fraction(typed["threshold"]):
        wrong.append(("threshold", _("Say how many, or choose “nothing”.")))
    return [*wrong, *_tie_errors(typed), *_weight_errors(typed)]


def _tie_errors(typed: dict[str, Any]) -> list[tuple[str, str]]:
    chosen = ties_of(typed)
    if len(set(chosen)) < len(chosen):
        return [("tie_2", _("The same way twice settles nothing more."))]
    if "drawn_lots" in chosen[:-1]:
        return [("tie_2", _("Lots settle everything: put them last."))]
    if "drawn_lots" in chosen and not typed["seed"].strip():
        return [("seed", _("Lots need a number, made public before the vote."))]
    return []


def _weight_errors(typed: dict[str, Any]) -> list[tuple[str, str]]:
    said = _("A ballot weighs more than zero: otherwise, do not open this way of voting.")
    return [(f"weight_{one}", said) for one in BallotChannel.values if not Fraction(typed[f"weight_{one}"])]


def mentions_of(typed: dict[str, Any]) -> tuple[str, ...]:
    return tuple(line.strip() for line in typed["mentions"].splitlines() if line.strip())


def ties_of(typed: dict[str, Any]) -> tuple[str, ...]:
    return tuple(typed[name] for name in ("tie_1", "tie_2", "tie_3") if typed[name])


def as_rules(typed: dict[str, Any]) -> Rules:
    """What a kind of ballot or a rule does not use is left at its default: the hash tells nothing that does not count.

    Raises ``BadRegulation``.
    """
    kind = typed["kind"]
    is_judged, names = kind == BallotKind.JUDGMENT, mentions_of(typed)
    return Rules(
        kind=kind,
        at_least=1 if typed["at_least"] is None else typed["at_least"],
        at_most=typed["at_most"] or 0,
        points=typed["points"] or 0 if kind == BallotKind.POINTS else 0,
        points_each=typed["points_each"] or 0 if kind == BallotKind.POINTS else 0,
        mentions=names if is_judged else (),
        envelopes=typed["envelopes"],
        identity=typed["identity"],
        count=Regulation(**_of_rule(typed), **_of_limits(typed), **_of_mentions(typed, names if is_judged else ())),
    )


def _of_mentions(typed: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    if typed["kind"] == BallotKind.RANKING:
        return {"ranking_length": typed["at_most"]}
    if not names:
        return {}
    silent = typed["unmarked"].strip()
    return {"unmarked": names.index(silent) if silent else len(names) - 1}


def _of_rule(typed: dict[str, Any]) -> dict[str, Any]:
    rule = typed["rule"]
    names = {
        "greedy": ("order", "on_overflow"),
        "equal_shares": ("utility", "completion"),
    }.get(rule, ())
    chosen = {"rule": rule} | {name: typed[name] for name in names}
    if rule == "greedy" and typed["on_overflow"] == "tolerance":
        chosen["tolerance"] = typed["tolerance"]
    if rule == "top_n":
        chosen["n"] = typed["n"]
    if rule == "equal_shares":
        chosen |= {name: "greedy" if typed[name] else "none" for name in ("top_up", "comparison")}
        chosen["step"] = typed["step"] or 100
    return chosen


def _of_limits(typed: dict[str, Any]) -> dict[str, Any]:
    weights = {one: typed[f"weight_{one}"] for one in BallotChannel.values}
    has_threshold = typed["threshold_kind"] != "none"
    return {
        "threshold_kind": typed["threshold_kind"],
        "threshold": typed["threshold"] if has_threshold else "0",
        "exclusive": typed["exclusive"],
        "one_each": typed["one_each"],
        "ceilings": {f"{area}:{name}": most for area in AREAS for name, most in typed[f"ceiling_{area}"].items()},
        "at_most": {f"{area}:{name}": most for area in AREAS for name, most in typed[f"most_{area}"].items()},
        "ties": ties_of(typed),
        "seed": typed["seed"].strip() if "drawn_lots" in ties_of(typed) else "",
        "channel_weights": {channel: weight for channel, weight in weights.items() if weight != "1"},
    }


def initial_of(rules: Rules) -> dict[str, Any]:
    """The form as this regulation fills it."""
    count = rules.count
    silent = rules.mentions[count.unmarked] if 0 <= count.unmarked < len(rules.mentions) else ""
    ties = (*count.ties, "", "", "")
    return {
        **{name: getattr(rules, name) for name in ("kind", "envelopes", "identity", "at_least")},
        **{name: getattr(rules, name) or None for name in ("at_most", "points", "points_each")},
        "mentions": "\n".join(rules.mentions),
        "unmarked": silent,
        **{name: getattr(count, name) for name in _SAME},
        "n": count.n or None,
        "top_up": count.top_up == "greedy",
        "comparison": count.comparison == "greedy",
        **{f"tie_{rank}": ties[rank - 1] for rank in (1, 2, 3)},
        **{f"weight_{one}": count.channel_weights.get(one, "1") for one in BallotChannel.values},
        **{f"ceiling_{area}": _lines(count.ceilings, area, amount) for area in AREAS},
        **{f"most_{area}": _lines(count.at_most, area, str) for area in AREAS},
    }


_SAME = (
    "rule",
    "order",
    "on_overflow",
    "tolerance",
    "utility",
    "completion",
    "step",
    "threshold_kind",
    "threshold",
    "exclusive",
    "one_each",
    "seed",
)


def _lines(values: Any, area: str, told: Callable[[int], str]) -> str:
    kept = [(key.partition(":")[2], most) for key, most in values.items() if key.startswith(f"{area}:")]
    return "\n".join(f"{name} : {told(most)}" for name, most in kept)
