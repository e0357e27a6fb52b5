"""The supporting documents of this site as the reading of texts knows them: those of everybody, and its own words."""

from collections.abc import Iterable
from functools import lru_cache

from django.db.models import Count, Max
from django.utils.translation import gettext as _

from clustering.gazetteer import DEFAULT, Document
from clustering.lookalikes import DECOYS
from clustering.mentions import plain, spellings
from directory.models import SupportingDocument

CANONICAL = frozenset(document.id for document in DEFAULT)
_known = {document.id: document for document in DEFAULT}


def version() -> str:
    """Changes whenever a document or a word does: one small query."""
    seen = SupportingDocument.objects.aggregate(last=Max("changed_at"), count=Count("pk"))
    return f"{seen['count']}·{seen['last'].isoformat() if seen['last'] else ''}"


def gazetteer() -> tuple[Document, ...]:
    """What to look for in texts: read from the database once per version, in each process."""
    return _gazetteer(version())


@lru_cache(maxsize=2)
def _gazetteer(_version: str) -> tuple[Document, ...]:
    rows = {row.key: row for row in SupportingDocument.objects.select_related("issuer")}
    kept = [_merged(document, rows.get(document.id)) for document in DEFAULT]
    return (*kept, *(_own(row) for key, row in sorted(rows.items()) if key not in CANONICAL))


def _merged(document: Document, row: SupportingDocument | None) -> Document:
    if row is None:
        return document
    names = (row.name, *row.synonyms)
    return Document(
        document.id,
        row.name,
        row.issuer_name or document.issuer,
        (*document.synonyms, *(_literal(name) for name in names)),
        document.asked,
        document.unless,
        document.needs,
    )


def _own(row: SupportingDocument) -> Document:
    return Document(row.key, row.name, row.issuer_name, tuple(_literal(name) for name in (row.name, *row.synonyms)))


def _literal(name: str) -> str:
    """A name typed by a person: what stands in parentheses is a remark, not a choice of words."""
    return name.split("(")[0].replace("=", " ").replace("…", " ").strip() or name


def taken_by(name: str, *, but: str) -> str | None:
    """The name of another document that people already call so; None when the words are free. ``but``: a key."""
    words = plain(_literal(name))
    for document in gazetteer():
        if document.id != but and words in _names(document):
            return document.name
    return None


def says_nothing(name: str) -> bool:
    """Whether nothing is left of a name once little words are taken away, or it is known to be no document."""
    words = plain(_literal(name))
    return not words or len("".join(words)) < 3 or any(words in _names(decoy) for decoy in DECOYS)


@lru_cache(maxsize=256)
def _names(document: Document) -> frozenset[tuple[str, ...]]:
    return frozenset(_plain_names((*document.synonyms, *document.asked)))


def _plain_names(names: Iterable[str]) -> Iterable[tuple[str, ...]]:
    return (plain(spelling) for name in names for spelling in spellings(name))


def refusals(*, key: str, names: Iterable[str]) -> list[str]:
    """Why these words cannot be those of the document ``key``: one sentence a word, none when all can."""
    said = []
    for name in names:
        if says_nothing(name):
            said.append(_("“%(name)s” is too vague: it would be found everywhere.") % {"name": name})
        elif other := taken_by(name, but=key):
            said.append(_("“%(name)s” already means “%(other)s”.") % {"name": name, "other": other})
    return said
