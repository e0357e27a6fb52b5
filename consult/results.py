"""What a consultation came to: who took part when, what was most supported and most debated, what was decided.

Votes are told only when no section hides them any more (``told_from``).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Count, F, FloatField, Func, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import TruncWeek

from consult import policies
from consult.choices import PhaseKind, VoteWidget
from consult.models import Argument, Consultation, Decision, Proposition, Theme, ThemeMember, Vote
from consult.public import Asked
from consult.themes import policies as theme_policies
from consult.themes.counting import Held, held_by

FEW = 5  # votes of a week, or of a section, under which their number is not told
LEAST_VOTES = 10  # under which nothing is called a consensus
SURE_HALF, LITTLE_OPPOSED = 0.5, 0.2  # shares of the votes: surely above, surely under
KEPT_FOR = 300  # seconds that the figures of weeks are kept


def told_from(asked: Asked) -> datetime | None:
    """Until when the results are hidden, because a section hides its votes; None when they may be read now."""
    if not any(asked.hides_votes(section) for section in asked.sections):
        return None
    votes = [phase.closes_at for phase in asked.phases if phase.kind == PhaseKind.VOTE]
    return max(votes, default=asked.at)


@dataclass(frozen=True)
class Week:
    """What was written in a week; ``starts`` is its Monday, in the time zone of the consultation."""

    starts: date
    propositions: int
    arguments: int
    votes: int

    @property
    def written(self) -> int:
        return self.propositions + self.arguments


def weeks(asked: Asked) -> list[Week]:
    """Every week from the first contribution to the last, empty ones included."""
    kept = asked.consultation
    said = (kept.last_number, kept.proposition_count, kept.for_count, kept.against_count, kept.vote_count)
    key = f"consult:weeks:{kept.pk}:{':'.join(str(count) for count in said)}"
    return cache.get_or_set(key, lambda: _counted(asked), KEPT_FOR)


def _counted(asked: Asked) -> list[Week]:
    propositions = _by_week(policies.propositions_to_list().filter(consultation=asked.consultation), asked)
    arguments = _by_week(arguments_to_tell(asked.consultation), asked)
    votes = _by_week(Vote.objects.filter(proposition__consultation=asked.consultation), asked)
    known = sorted({*propositions, *arguments, *votes})
    found, monday = [], known[0] if known else date.max
    while known and monday <= known[-1]:
        found.append(Week(monday, propositions.get(monday, 0), arguments.get(monday, 0), votes.get(monday, 0)))
        monday += timedelta(weeks=1)
    return found


def weeks_by_section(asked: Asked) -> dict[date, dict[int, int]]:
    """Propositions and arguments of each week in each section, by its key; weeks without any are left out."""
    kept = asked.consultation
    said = (kept.last_number, kept.proposition_count, kept.for_count, kept.against_count)
    key = f"consult:weeks-sections:{kept.pk}:{':'.join(str(count) for count in said)}"
    return cache.get_or_set(key, lambda: _counted_by_section(asked), KEPT_FOR)


def _counted_by_section(asked: Asked) -> dict[date, dict[int, int]]:
    monday = TruncWeek("created_at", tzinfo=asked.page.zone)
    found: dict[date, dict[int, int]] = {}
    for rows, section in (
        (policies.propositions_to_list().filter(consultation=asked.consultation), "section"),
        (arguments_to_tell(asked.consultation), "proposition__section"),
    ):
        counted = rows.order_by().annotate(monday=monday).values_list("monday", section).annotate(Count("pk"))
        for when, key, count in counted:
            week = found.setdefault(when.date(), {})
            week[key] = week.get(key, 0) + count
    return dict(sorted(found.items()))


def _by_week(rows: QuerySet, asked: Asked) -> dict[date, int]:
    monday = TruncWeek("created_at", tzinfo=asked.page.zone)
    counted = rows.order_by().annotate(monday=monday).values_list("monday").annotate(Count("pk"))
    return {when.date(): count for when, count in counted}


def arguments_to_tell(consultation: Consultation) -> QuerySet[Argument]:
    """Those that stand under propositions that stand, or that were merged into one."""
    standing = policies.propositions_that_count().filter(consultation=consultation)
    return Argument.objects.filter(is_shown=True, withdrawn_at=None, proposition__in=standing.values("pk"))


def merged(consultation: Consultation) -> QuerySet[Proposition]:
    """Those that went into another one, in the order of their numbers."""
    gone = policies.propositions_that_count().filter(consultation=consultation, merged_into__isnull=False)
    return gone.select_related("merged_into", "author").order_by("number")


def numbers_taken(consultation: Consultation) -> dict[int, str]:
    """For each proposition that took others in, by key, their numbers: « 3 12 »."""
    taken: dict[int, list[str]] = {}
    for into, number in merged(consultation).values_list("merged_into", "number"):
        taken.setdefault(into, []).append(str(number))
    return {into: " ".join(numbers) for into, numbers in taken.items()}


def themes(consultation: Consultation) -> list[tuple[Theme, Held]]:
    """Each validated theme with what a person validated in it, the largest first."""
    found = list(theme_policies.themes_to_read(consultation))
    held = held_by(found, public=True) if found else {}
    counted = [(theme, held.get(theme.pk, Held())) for theme in found]
    return sorted(counted, key=lambda one: (-one[1].propositions, one[0].name))


def texts_of_themes(consultation: Consultation) -> QuerySet[ThemeMember]:
    """Validated texts of validated themes, under propositions that stand."""
    standing = policies.propositions_to_list().filter(consultation=consultation).values("pk")
    shown = Q(argument=None) | Q(argument__is_shown=True, argument__withdrawn_at=None)
    rows = ThemeMember.objects.public().filter(shown, proposition__in=standing)
    return rows.select_related("theme", "proposition", "argument").order_by(
        "theme__name", "proposition__number", F("argument__number").asc(nulls_first=True)
    )


def by_section(consultation: Consultation) -> dict[int, dict[str, int]]:
    """Propositions, arguments and votes of each section, by its key."""
    listed = policies.propositions_to_list().filter(consultation=consultation).order_by()
    counted = listed.values("section").annotate(
        propositions=Count("pk"),
        arguments=Sum(F("for_count") + F("against_count")),
        votes=Sum(F("agree_count") + F("mixed_count") + F("disagree_count")),
    )
    return {row.pop("section"): row for row in counted}


def most_supported(consultation: Consultation, many: int = 5) -> list[Proposition]:
    """Sure support first (``score``), among those with a vote."""
    voted = policies.propositions_to_list().filter(consultation=consultation, score__gt=0)
    return list(voted.order_by("-score", "-pk").select_related("author", "section").defer("search", "body")[:many])


def consensus(consultation: Consultation, many: int | None = 5) -> list[Proposition]:
    """Those that most people agree with and hardly anybody is against, the surest first.

    Where one may disagree, and of at least ``LEAST_VOTES`` votes: surely half of the votes agree (``score``, Wilson's
    lower bound at 95 %), and surely less than one in five disagree (``accepted``, the same bound of the other votes).
    """
    votes = F("agree_count") + F("mixed_count") + F("disagree_count")
    accepted = Func(votes - F("disagree_count"), votes, function="consult_wilson", output_field=FloatField())
    asked = policies.propositions_to_list().filter(consultation=consultation, section__vote=VoteWidget.THREE)
    sure = asked.filter(score__gte=SURE_HALF).annotate(voted=votes, accepted=accepted)
    found = sure.filter(voted__gte=LEAST_VOTES, accepted__gte=1 - LITTLE_OPPOSED)
    return list(found.order_by("-score", "-pk").select_related("author", "section").defer("search", "body")[:many])


def most_debated(consultation: Consultation, many: int | None = 5) -> list[Proposition]:
    """First those with many arguments on both sides."""
    talked = policies.propositions_to_list().filter(consultation=consultation, debate__gt=0)
    return list(talked.order_by("-debate", "-pk").select_related("author", "section").defer("search", "body")[:many])


def decisions(consultation: Consultation) -> QuerySet[Decision]:
    """Those that stand, of propositions that stand, in the order of their numbers."""
    standing = policies.decisions_to_read().standing().filter(proposition__consultation=consultation)
    return standing.select_related("proposition", "proposition__section", "service", "publication").order_by(
        "proposition__number"
    )


def verdicts(propositions: Iterable[Proposition]) -> dict[int, str]:
    """The public verdict of these propositions, by key."""
    keys = [one.pk for one in propositions]
    standing = policies.decisions_to_read().standing().filter(proposition__in=keys).select_related(None)
    return dict(standing.values_list("proposition", "verdict"))


def history(proposition: Proposition) -> list[Decision]:
    """The public decisions of a proposition, the one that stands first."""
    return list(
        policies.decisions_to_read().filter(proposition=proposition).select_related("proposition").order_by("-pk")
    )


def with_decisions(propositions: QuerySet[Proposition]) -> QuerySet[Any]:
    """For those who decide: ``prepared`` and ``public`` are the verdicts, ``notes_count`` the internal notes."""
    mine = Decision.objects.filter(proposition=OuterRef("pk"))
    notes = policies.notes_about(OuterRef("pk")).order_by().values("proposition").annotate(n=Count("pk")).values("n")
    return propositions.annotate(
        prepared=Subquery(mine.prepared().values("verdict")[:1]),
        public=Subquery(mine.standing().values("verdict")[:1]),
        notes_count=Subquery(notes, output_field=IntegerField()),
    )


def undecided(consultation: Consultation) -> int:
    """Propositions of which nothing is decided, neither prepared nor public."""
    return policies.propositions_to_decide(consultation).exclude(pk__in=Decision.objects.values("proposition")).count()
