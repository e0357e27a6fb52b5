"""Tidying the arguments of one proposition: near-identical ones folded under the first, and how useful each is.

Done by the worker, after the act: safe to run twice, or by two workers at once.
"""

from collections.abc import Sequence

from django.db import connection, transaction

import clustering
from consult.choices import Side
from consult.models import Argument

# Usefulness: of those who marked anything in this thread since the argument was there, the share who marked it.
# Somebody who came before it could not see it, and does not count against it. Wilson's lower bound: 2 of 2 is no proof.
_RANK = """
WITH last AS (
    SELECT MAX(u.created_at) AS at FROM consult_useful u
    JOIN consult_argument a ON a.id = u.argument_id
    WHERE a.proposition_id = %(proposition)s AND a.is_shown AND a.withdrawn_at IS NULL GROUP BY u.participant_id
), read AS (
    SELECT a.id, (SELECT COUNT(*) FROM last WHERE last.at >= a.created_at) AS people
    FROM consult_argument a WHERE a.proposition_id = %(proposition)s
)
UPDATE consult_argument a SET useful_score = consult_wilson(a.useful_count, GREATEST(a.useful_count, read.people))
FROM read WHERE read.id = a.id
    AND a.useful_score <> consult_wilson(a.useful_count, GREATEST(a.useful_count, read.people))
"""


@transaction.atomic
def fold(proposition_pk: int) -> int:
    """Put each standing argument under the first of its side that says nearly the same; how many rows changed."""
    rows = Argument.objects.filter(proposition=proposition_pk).order_by("pk").select_for_update(no_key=True)
    standing = [one for one in rows if one.is_shown and one.withdrawn_at is None]
    heads = {pk: head for side in Side.values for pk, head in _heads([a for a in standing if a.side == side]).items()}
    moved = [one for one in rows if one.fold_id != heads.get(one.pk)]
    for one in moved:
        one.fold_id = heads.get(one.pk)
    Argument.objects.bulk_update(moved, ["fold"])
    return len(moved)


def _heads(arguments: Sequence[Argument]) -> dict[int, int]:
    """For each that repeats another (``clustering.duplicates``), the key of the first that said it."""
    first: dict[int, int] = {}
    labels = clustering.duplicates([one.text for one in arguments]).tolist()
    found = {one.pk: first.setdefault(label, one.pk) for one, label in zip(arguments, labels, strict=True)}
    return {pk: head for pk, head in found.items() if pk != head}


def rank(proposition_pk: int) -> None:
    """Bring the sort key of usefulness up to date for every argument of the proposition."""
    with connection.cursor() as cursor:
        cursor.execute(_RANK, {"proposition": proposition_pk})
