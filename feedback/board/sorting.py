"""« À trier »: the fiches that no pain point took, and where they could go."""

from collections.abc import Iterable, Sequence

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import QuerySet

import clustering
from accounts.models import User
from feedback import policies
from feedback.board.passages import Passage, chosen_among
from feedback.models import Fiche, PainPoint
from journal.models import Entry

FICHES_A_PAGE = 20
COMPARED, PROPOSED, HISTORY = 300, 8, 100


def fiches_with_passages_to_sort(user: User) -> QuerySet[Fiche]:
    """The fiches of this person's services that still hold an unplaced passage, oldest first."""
    return policies.fiches_to_sort(user).masked().order_by("received_on", "pk")


def passages_to_sort(user: User, *, page: int) -> tuple[list[list[Passage]], int]:
    """One page of unplaced passages, fiche by fiche, and how many fiches there are."""
    fiches = fiches_with_passages_to_sort(user)
    start = (page - 1) * FICHES_A_PAGE
    keys = list(fiches.values_list("pk", flat=True)[start : start + FICHES_A_PAGE])
    segments = policies.segments_to_sort(user).filter(fiche__in=keys)
    ordered = chosen_among(segments.order_by("fiche__received_on", "fiche", "position"), user)
    by_fiche: dict[int, list[Passage]] = {}
    for passage in ordered:
        by_fiche.setdefault(passage.segment.fiche_id, []).append(passage)
    return list(by_fiche.values()), fiches.count()


def passages_of_fiche(fiche: Fiche, user: User) -> list[Passage]:
    """All its passages, with the pain point that holds each."""
    segments = fiche.segments.select_related("membership__pain_point", "membership__confirmed_by")
    return chosen_among(segments.order_by("position"), user)


def history_of_fiche(fiche: Fiche) -> list[Entry]:
    lines = Entry.objects.filter(subject_type=Fiche._meta.label_lower, subject_key=str(fiche.pk))
    return list(lines.order_by("-pk")[:HISTORY])


def nearest(pain_points: QuerySet[PainPoint], texts: Sequence[str], *, title: str = "") -> list[PainPoint]:
    """The pain points whose key phrases these texts use most; without any, those whose title resembles ``title``."""
    compared = list(pain_points.order_by("-fiche_count")[:COMPARED])
    scores = {one.pk: _shared(one.keyphrases, texts) for one in compared}
    found = sorted((one for one in compared if scores[one.pk]), key=lambda one: (-scores[one.pk], -one.fiche_count))
    if title and len(found) < PROPOSED:
        alike = pain_points.annotate(likeness=TrigramSimilarity("title", title)).order_by("-likeness")
        found += [one for one in alike[:PROPOSED] if one not in found]
    return found[:PROPOSED] or compared[:PROPOSED]


def _shared(keyphrases: Iterable[str], texts: Sequence[str]) -> int:
    return sum(len(clustering.keyphrase_spans(text, keyphrases)) for text in texts)
