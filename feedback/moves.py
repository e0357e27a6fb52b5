"""Moving a fiche or a pain point along its table: the only code that changes a state.

Every act locks in one order, so that two acts never wait for each other:

the grouping (``grouping.placing.lock_grouping``) → pain points, by number → fiches, by key → what hangs on them

A row that points to a pain point or to a fiche (a membership, a recipient) waits for its lock: it counts as one.
"""

from collections.abc import Iterable

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, BooleanField, F, Func, QuerySet, Value
from django.db.models.functions import Now

from feedback import announcing
from feedback.choices import FICHE_MOVES, PAIN_POINT_MOVES, FicheState, PainPointState
from feedback.errors import NotAllowedNow
from feedback.models import Fiche, PainPoint


def lock(pain_point: PainPoint, *targets: PainPointState) -> PainPoint:
    """The row, locked until the end of the transaction, after checking that it may move to ``targets``.

    Raises ``NotAllowedNow`` when one of the moves is not in the table from the state found under the lock.
    """
    fresh = PainPoint.objects.select_for_update(of=("self",)).get(pk=pain_point.pk)
    if not set(targets) <= PAIN_POINT_MOVES[PainPointState(fresh.state)]:
        raise NotAllowedNow(fresh.get_state_display())
    return fresh


def lock_pain_points(numbers: Iterable[int]) -> list[PainPoint]:
    """These rows, locked in the order of their numbers until the end of the transaction."""
    return list(PainPoint.objects.select_for_update(of=("self",)).filter(pk__in=list(numbers)).order_by("pk"))


def among(column: str, keys: Iterable[int]) -> Func:
    """A condition: this column is one of these keys, thousands maybe. One parameter, where ``__in`` writes as many."""
    listed = Value(list(keys), output_field=ArrayField(BigIntegerField()))
    return Func(F(column), listed, template="%(expressions)s)", arg_joiner=" = ANY(", output_field=BooleanField())


def lock_fiches(keys: Iterable[int]) -> list[int]:
    """The keys of these rows, locked in order; after the pain points, never before."""
    rows = Fiche.objects.select_for_update(of=("self",)).filter(among("pk", keys))
    return list(rows.order_by("pk").values_list("pk", flat=True))


def move(pain_point: PainPoint, state: PainPointState, **fields: object) -> None:
    """Change the state of a locked pain point, with the ``fields`` that go with it; other tools are told."""
    if state not in PAIN_POINT_MOVES[PainPointState(pain_point.state)]:
        raise NotAllowedNow(pain_point.get_state_display())
    before = pain_point.state
    for name, value in {**fields, "state": state, "state_changed_at": Now()}.items():
        setattr(pain_point, name, value)
    pain_point.save(update_fields=["state", "state_changed_at", *fields])
    pain_point.refresh_from_db(fields=["state_changed_at"])
    announcing.state(pain_point, before=before)


def move_fiches(fiches, state: FicheState) -> int:
    """Move every fiche of a queryset whose state allows it; returns how many moved."""
    return move_locked(Fiche.objects.filter(among("pk", lock_fiches(fiches.values_list("pk", flat=True)))), state)


def move_locked(fiches: QuerySet[Fiche], state: FicheState) -> int:
    """The same for fiches that the caller has locked."""
    allowed = [origin for origin, targets in FICHE_MOVES.items() if state in targets]
    return fiches.filter(state__in=allowed).update(state=state, state_changed_at=Now())


def lock_fiche(fiche: Fiche, *targets: FicheState) -> Fiche:
    """The fiche, locked until the end of the transaction, after checking that it may move to ``targets``."""
    fresh = Fiche.objects.select_for_update(of=("self",)).select_related("service").get(pk=fiche.pk)
    if not set(targets) <= FICHE_MOVES[FicheState(fresh.state)]:
        raise NotAllowedNow(fresh.get_state_display())
    return fresh


def move_fiche(fiche: Fiche, state: FicheState, **fields: object) -> None:
    """Change the state of a locked fiche, with the ``fields`` that go with it; nothing when it is already there."""
    if fiche.state == state:
        return
    if state not in FICHE_MOVES[FicheState(fiche.state)]:
        raise NotAllowedNow(fiche.get_state_display())
    for name, value in {**fields, "state": state, "state_changed_at": Now()}.items():
        setattr(fiche, name, value)
    fiche.save(update_fields=["state", "state_changed_at", *fields])
    fiche.refresh_from_db(fields=["state_changed_at"])
