"""Counting the ballots of an envelope: read together from the database, counted by the kernel, kept for good.

The worker runs it, once asked for by ``actions/counting``; killed in the middle, it is taken up again and finds the
same. What is published is what was counted: the channels are told, and pooled where one has fewer than five ballots.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np
from django.conf import settings
from django.db import connection
from django.db.models import Count as Number
from django.db.models import Sum, TextField
from django.db.models.functions import Cast, Now
from django.utils import translation
from django.utils.translation import gettext as _

from consult.budgets.choices import BallotChannel, BatchState, CountKind, CountState, CountStep
from consult.budgets.models import (
    Ballot,
    BallotOption,
    Count,
    DeskDay,
    Drawing,
    Envelope,
    FrozenRegulation,
    Mark,
    PaperBatch,
)
from consult.budgets.rules import Rules
from consult.count_words import listed
from tally import budgets as kernel
from tally.budgets import ballots as cast
from tally.budgets import pabulib
from tally.budgets.payments import payments, served

FEW = 5  # fewer ballots than that are told together with others
_LOCK = 0xC0B0D6  # the first half of our advisory locks; the second is the count
_READ_AT_ONCE = 20_000
_SHEETS = ("announced", "valid", "blank", "spoiled", "settled", "settled_together")
_NUMBERS = str.maketrans("[],", "   ")


class MarksDiffer(Exception):
    """More or fewer ballots than marks on the roll, where every ballot has its mark. ``str``: a sentence."""


def rules_of(envelope: Envelope) -> kernel.Regulation:
    """Those that were frozen, with the seed of the public drawing when there was one."""
    frozen = FrozenRegulation.objects.get(budget__page_id=envelope.page_id)
    regulation = Rules.from_json(frozen.content["rules"]).count
    drawing = Drawing.objects.filter(envelope=envelope).first()
    if drawing is None:
        return regulation
    return replace(regulation, ties=(*regulation.ties, "drawn_lots"), seed=drawing.seed)


def election(envelope: Envelope, *, at: datetime) -> kernel.Election:
    """The ballots in the box and the frozen projects, those withdrawn by then told so.

    Nothing in it comes from what may be edited later: the same ballots give the same file, for good.
    """
    frozen = FrozenRegulation.objects.get(budget__page_id=envelope.page_id)
    rules = Rules.from_json(frozen.content["rules"])
    projects = [_project(option, at) for option in BallotOption.objects.filter(envelope=envelope)]
    title, amount = next((one[1], one[3]) for one in frozen.content["envelopes"] if one[0] == envelope.pk)
    return kernel.Election.from_cast(
        projects,
        _cast(envelope, sorted(project.id for project in projects), rules),
        budget=amount,
        kind=rules.counted_as,
        currency="EUR",
        mentions=rules.mentions,
        told={"instance": title, "date_end": frozen.content["closes_at"][:10], "regulation": frozen.hash},
    )


def _project(option: BallotOption, at: datetime) -> kernel.Project:
    return kernel.Project(
        id=str(option.number),
        cost=option.cost,
        name=option.title,
        deposit=option.deposit,
        territory=option.territory,
        theme=option.theme,
        site=option.site,
        mandatory=option.mandatory,
        withdrawn=option.withdrawn_at is not None and option.withdrawn_at <= at,
    )


def fingerprint(ballots: kernel.Election) -> str:
    """The hash of the file that is published."""
    return pabulib.fingerprint(ballots)


def _cast(envelope: Envelope, ids: list[str], rules: Rules) -> cast.Cast:
    """All ballots in arrays: what they say is read as numbers, in one go."""
    said = Ballot.objects.filter(envelope=envelope).annotate(said=Cast("choices", TextField()))
    channels, texts = [], []
    for channel, text in said.values_list("channel", "said").iterator(chunk_size=_READ_AT_ONCE):
        channels.append(channel)
        texts.append(text)
    numbers = np.array("".join(texts).translate(_NUMBERS).split(), np.int64).reshape(-1, 2)
    ranks = np.full(max(map(int, ids), default=0) + 1, -1, np.int32)
    for rank, project in enumerate(ids):
        ranks[int(project)] = rank
    pooled = pools(_by_channel(envelope), rules.count)
    return cast.Cast(
        channel=[pooled[channel] for channel in channels],
        times=np.ones(len(texts), np.int64),
        length=np.array([text.count("[") - 1 for text in texts], np.int64),
        project=ranks[numbers[:, 0]],
        points=numbers[:, 1],
    )


def _by_channel(envelope: Envelope) -> dict[str, int]:
    rows = Ballot.objects.filter(envelope=envelope).order_by().values_list("channel")
    return dict(rows.annotate(Number("pk")))


def pools(counts: Mapping[str, int], rules: kernel.Regulation) -> dict[str, str]:
    """How each channel is called in what is published: « kiosk+paper » when one of them has fewer than five ballots.

    A small channel joins the smallest other, so that nothing gives it away by subtraction. Channels that weigh
    differently are never pooled: the count needs them.
    """
    names = {}
    for weight in {rules.weight(channel) for channel in counts}:
        alike = sorted((number, channel) for channel, number in counts.items() if rules.weight(channel) == weight)
        small = [channel for number, channel in alike if number < FEW]
        while small and len(small) < len(alike) and (len(small) < 2 or sum(map(counts.get, small)) < FEW):
            small.append(alike[len(small)][1])
        name = "+".join(sorted(small))
        names |= {channel: name if channel in small else channel for _number, channel in alike}
    return names


def told_by_channel(counts: Mapping[str, int]) -> list[tuple[list[str], int]]:
    """Channels, and how many ballots, the most used first; those of fewer than five ballots with another."""
    names = pools(counts, kernel.Regulation())
    totals: dict[str, int] = {}
    for channel, number in counts.items():
        totals[names[channel]] = totals.get(names[channel], 0) + number
    return sorted(((name.split("+"), number) for name, number in totals.items()), key=lambda one: -one[1])


def run(count_pk: int) -> Count | None:
    """Do the count that was asked for. None when it is over, or when another worker is at it."""
    count = Count.objects.select_related("envelope", "budget").get(pk=count_pk)
    with _alone(count) as is_alone:
        count.refresh_from_db(fields=["state"])
        if not is_alone or count.is_over:
            return None
        try:
            _counted(count)
        except kernel.UnsettledTie as tie:
            _stop(count, _tie_sentence(tie), tied=list(tie.projects))
        except MarksDiffer as differ:
            _stop(count, str(differ))
        except Exception:
            _stop(count, _("The count met a fault of the program. It is written in its logs: tell the administrator."))
            raise
    count.refresh_from_db()
    return count


def _counted(count: Count) -> None:
    _step(count, CountStep.READING)
    ballots = election(count.envelope, at=count.asked_at)
    channels = _by_channel(count.envelope)
    marks = _marks(count.envelope)
    on_paper = paper(count.envelope)
    _check(channels, marks)
    _step(count, CountStep.COUNTING)
    rules = kernel.Regulation.from_json(count.regulation)
    done = kernel.count(ballots, rules)
    _step(count, CountStep.TELLING)
    figures = told(ballots, rules, done) | {
        "by_channel": told_by_channel(channels),
        "marks": told_by_channel(marks),
        "marks_differ": marks != _voted(channels, on_paper),
        "people": _people(count),
        "paper": on_paper,
    }
    _compare(count, ballots, rules)
    Count.objects.filter(pk=count.pk).update(
        state=CountState.DONE,
        input_hash=done.input_hash,
        outcome=done.as_json(),
        outcome_hash=done.hash,
        figures=figures,
        done_at=Now(),
    )


def told(ballots: kernel.Election, rules: kernel.Regulation, done: kernel.Outcome) -> dict[str, Any]:
    """What sentences need beside the outcome, ready for JSON; amounts in cents.

    ``share`` and ``raised`` of one ballot; ``paid``: project → [each, ballots that gave as much]; ``left``: project →
    what its supporters still had; ``served``: [ballots, those that chose a winner, wins].
    """
    paid, gives = payments(ballots, rules, done), served(ballots, rules, done.winners)
    figures: dict[str, Any] = {"served": [gives.ballots, gives.with_one, gives.wins]}
    if paid is not None:
        figures |= {
            "share": round(paid.share),
            "raised": round(paid.raised),
            "paid": {project: [one.each, one.in_full] for project, one in paid.paid.items()},
            "left": paid.left,
        }
    return figures


def _marks(envelope: Envelope) -> dict[str, int]:
    return dict(Mark.objects.filter(envelope=envelope).order_by().values_list("channel").annotate(Number("pk")))


def paper(envelope: Envelope) -> dict[str, Any]:
    """What the batches of this envelope came to, ready for JSON; empty when none was keyed.

    ``aside``: sheets that are not in the box: spoiled ones, and blank ones where nobody may cast an empty ballot.
    ``explained``: why there are more ballots than people marked, ``[explanation, signatory]`` each.
    """
    closed = PaperBatch.objects.filter(envelope=envelope, state=BatchState.CLOSED).order_by("number")
    sums = closed.aggregate(**{name: Sum(name) for name in _SHEETS})
    if sums["announced"] is None:
        return {}
    explained = list(closed.exclude(explanation="").values_list("explanation", "signatory"))
    cancelled = DeskDay.objects.filter(envelope=envelope, channel=BallotChannel.PAPER).aggregate(n=Sum("cancelled"))
    frozen = FrozenRegulation.objects.get(budget__page_id=envelope.page_id)
    blank_aside = sums["blank"] if Rules.from_json(frozen.content["rules"]).at_least else 0
    return sums | {
        "batches": closed.count(),
        "aside": sums["spoiled"] + blank_aside,
        "cancelled": cancelled["n"] or 0,
        "explained": [list(one) for one in explained],
    }


def _voted(channels: Mapping[str, int], on_paper: Mapping[str, Any]) -> dict[str, int]:
    """Ballots by channel, with the sheets that are not in the box: they are somebody's vote too."""
    aside = on_paper.get("aside", 0)
    return {**channels, BallotChannel.PAPER: channels.get(BallotChannel.PAPER, 0) + aside} if aside else dict(channels)


def _people(count: Count) -> int:
    """Who voted in this budget, on one envelope at least."""
    return Mark.objects.filter(entry__budget=count.budget_id).order_by().values("entry").distinct().count()


def _check(ballots: Mapping[str, int], marks: Mapping[str, int]) -> None:
    """Online and on a tablet, the ballot and its mark are one act. On paper people keep both: a gap is told."""
    for channel in (BallotChannel.WEB, BallotChannel.KIOSK):
        cast_there, marked = ballots.get(channel, 0), marks.get(channel, 0)
        if cast_there != marked:
            said = {"channel": channel.label, "ballots": cast_there, "marks": marked}
            raise MarksDiffer(
                _(
                    "The box and the roll do not agree (%(channel)s): %(ballots)d ballots, %(marks)d people marked."
                    " Nothing is counted before it is known why."
                )
                % said
            )


def _compare(count: Count, ballots: kernel.Election, rules: kernel.Regulation) -> None:
    """The same ballots by the other great rule, kept beside. Equals go by age there: it decides nothing."""
    other = another(rules, ballots.ballots.kind)
    if other is None:
        return
    done = kernel.count(ballots, other)
    row = Count(
        budget=count.budget,
        envelope=count.envelope,
        number=count.number,
        kind=CountKind.WHAT_IF,
        regulation=other.as_json(),
        regulation_hash=other.hash,
        input_hash=done.input_hash,
        outcome=done.as_json(),
        outcome_hash=done.hash,
        figures=told(ballots, other, done),
        state=CountState.DONE,
        done_at=Now(),
    )
    Count.objects.bulk_create([row], ignore_conflicts=True)  # a worker killed after it was written


def another(rules: kernel.Regulation, kind: str) -> kernel.Regulation | None:
    """Equal Shares against the most voted first, and the reverse; None for mentions, which have one rule."""
    if kind == kernel.GRADES:
        return None
    ties = rules.ties if "earlier_deposit" in rules.ties else (*rules.ties, "earlier_deposit")
    if rules.rule == "equal_shares":
        return replace(rules, rule="greedy", order="score", on_overflow="skip", ties=ties)
    return replace(
        rules,
        rule="equal_shares",
        utility="cost" if kind == kernel.APPROVAL else "points",
        completion="first_over_budget",
        top_up="greedy",
        comparison="none",
        ties=ties,
    )


def _tie_sentence(tie: kernel.UnsettledTie) -> str:
    numbers = listed(f"n°\N{NO-BREAK SPACE}{project}" for project in tie.projects)
    return _("Projects %(numbers)s are equal, and the regulation does not say which goes first.") % {"numbers": numbers}


def _stop(count: Count, sentence: str, **figures: Any) -> None:
    Count.objects.filter(pk=count.pk).update(
        state=CountState.FAILED, error=sentence[:400], figures=figures, done_at=Now()
    )


def _step(count: Count, step: CountStep) -> None:
    Count.objects.filter(pk=count.pk).update(state=CountState.WORKING, step=step)


def to_take_up() -> Iterable[int]:
    """What was asked for and is not over: a silent broker, or a dead worker."""
    return list(Count.objects.unfinished().order_by("pk").values_list("pk", flat=True))


@contextmanager
def _alone(count: Count) -> Iterator[bool]:
    """Whether nobody else does this count. The lock goes with the connection: a killed worker holds nothing."""
    is_mine = _asked("SELECT PG_TRY_ADVISORY_LOCK(%s, %s)", count.pk)
    try:
        with translation.override(settings.LANGUAGE_CODE):
            yield is_mine
    finally:
        if is_mine:
            _asked("SELECT PG_ADVISORY_UNLOCK(%s, %s)", count.pk)


def _asked(statement: str, count_pk: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, [_LOCK, count_pk])
        return cursor.fetchone()[0]
