"""Answers of people to statements, coded once: one answer per person and statement, sorted."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from itertools import pairwise

import numpy as np

AGREE, PASS, DISAGREE = 1, 0, -1


@dataclass(frozen=True, eq=False)
class Votes:
    """Who answered what. ``person``, ``statement`` and ``answer`` go together, sorted by person then statement.

    ``people`` and ``statements`` hold the ids in the order of their codes; ``replaced`` counts the answers that the
    same person changed later (the last one given counts). Memory: 9 bytes an answer.
    """

    people: list[Hashable]
    statements: list[Hashable]
    person: np.ndarray  # int32
    statement: np.ndarray  # int32
    answer: np.ndarray  # int8
    replaced: int = 0

    @classmethod
    def of(cls, people: Sequence[Hashable], statements: Sequence[Hashable], answers: Sequence[int]) -> "Votes":
        """From three columns of one length, an answer a row, in the order they were given.

        Ids are numbers or strings (arrays are fastest). Answers are 1 (agree), 0 (pass) or -1 (disagree): ValueError
        for anything else, and for columns of different lengths.
        """
        if not len(people) == len(statements) == len(answers):
            raise ValueError("the three columns have different lengths")
        person_ids, person = _coded(people)
        statement_ids, statement = _coded(statements)
        return cls.from_codes(person_ids, statement_ids, person, statement, np.asarray(answers))

    @classmethod
    def from_codes(
        cls,
        people: list[Hashable],
        statements: list[Hashable],
        person: np.ndarray,
        statement: np.ndarray,
        answer: np.ndarray,
    ) -> "Votes":
        """From codes: ``person`` and ``statement`` are ranks in ``people`` and ``statements``; rows in any order."""
        if not np.isin(np.unique(answer), (AGREE, PASS, DISAGREE)).all():
            raise ValueError("an answer is 1, 0 or -1")
        people, person = _sorted(people, person)
        statements, statement = _sorted(statements, statement)
        rows, width = len(answer), max(len(statements), 1)
        if rows == 0:
            nothing = np.empty(0, np.int32)
            return cls(people, statements, nothing, nothing, np.empty(0, np.int8))
        # Sorted with its rank as the last digits: quicker than a stable sort, and as stable. In place: it may be large.
        key = person.astype(np.int64)
        rank = np.arange(rows)
        for factor, term in ((width, statement), (rows, rank)):
            key *= factor
            key += term
        key.sort()
        kept = np.asarray(answer)[np.remainder(key, rows, out=rank)].astype(np.int8)
        key //= rows
        last = np.append(key[1:] != key[:-1], True)
        if not last.all():
            key, kept = key[last], kept[last]
        person, statement = (key // width).astype(np.int32), (key % width).astype(np.int32)
        return cls(people, statements, person, statement, kept, rows - len(kept))

    def __len__(self) -> int:
        return len(self.answer)

    @cached_property
    def given(self) -> np.ndarray:
        """(people,) how many statements each person answered, passes included."""
        return np.bincount(self.person, minlength=len(self.people))

    def counts(self, answer: int) -> np.ndarray:
        """(statements,) how many people gave this answer to each."""
        return self._counts[:, answer - DISAGREE]

    @cached_property
    def starts(self) -> np.ndarray:
        """(people + 1,) where the answers of each person begin."""
        return np.concatenate([[0], np.cumsum(self.given)]).astype(np.int32 if len(self) < 2**31 else np.int64)

    @cached_property
    def seen(self) -> np.ndarray:
        """(statements,) how many people answered each, passes included."""
        return self._counts.sum(axis=1)

    @cached_property
    def _counts(self) -> np.ndarray:
        cell = self.statement * 3 + (self.answer - DISAGREE)
        return np.bincount(cell, minlength=3 * len(self.statements)).reshape(-1, 3)

    def digest(self) -> str:
        """SHA-256 of who answered what, whatever people are called and in whatever order: 64 hexadecimal digits.

        A line a person: the statements in their natural order, each with its answer; lines are then sorted.
        """
        said = [f"{name}={answer}" for name in self.statements for answer in (DISAGREE, PASS, AGREE)]
        cells = (self.statement * 3 + (self.answer - DISAGREE)).tolist()
        bounds = self.starts.tolist()
        lines = (";".join(map(said.__getitem__, cells[a:b])) for a, b in pairwise(bounds))
        return sha256("\n".join(sorted(lines)).encode()).hexdigest()

    def without(self, statements: Iterable[Hashable]) -> np.ndarray:
        """(statements,) False for those named; an unknown id is nobody's."""
        rejected = set(statements)
        return np.array([known not in rejected for known in self.statements], dtype=bool)


def _coded(ids: Sequence[Hashable]) -> tuple[list[Hashable], np.ndarray]:
    """Distinct ids and the rank of each row's."""
    if isinstance(ids, np.ndarray) and ids.dtype.kind in "iu":
        return _coded_integers(ids)
    codes: dict[Hashable, int] = {}
    rows = ids.tolist() if isinstance(ids, np.ndarray) else ids
    found = np.fromiter((codes.setdefault(one, len(codes)) for one in rows), dtype=np.int32, count=len(rows))
    return list(codes), found


def _coded_integers(ids: np.ndarray) -> tuple[list[Hashable], np.ndarray]:
    if len(ids) and ids.min() >= 0 and ids.max() < 4 * len(ids):  # small numbers: a table is quicker than a sort
        known = np.zeros(int(ids.max()) + 1, bool)
        known[ids] = True
        return np.flatnonzero(known).tolist(), (np.cumsum(known) - 1).astype(np.int32)[ids]
    distinct, codes = np.unique(ids, return_inverse=True)
    return distinct.tolist(), codes.astype(np.int32)


def _sorted(ids: list[Hashable], codes: np.ndarray) -> tuple[list[Hashable], np.ndarray]:
    """The ids in their natural order, whatever the order rows came in, and the codes that follow."""
    order = sorted(range(len(ids)), key=lambda code: natural(ids[code]))
    if order == list(range(len(ids))):
        return ids, codes
    rank = np.empty(len(order), np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    return [ids[code] for code in order], rank[codes]


def natural(id: Hashable) -> tuple[int, int, str]:
    """Sorts 2 before 10, numbers before words."""
    text = str(id)
    number = text.isascii() and text.lstrip("-").isdigit() and text.count("-") <= 1 and len(text) < 19
    return (0, int(text), text) if number else (1, 0, text)
