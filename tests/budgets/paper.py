"""Paper, for tests: people marked at a desk, batches keyed by two clerks."""

from datetime import date, timedelta
from itertools import count

from accounts.models import User
from consult.budgets import papers, rolls, sheets
from consult.budgets.actions import batches, marking
from consult.budgets.actions.registering import Declared
from consult.budgets.models import Budget, Envelope, PaperBatch
from tests.budgets import world
from tests.factories import OfficeFactory, UserFactory

_born = count()


def ballot(*costs: int, kind="knapsack", frozen: bool = True, **given) -> Budget:
    """In its ballot phase, and takes paper: one person is one civil identity."""
    return world.ballot(*costs, frozen=frozen, rules=world.ballot_rules(kind, identity="civil", **given))


def clerk(name: str = "") -> User:
    return UserFactory(keeps=[OfficeFactory()], **({"name": name} if name else {}))


def somebody() -> Declared:
    """Another person each time."""
    born = date(1950, 1, 1) + timedelta(days=next(_born))
    return Declared(born_on=born, civil=rolls.Civil("Le Goff", "Ana", born))


def marked(asked: Budget, many: int = 1, *, envelope: Envelope | None = None) -> list[Declared]:
    """As many people, marked on paper."""
    people = [somebody() for _one in range(many)]
    for one in people:
        marking.mark(asked, envelope or world.envelope_of(asked), one)
    return people


def batch(asked: Budget, announced: int, *, by: User | None = None, envelope: Envelope | None = None) -> PaperBatch:
    place = "Mairie, guichet 2"
    return batches.start(
        asked, envelope or world.envelope_of(asked), place=place, announced=announced, by=by or clerk()
    )


def read(one: PaperBatch, typed: str) -> sheets.Reading:
    return sheets.read(papers.sheet(one.budget, one.envelope), typed)


def keyed(one: PaperBatch, lines: list[str], *, by: User) -> None:
    """All its sheets, in their order, by one person."""
    for rank, line in enumerate(lines, start=1):
        batches.key(one, rank, read(one, line), by=by)


def boxed(asked: Budget, lines: list[str], *, marks: int | None = None) -> PaperBatch:
    """People marked, their sheets keyed twice, the batch closed."""
    marked(asked, len(lines) if marks is None else marks)
    one = batch(asked, len(lines))
    for by in (clerk(), clerk()):
        keyed(one, lines, by=by)
    return batches.close(one, by=clerk())
