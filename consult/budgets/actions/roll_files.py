"""The voter roll brought through a page: read, told in figures, then kept. No name is ever kept, not even meanwhile."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now

from accounts.models import User
from consult.budgets import phases, rolls
from consult.budgets.actions import registering
from consult.budgets.choices import RollBy
from consult.budgets.models import Budget, RollEntry, RollPreview

SHOWN = 100  # wrong lines told one by one
KEPT = timedelta(hours=1)
SIZE = 32  # bytes of a hash


@dataclass(frozen=True)
class Told:
    """What bringing the file would do. ``people``: named by it; ``known``: on the roll already; ``others``: on the
    roll and not in the file, who stay."""

    people: int
    known: int
    others: int

    @property
    def new(self) -> int:
        return self.people - self.known


@transaction.atomic
def read(budget: Budget, content: bytes, *, by: User) -> RollPreview:
    """In the place of a file read before. ``RollFileUnreadable``, ``RollFileWrong`` (no columns named)."""
    brought = rolls.read_file(content)
    keys = sorted(rolls.keys_of(budget, brought))
    RollPreview.objects.filter(budget=budget).delete()
    return RollPreview.objects.create(
        budget=budget,
        named_by=brought.by,
        keys=bytes.fromhex("".join(keys)),
        wrong=brought.wrong[:SHOWN],
        wrong_lines=len(brought.wrong),
        twice=brought.twice,
        read_by=by,
    )


def found(budget: Budget) -> RollPreview | None:
    """The file that waits for a decision."""
    return RollPreview.objects.filter(budget=budget, read_at__gt=Now() - KEPT).select_related("read_by").first()


def told(preview: RollPreview) -> Told:
    keys = set(_keys(preview))
    on_roll = set(RollEntry.objects.filter(budget=preview.budget_id, listed=True).values_list("person_key", flat=True))
    return Told(len(keys), len(keys & on_roll), len(on_roll - keys))


@transaction.atomic
def bring(preview: RollPreview, *, by: User) -> int:
    """How many people the file named. What was read is gone. ``RollNamedOtherwise``."""
    phases.alone(preview.budget)
    many = registering.put_on_roll(preview.budget, _keys(preview), named_by=RollBy(preview.named_by), by=by)
    preview.delete()
    return many


def give_up(budget: Budget) -> None:
    with transaction.atomic():
        RollPreview.objects.filter(budget=budget).delete()


def forget_late() -> None:
    """By the clock: what nobody confirmed within the hour."""
    with transaction.atomic():
        RollPreview.objects.filter(read_at__lte=Now() - KEPT).delete()


def _keys(preview: RollPreview) -> list[str]:
    kept = bytes(preview.keys)
    return [kept[place : place + SIZE].hex() for place in range(0, len(kept), SIZE)]
