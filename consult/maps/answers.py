"""The answers that a map is counted from, under names that mean nothing: those of the public file."""

from datetime import datetime
from hashlib import sha256

import numpy as np
from django.db.models import Max
from django.utils.crypto import salted_hmac

from consult.models import Consultation, Statement, StatementAnswer
from tally import Votes

AT_ONCE = 10_000
ROW = np.dtype([("person", np.int64), ("statement", np.int32), ("stance", np.int8)])


def votes_of(consultation: Consultation) -> Votes:
    """Every answer to a statement that stands. Statements bear their number, people a number that means nothing."""
    standing = Statement.objects.standing().filter(consultation=consultation)
    given = StatementAnswer.objects.filter(statement__in=standing).order_by()
    rows = given.values_list("participant", "statement__number", "stance").iterator(chunk_size=AT_ONCE)
    read = np.fromiter(rows, ROW)
    people, person = np.unique(read["person"], return_inverse=True)
    numbers, statement = np.unique(read["statement"], return_inverse=True)
    names = [str(name) for name in _names(consultation, people.tolist())]
    shown = [str(number) for number in numbers.tolist()]
    return Votes.from_codes(names, shown, person.astype(np.int32), statement.astype(np.int32), read["stance"])


def _names(consultation: Consultation, people: list[int]) -> list[int]:
    """The rank of each person in an order that only a key of this site gives: another one in each consultation."""
    drawn = {pk: salted_hmac("consult.map.person", f"{consultation.pk}:{pk}").digest() for pk in people}
    rank = {pk: place for place, pk in enumerate(sorted(people, key=drawn.__getitem__), start=1)}
    return [rank[pk] for pk in people]


def seen(consultation: Consultation) -> str:
    """Another text whenever what is counted changed: an answer, a statement taken out or put back."""
    standing = Statement.objects.standing().filter(consultation=consultation).order_by("number")
    counted = list(standing.values_list("number", "agree_count", "disagree_count", "pass_count"))
    last: datetime | None = StatementAnswer.objects.filter(statement__in=standing.order_by()).aggregate(
        last=Max("changed_at")
    )["last"]
    return sha256(f"{counted} {last}".encode()).hexdigest()
