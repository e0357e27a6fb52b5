"""« Ce qu’on vous redemande »: what everybody may read of the documents that services ask for again.

Only what another administration of this site issues, or holds already. Counts are of fiches that say « again », never
of words; under ``FEW`` they are not written, nor can they be worked out. Words are passages that a person chose to
publish, of public pain points.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import F, QuerySet

from directory.models import SupportingDocument
from feedback import policies, public
from feedback.figures import FEW
from feedback.models import PainPoint
from feedback.public import Said
from feedback.radar.matrix import Cell, counted

QUOTED = 2  # passages shown of one pain point


@dataclass(frozen=True)
class AskedAgain:
    """One document: the services that ask for it again, the most told first, and the public pain points about it."""

    document: SupportingDocument
    cells: list[Cell]
    said: list[Said] = field(default_factory=list)

    @property
    def told(self) -> list[Cell]:
        """The services whose number of fiches may be written."""
        return [cell for cell in self.cells if cell.again >= FEW]

    @property
    def hidden(self) -> int:
        """How many services have fewer fiches than may be written."""
        return len(self.cells) - len(self.told)

    @property
    def at_least(self) -> int:
        """Fiches that say so: all of them, or those that may be written when a service has too few."""
        return sum(cell.again for cell in self.told)

    @property
    def is_exact(self) -> bool:
        return not self.hidden


def asked_again() -> list[AskedAgain]:
    """By document, the most told first; six questions to the database, however many fiches there are."""
    by_document: dict[SupportingDocument, list[Cell]] = {}
    for cell in counted(policies.mentions_to_count().filter(asked_again=True)):
        if cell.is_elsewhere or (cell.document.is_held_by_state and not cell.issues_it):
            by_document.setdefault(cell.document, []).append(cell)
    shown = {document: cells for document, cells in by_document.items() if _enough(cells)}
    said = _said_about(shown)
    found = [AskedAgain(document, _fullest_first(cells), said[document.pk]) for document, cells in shown.items()]
    return sorted(found, key=lambda one: (-one.at_least, one.document.name))


def _enough(cells: Iterable[Cell]) -> bool:
    """A document stands here once one service has enough fiches to be counted."""
    return any(cell.again >= FEW for cell in cells)


def _fullest_first(cells: Iterable[Cell]) -> list[Cell]:
    """Those too few to be counted come last, by name: their order would say who has more."""
    return sorted(cells, key=lambda cell: (-cell.again if cell.again >= FEW else 0, cell.service.name))


def _said_about(documents: Iterable[SupportingDocument]) -> Mapping[int, list[Said]]:
    """The public pain points about each document, by key of the document, the fullest first."""
    known = {document.pk: document.key for document in documents}
    about = public.listed().filter(documents__in=known).annotate(about=F("documents")).order_by("-fiche_count", "pk")
    rows = list(about)
    answers, passages = public.last_answers(rows), _passages(rows, known.values())
    found: dict[int, list[Said]] = {pk: [] for pk in known}
    for row in rows:
        quoted = passages.get((row.pk, known[row.about]), [])
        found[row.about].append(Said(row, quoted[:QUOTED], answers.get(row.pk), None, []))
    return found


def _passages(pain_points: Sequence[PainPoint], keys: Iterable[str]) -> dict[tuple[int, str], list[str]]:
    """The published passages that name one of these documents, by pain point and document."""
    chosen = policies.verbatims_public().filter(pain_point__in=pain_points, segment__documents__overlap=list(keys))
    found: dict[tuple[int, str], list[str]] = {}
    rows: QuerySet = chosen.order_by("pk").values_list("pain_point", "segment__text", "segment__documents")
    for number, text, named in rows:
        for key in named:
            found.setdefault((number, key), []).append(text)
    return found
