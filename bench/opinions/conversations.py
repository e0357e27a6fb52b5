"""Votes to map: conversations published by Polis (CC BY 4.0), and large ones made with camps that are known."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ABOUT = ("participant", "xid", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree")


@dataclass(frozen=True)
class Conversation:
    """Three columns of one length, and the group of each person (-1 for none): as published, or as made."""

    name: str
    people: np.ndarray
    statements: np.ndarray
    answers: np.ndarray
    group: dict[int, int]
    rejected: tuple[int, ...] = ()

    def labels(self, people: list[int]) -> np.ndarray:
        return np.array([self.group[person] for person in people])


def published(data: Path) -> list[Conversation]:
    """One per folder of ``polis/``."""
    return [_read(folder) for folder in sorted((data / "polis").iterdir()) if folder.is_dir()]


def _read(folder: Path) -> Conversation:
    with (folder / "participants-votes.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    with (folder / "comments.csv").open(encoding="utf-8") as file:
        rejected = tuple(int(row["comment-id"]) for row in csv.DictReader(file) if row["moderated"] == "-1")
    votes = [
        (int(row["participant"]), int(name), int(cell))
        for row in rows
        for name, cell in row.items()
        if name not in ABOUT and cell != ""
    ]
    people, statements, answers = (np.array(column) for column in zip(*votes, strict=True))
    group = {int(row["participant"]): int(row["group-id"] or -1) for row in rows}
    known = set(statements.tolist())
    return Conversation(folder.name, people, statements, answers, group, tuple(sorted(known & set(rejected))))


def made(people: int, statements: int, each: int, *, seed: int = 0) -> Conversation:
    """Three camps (5, 3 and 2 in ten) that lean their own way on each statement; ``each`` answers a person, about."""
    rng = np.random.default_rng(seed)
    camp = rng.choice(3, people, p=[0.5, 0.3, 0.2])
    lean = rng.normal(0.4, 0.6, statements) + rng.normal(0, 1.1, (3, statements))
    held = np.full(people, statements) if each >= statements else rng.gamma(2, each / 2, people).astype(int) + 1
    person = np.repeat(np.arange(people, dtype=np.int32), np.minimum(held, statements))
    chosen = [rng.choice(statements, min(count, statements), replace=False).astype(np.int32) for count in held]
    statement = np.concatenate(chosen)
    said = lean[camp[person], statement] + rng.normal(0, 0.8, len(person))
    answers = (said > 0.3).astype(np.int8) - (said < -0.3).astype(np.int8)
    name = f"{people:,} people × {statements} statements, {len(person):,} answers"
    return Conversation(name, person, statement, answers, dict(enumerate(camp.tolist())))
