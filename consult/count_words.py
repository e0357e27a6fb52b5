"""A count in sentences: for each project why it won, or what it lacked."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from django.utils.formats import number_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext, pgettext

from tally.budgets import BadFile, BadRegulation, Election, Outcome, Project, Reason, Regulation, Round, outcome

_SYMBOLS = {"EUR": "€", "": ""}
FAULTS = (
    gettext_noop("META does not say the budget"),
    gettext_noop("a mention that META does not declare"),
    gettext_noop("vote_type is one of %(known)s, not “%(text)s”"),
    gettext_noop("no section %(name)s here"),
    gettext_noop("nothing in section %(name)s"),
    gettext_noop("this line cannot be read"),
    gettext_noop("no column %(name)s"),
    gettext_noop("a project without an id"),
    gettext_noop("project %(id)s is there twice"),
    gettext_noop("a ballot of %(held)s projects, at most %(most)s"),
    gettext_noop("a ballot of %(held)s points, at most %(most)s"),
    gettext_noop("a ballot that spends %(held)s cents, at most %(most)s"),
    gettext_noop("%(held)s points for a project, at most %(most)s"),
    gettext_noop("%(held)s cells where %(asked)s are expected"),
    gettext_noop("a ballot chooses a project twice"),
    gettext_noop("a ballot chooses %(id)s, which is not a project"),
    gettext_noop("%(held)s points for %(asked)s projects"),
    gettext_noop("“%(text)s” is not a number"),
    gettext_noop("“%(text)s” is not a number from 0 to one billion"),
    gettext_noop("“%(text)s” is not a whole number"),
    gettext_noop("“%(text)s” is not an amount"),
    gettext_noop("“%(text)s” is not an amount from 0 to ten trillion, in whole cents"),
)
MISRULES = (
    gettext_noop("%(name)s is one of %(known)s, not “%(text)s”"),
    gettext_noop("ties are settled by %(known)s, not “%(text)s”"),
    gettext_noop("lots need a seed, named before the count"),
    gettext_noop("top_n needs n, at least 1"),
    gettext_noop("the step is at least one cent"),
    gettext_noop("%(name)s is below zero"),
    gettext_noop("a channel's weight is above zero"),
    gettext_noop("a ceiling is for territory:… or theme:…, not “%(text)s”"),
    gettext_noop("unknown field: %(name)s"),
    gettext_noop("a value of the wrong kind"),
    gettext_noop("%(name)s is a number or a fraction, not “%(text)s”"),
    gettext_noop("unmarked is not one of the mentions"),
    gettext_noop("%(rule)s does not count ballots of %(kind)s"),
    gettext_noop("“%(text)s” is not a value"),
)


def misruled(bad: BadRegulation) -> str:
    """Why a regulation cannot be applied. The names of its fields are those one types."""
    return _(bad.said) % bad.values


def fault(bad: BadFile) -> str:
    """What is wrong in a file of ballots, and on which line."""
    return _("line %(line)s: %(what)s") % {"line": bad.line, "what": _(bad.said) % bad.values}


def listed(things: Iterable[object]) -> str:
    """« 2, 3 et 7 »."""
    return get_text_list([str(one) for one in things], pgettext("between the last two of a list", "and"))


def amount(cents: int, currency: str = "EUR") -> str:
    """« 12 500 € », « 12,50 € »: cents are told when there are some."""
    whole = cents % 100 == 0
    figure = number_format(Decimal(cents) / 100, decimal_pos=0 if whole else 2, force_grouping=True)
    return f"{figure}\N{NO-BREAK SPACE}{_SYMBOLS.get(currency, currency)}".rstrip()


def votes(score: str) -> str:
    """A score as it is told: « 1 204 », « 3,20 » when channels weigh."""
    exact = Fraction(score)
    places = 0 if exact.denominator == 1 else 2
    return number_format(Decimal(exact.numerator) / exact.denominator, decimal_pos=places, force_grouping=True)


def sentence(project: Project, done: Outcome, election: Election, regulation: Regulation) -> str:
    """One or two sentences in plain words. ``project`` is one of the election's, ``done`` its outcome."""
    reason = done.reasons[project.id]
    if reason.round:
        return _won(project, reason, done.rounds[reason.round - 1], election)
    return _lost(project, reason, election, regulation)


def _won(project: Project, reason: Reason, one: Round, election: Election) -> str:
    said = {
        "round": reason.round,
        "ballots": _supporters(reason.supporters),
        "cost": amount(project.cost, election.currency),
        "spent": amount(one.spent, election.currency),
        "each": amount(one.each, election.currency),
    }
    if reason.reason == outcome.MANDATORY:
        return _("Funded first, without being voted: the rules say so. It costs %(cost)s.") % said
    if reason.reason == outcome.FUNDED_WITHIN_TOLERANCE:
        text = (
            _("Funded in round %(round)s: %(ballots)s. Of its %(cost)s, %(spent)s were left: the rules allow it.")
            % said
        )
    elif one.each:
        text = _("Funded in round %(round)s: %(ballots)s, who each give %(each)s at most for its %(cost)s.") % said
    elif reason.reason == outcome.FUNDED_AS_TOP_UP:
        text = _("Funded in round %(round)s, with what was left: %(ballots)s, %(cost)s.") % said
    else:
        text = _("Funded in round %(round)s: %(ballots)s, %(cost)s.") % said
    return f"{text} {settled(one)}".rstrip()


def settled(one: Round) -> str:
    ways = {
        "lower_cost": _("It was equal with another: the one that costs less goes first."),
        "more_supporters": _("It was equal with another: the one that more people chose goes first."),
        "earlier_deposit": _("It was equal with another: the one filed earlier goes first."),
        "drawn_lots": _("It was equal with another: lots were drawn with the number made public before the count."),
    }
    return ways.get(one.settled_by, "")


def _lost(project: Project, reason: Reason, election: Election, regulation: Regulation) -> str:
    names = {one.id: one.name or one.id for one in election.projects}
    said = {
        "ballots": _supporters(reason.supporters),
        "score": votes(reason.score),
        "cost": amount(project.cost, election.currency),
        "lacked": amount(reason.lacked, election.currency),
        "other": names.get(reason.because, reason.because.partition(":")[2]),
        "threshold": _threshold(regulation),
    }
    sentences = {
        outcome.WITHDRAWN: _("Withdrawn: %(ballots)s, which count for nothing else."),
        outcome.NO_VOTE: _("Nobody chose it."),
        outcome.UNDER_THRESHOLD: _("Not funded: it received %(score)s, and the rules ask for %(threshold)s."),
        outcome.OVER_BUDGET: _("Not funded: %(ballots)s, but %(lacked)s were missing for its %(cost)s."),
        outcome.AFTER_STOP: _("Not funded: %(ballots)s. The count had stopped at “%(other)s”, which did not fit."),
        outcome.SUPPORTERS_CANNOT_PAY: _(
            "Not funded: %(ballots)s, whose shares fell %(lacked)s short of its %(cost)s."
        ),
        outcome.SAME_SITE: _("Not funded: %(ballots)s, but “%(other)s” won on the same site."),
        outcome.CEILING: _("Not funded: %(ballots)s, but it goes over the ceiling of “%(other)s”."),
        outcome.ENOUGH_WINNERS: _("Not funded: %(ballots)s, and there were enough winners already."),
    }
    if reason.reason == outcome.OVER_BUDGET and reason.lacked == project.cost:
        return _("Not funded: %(ballots)s, but nothing was left.") % said
    return sentences[reason.reason] % said


def _supporters(count: int) -> str:
    told = number_format(count, force_grouping=True)
    return ngettext("%(count)s ballot chose it", "%(count)s ballots chose it", count) % {"count": told}


def _threshold(regulation: Regulation) -> str:
    if regulation.threshold_kind == "percent_of_ballots":
        return _("%(share)s %% of the ballots") % {"share": votes(regulation.threshold)}
    return votes(regulation.threshold)
