"""Looking for the themes of a consultation: read, group, write what no person decided otherwise.

The thinking holds nothing. The writing is one transaction under the lock of the themes: it reads again what people
decided meanwhile, and obeys. Killed in the middle, nothing is half written; asked again, the same themes go on.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from django.db import connection, transaction
from django.db.models import Q

import clustering
from clustering.surroundings import lonely
from consult.choices import ThemeState
from consult.models import Argument, Consultation, Proposition, Theme, ThemeMember
from consult.themes import reading, vectors
from consult.themes.reading import Passage

Source = tuple[int, int | None]
Say = Callable[[str, int, int], None]

_LOCK = 0xC0117
LEAST = 3  # different propositions that a theme suggested by the machine speaks of
NAME = 80  # characters
FEW = 100  # passages under which neighbours say little of who stands alone


@dataclass(frozen=True)
class Found:
    """A group of texts: a name, key phrases, how close each text is, and the theme it goes on as."""

    name: str
    keyphrases: list[str]
    scores: dict[Source, float]
    goes_on: int | None

    @property
    def propositions(self) -> set[int]:
        return {proposition for proposition, _ in self.scores}


def find(consultation: Consultation, *, say: Say) -> dict[str, int]:
    """Suggest themes, and texts for those that exist; what it gave. Nothing becomes public."""
    passages = reading.passages(consultation)
    total = len(passages)
    say("reading", 0, total)
    meaning = vectors.of([one.text for one in passages], say=lambda done: say("reading", done, total))
    say("grouping", total, total)
    groups = _groups(passages, reading.former(consultation), meaning)
    with transaction.atomic():
        lock(consultation)
        told = _write(consultation, groups)
    return {"texts": total, **told}


def lock(consultation: Consultation) -> None:
    """Until the end of the transaction, nobody else changes the themes of this consultation."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT PG_ADVISORY_XACT_LOCK(%s, %s)", [_LOCK, consultation.pk])


def _groups(passages: Sequence[Passage], former: dict[Source, set[int]], meaning: np.ndarray | None) -> list[Found]:
    if len(passages) < LEAST:
        return []
    # A text in several themes says nothing of which passage made it so.
    previous = [next(iter(held)) if len(held := former.get(one.source, set())) == 1 else None for one in passages]
    grouping = clustering.group([one.text for one in passages], vectors=meaning, previous=previous)
    floor = lonely(grouping.scores) if len(passages) >= FEW else 0.0
    found = []
    for theme in grouping.themes:
        rows = np.flatnonzero((grouping.labels == theme.index) & (grouping.scores >= floor))
        scores: dict[Source, float] = {}
        for row in rows.tolist():
            source = passages[row].source
            scores[source] = max(scores.get(source, 0.0), float(grouping.scores[row]))
        kept = Found(
            _name(theme, rows.tolist(), passages, grouping.scores)[:NAME], theme.keyphrases[:8], scores, theme.previous
        )
        if kept.goes_on or (not theme.is_weak and len(kept.propositions) >= LEAST):
            found.append(kept)
    return found


def _name(theme: clustering.Theme, rows: Sequence[int], passages: Sequence[Passage], scores: np.ndarray) -> str:
    """After the proposition that resembles the others most: its title says what is asked. A person renames it."""
    titled = [row for row in rows if passages[row].title]
    return passages[max(titled, key=lambda row: (scores[row], -row))].title if titled else theme.title


def _write(consultation: Consultation, groups: Sequence[Found]) -> dict[str, int]:
    """What a person put, took out or validated stays; the rest is what was found now."""
    known = {theme.pk: theme for theme in Theme.objects.filter(consultation=consultation)}
    texts = _still_there(consultation, groups)
    wanted: dict[int, dict[Source, float]] = defaultdict(dict)
    new = 0
    for group in groups:
        theme = _root(known, group.goes_on)
        if theme is None:
            if len({one for one, _ in group.scores.keys() & texts}) < LEAST:
                continue
            theme = _suggest(consultation, group, known)
            new += 1
        # One set aside keeps the memory of what resembles it: the same group is not suggested again.
        wanted[theme.pk] |= {source: score for source, score in group.scores.items() if source in texts}
        Theme.objects.filter(pk=theme.pk).update(keyphrases=group.keyphrases)
    _forget_what_nobody_decided(consultation)
    rows = [
        ThemeMember(theme_id=theme, proposition_id=proposition, argument_id=argument, score=score)
        for theme, scores in wanted.items()
        for (proposition, argument), score in scores.items()
    ]
    before = ThemeMember.objects.filter(theme__in=wanted).count()
    ThemeMember.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    added = ThemeMember.objects.filter(theme__in=wanted).count() - before
    empty = Theme.objects.filter(consultation=consultation, state=ThemeState.SUGGESTED, is_name_human=False)
    took_others = Theme.objects.filter(merged_into__isnull=False).values("merged_into")
    empty.filter(members=None).exclude(pk__in=took_others).delete()
    return {"themes": new, "to_validate": added}


def _still_there(consultation: Consultation, groups: Sequence[Found]) -> set[Source]:
    """The texts that still exist: withdrawn, merged or removed meanwhile, they are in no theme."""
    keys = {proposition for group in groups for proposition, _ in group.scores}
    listed = Proposition.objects.listed().filter(pk__in=keys, consultation=consultation)
    standing = set(listed.values_list("pk", flat=True))
    said = {argument for group in groups for _, argument in group.scores if argument}
    shown = set(Argument.objects.filter(pk__in=said, is_shown=True, withdrawn_at=None).values_list("pk", flat=True))
    sources = {source for group in groups for source in group.scores}
    return {(one, said) for one, said in sources if one in standing and (said is None or said in shown)}


def _root(known: dict[int, Theme], key: int | None) -> Theme | None:
    """Where a person said that this theme goes."""
    theme = known.get(key) if key else None
    while theme is not None and theme.merged_into_id:
        theme = known[theme.merged_into_id]
    return theme


def _suggest(consultation: Consultation, group: Found, known: dict[int, Theme]) -> Theme:
    taken = {one.name.lower() for one in known.values()}
    options = [group.name, *(f"{group.name[: NAME - 30]} ({phrase})"[:NAME] for phrase in group.keyphrases)]
    fallback = f"{group.name[: NAME - 12]} ({len(known) + 1})"
    name = next((one for one in options if one and one.lower() not in taken), fallback)
    theme = Theme.objects.create(consultation=consultation, name=name, keyphrases=group.keyphrases)
    known[theme.pk] = theme
    return theme


def _forget_what_nobody_decided(consultation: Consultation) -> None:
    ThemeMember.objects.filter(Q(theme__consultation=consultation), is_human=False, is_validated=False).delete()
