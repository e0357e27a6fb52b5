"""Proving the counters: what the rows say, beside what was kept (the database keeps them, see migration 0005).

A vote counts as long as it is not withdrawn; an argument or a reply, as long as everybody may read it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Model, Q, QuerySet
from django.db.models.functions import Coalesce

from consult import phases
from consult.choices import Opinion, PropositionState, Side, Stance
from consult.models import (
    Argument,
    Consultation,
    Proposition,
    Reply,
    Statement,
    StatementAnswer,
    Useful,
    Vote,
    Voter,
)

_STANDS = Q(is_shown=True, withdrawn_at=None)


@dataclass(frozen=True)
class Difference:
    """A counter that said something else than the rows. ``row`` is « proposition 12 »: model and key."""

    row: str
    counter: str
    kept: int
    true: int


def differences(consultation: Consultation) -> list[Difference]:
    """Every counter of a consultation that is wrong: an empty list is the proof."""
    propositions = Proposition.objects.filter(consultation=consultation)
    arguments = Argument.objects.filter(proposition__consultation=consultation)
    return [
        *_compared(Consultation.objects.filter(pk=consultation.pk), _of_consultation(consultation)),
        *_compared(propositions, _of_propositions(propositions)),
        *_compared(arguments, _of_arguments(arguments)),
        *_compared(Voter.objects.filter(consultation=consultation), _of_voters(consultation)),
        *_compared(Statement.objects.filter(consultation=consultation), _of_statements(consultation)),
    ]


@transaction.atomic
def recount(consultation: Consultation) -> list[Difference]:
    """Put the counters right, alone; what was wrong."""
    phases.alone(consultation)
    found = differences(consultation)
    for wrong in found:
        _put_right(wrong)
    return found


_COUNTED: dict[str, type[Model]] = {
    model._meta.model_name: model for model in (Consultation, Proposition, Argument, Voter, Statement)
}


def _put_right(wrong: Difference) -> None:
    name, pk = wrong.row.split()
    _COUNTED[name]._default_manager.filter(pk=pk).update(**{wrong.counter: wrong.true})


def _compared(rows: QuerySet, truth: dict[int, dict[str, int]]) -> list[Difference]:
    """The counters of these rows that differ; a row that ``truth`` does not know has nothing to count."""
    names = sorted({name for counted in truth.values() for name in counted} or set())
    found = []
    for row in rows.order_by("pk"):
        true = truth.get(row.pk, {})
        found += [
            Difference(f"{row._meta.model_name} {row.pk}", name, getattr(row, name), true.get(name, 0))
            for name in names
            if getattr(row, name) != true.get(name, 0)
        ]
    return found


def _of_consultation(asked: Consultation) -> dict[int, dict[str, int]]:
    votes = Vote.objects.filter(proposition__consultation=asked)
    arguments = Argument.objects.filter(_STANDS, proposition__consultation=asked)
    listed = Proposition.objects.filter(consultation=asked, is_shown=True, state=PropositionState.PUBLISHED)
    counted = {
        "vote_count": votes.count(),
        "voter_count": votes.values("participant").distinct().count(),
        "for_count": arguments.filter(side=Side.FOR).count(),
        "against_count": arguments.filter(side=Side.AGAINST).count(),
        "proposition_count": listed.count(),
    }
    return {asked.pk: counted}


def _of_propositions(rows: QuerySet) -> dict[int, dict[str, int]]:
    kept = ("agree_count", "mixed_count", "disagree_count", "for_count", "against_count")
    truth = {pk: dict.fromkeys(kept, 0) for pk in rows.order_by().values_list("pk", flat=True)}
    votes = Vote.objects.filter(proposition__in=rows.order_by().values("pk")).values("proposition")
    _add(truth, votes.annotate(**{f"{one}_count": _many(opinion=one) for one in Opinion.values}), "proposition")
    arguments = Argument.objects.filter(_STANDS, proposition__in=rows.order_by().values("pk")).order_by()
    sides = {f"{one}_count": _many(side=one) for one in Side.values}
    _add(truth, arguments.values("proposition").annotate(**sides), "proposition")
    return truth


def _of_arguments(rows: QuerySet) -> dict[int, dict[str, int]]:
    keys = rows.order_by().values("pk")
    truth = {row["pk"]: {"useful_count": 0, "reply_count": 0} for row in keys}
    usefuls = Useful.objects.filter(argument__in=keys).values("argument")
    _add(truth, usefuls.annotate(useful_count=Count("pk")), "argument")
    replies = Reply.objects.filter(_STANDS, argument__in=keys).order_by().values("argument")
    _add(truth, replies.annotate(reply_count=Count("pk")), "argument")
    return truth


def _of_voters(asked: Consultation) -> dict[int, dict[str, int]]:
    mine = Count("participant__votes", filter=Q(participant__votes__proposition__consultation=F("consultation")))
    rows = Voter.objects.filter(consultation=asked).annotate(true=Coalesce(mine, 0))
    return {pk: {"vote_count": true} for pk, true in rows.values_list("pk", "true")}


def _of_statements(asked: Consultation) -> dict[int, dict[str, int]]:
    names = {"agree_count": Stance.AGREE, "disagree_count": Stance.DISAGREE, "pass_count": Stance.PASS}
    keys = Statement.objects.filter(consultation=asked).order_by()
    truth = {pk: dict.fromkeys(names, 0) for pk in keys.values_list("pk", flat=True)}
    answers = StatementAnswer.objects.filter(statement__in=keys).values("statement")
    _add(truth, answers.annotate(**{name: _many(stance=one) for name, one in names.items()}), "statement")
    return truth


def _many(**chosen: Any) -> Count:
    return Count("pk", filter=Q(**chosen))


def _add(truth: dict[int, dict[str, int]], counted: Iterable[dict[str, Any]], key: str) -> None:
    for row in counted:
        truth[row.pop(key)].update(row)
