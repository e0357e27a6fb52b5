"""Keeping what fiches say about documents: when they come, and all of them again when the words change."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models.functions import Now

import clustering
from clustering.gazetteer import Document
from directory import documents
from directory.models import SupportingDocument
from feedback.models import DocumentMention, DocumentReading, Fiche, Segment

BATCH = 500  # fiches read again in one transaction


Words = Sequence[Document]


def gazetteer() -> Words:
    """The words of now: one small query. Ask once for many passages."""
    return documents.gazetteer()


def named_in(text: str, words: Words) -> dict[str, bool]:
    """Keys of the documents that a passage names, sorted, and whether each is said to be asked again."""
    found: dict[str, bool] = {}
    for mention in clustering.documents(text, gazetteer=words):
        found[mention.document] = found.get(mention.document, False) or mention.asked_again
    return dict(sorted(found.items()))


Named = tuple[Segment, dict[str, bool]]  # a passage, and what ``named_in`` read in it


def keep(read: Sequence[Named]) -> None:
    """Write the mentions of these saved passages. Done twice, nothing is written twice."""
    if read:
        DocumentMention.objects.bulk_create(_wanted(read, _keys()), ignore_conflicts=True)


def _keys() -> dict[str, int]:
    return dict(SupportingDocument.objects.values_list("key", "pk"))


def _wanted(read: Iterable[Named], keys: dict[str, int]) -> list[DocumentMention]:
    """One mention for each document of each fiche: of the passage that says « again », else of the first."""
    chosen: dict[tuple[int, int], DocumentMention] = {}
    for segment, named in sorted(read, key=lambda one: (one[0].fiche_id, one[0].position)):
        for key, again in named.items():
            if key not in keys:
                continue
            place = (segment.fiche_id, keys[key])
            if place not in chosen or (again and not chosen[place].asked_again):
                chosen[place] = DocumentMention(
                    fiche_id=segment.fiche_id, segment=segment, document_id=keys[key], asked_again=again
                )
    return list(chosen.values())


def start() -> DocumentReading | None:
    """Ask for all passages to be read again with the words of now; None when they were, or are being read."""
    version = documents.version()
    if DocumentReading.objects.filter(version=version).exists():
        return None
    reading, is_new = DocumentReading.objects.get_or_create(version=version, defaults={"total": Fiche.objects.count()})
    return reading if is_new else None


def unfinished() -> list[int]:
    return list(DocumentReading.objects.filter(finished_at=None).order_by("pk").values_list("pk", flat=True))


def last() -> DocumentReading | None:
    return DocumentReading.objects.first()


def run(pk: int, *, batches: int = 20) -> bool:
    """Read on from where it was left, and say whether something is left. The worker has other things to do between.

    Two workers at it: the second waits for nothing and leaves. A newer reading, asked for meanwhile, makes this one
    useless: it stops where it is.
    """
    return all(_read_a_batch(pk) for _ in range(batches))


@transaction.atomic
def _read_a_batch(pk: int) -> bool:
    waiting = DocumentReading.objects.select_for_update(skip_locked=True).filter(pk=pk, finished_at=None)
    reading = waiting.first()
    if reading is None:
        return False
    after = Fiche.objects.filter(pk__gt=reading.last_fiche).order_by("pk")
    fiches = list(after.values_list("pk", flat=True)[:BATCH])
    if not fiches or DocumentReading.objects.filter(pk__gt=pk).exists():
        DocumentReading.objects.filter(pk=pk).update(finished_at=Now())
        return False
    read_again(fiches)
    DocumentReading.objects.filter(pk=pk).update(last_fiche=fiches[-1], done=reading.done + len(fiches))
    return True


def read_again(fiches: Sequence[int]) -> None:
    """Bring the documents of the passages of these fiches, and their mentions, in line with the words of now."""
    segments = list(Segment.objects.filter(fiche__in=fiches).only("pk", "fiche_id", "position", "text", "documents"))
    words = gazetteer()
    read = [(segment, named_in(segment.text, words)) for segment in segments]
    changed = []
    for segment, named in read:
        if list(named) != segment.documents:
            segment.documents = list(named)
            changed.append(segment)
    Segment.objects.bulk_update(changed, ["documents"], batch_size=500)
    wanted = _wanted(read, _keys())
    DocumentMention.objects.filter(fiche__in=fiches).delete()
    DocumentMention.objects.bulk_create(wanted, ignore_conflicts=True)
