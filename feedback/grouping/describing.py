"""Words for a pain point: key phrases and, until a person gives one, a title."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from clustering.labels import keyphrases
from clustering.titles import title
from feedback.choices import PainPointState
from feedback.grouping import frequent
from feedback.grouping.measuring import measure
from feedback.grouping.passages import vectors_of
from feedback.models import Archetype, PainPoint, Segment

_READ, _READ_AT_LEAST = 200, 30  # passages read per pain point; more would not change its phrases…
_READ_IN_ALL = 6_000  # …and this many over all, when a great many are named together
_NEIGHBOURS = 40  # other pain points it is told apart from
_LONGEST = 160


@dataclass(frozen=True)
class Named:
    """The words of passages that no pain point holds yet, and the frequent pain point they resemble."""

    title: str
    phrases: list[str] = field(default_factory=list)
    archetype: Archetype | None = None


def suggest(groups: Sequence[Sequence[Segment]]) -> list[Named]:
    """A title and key phrases for each group of passages, the most typical first; told apart from one another and
    from the pain points that live. Writes nothing."""
    most = min(_READ, max(_READ_AT_LEAST, _READ_IN_ALL // max(len(groups), 1)))
    read = [list(group[:most]) for group in groups]
    texts = [segment.text for group in read for segment in group]
    labels = [-1 - rank for rank, group in enumerate(read) for _ in group]
    for pain_point in PainPoint.objects.living().order_by("-fiche_count")[:_NEIGHBOURS]:
        passages = [segment.text for segment in _passages_of(pain_point)[:most]]
        texts += passages
        labels += [pain_point.pk] * len(passages)
    # Labels of the kernel are whole numbers from 0; -1 stands for none.
    numbers = {label: rank for rank, label in enumerate(dict.fromkeys(labels))}
    phrases = keyphrases(texts, [numbers[label] for label in labels])
    found = [phrases.get(numbers[-1 - rank], []) for rank in range(len(read))]
    known = frequent.active()
    return [_named(words, group, known) for words, group in zip(found, read, strict=True)]


def describe(pain_points: Iterable[PainPoint]) -> None:
    """Give key phrases, cohesion, and a title unless a person gave one, from the passages each holds now."""
    described = list(pain_points)
    name(described)
    measure(described)


def name(pain_points: Sequence[PainPoint]) -> None:
    """The same without the cohesion."""
    if not pain_points:
        return
    others = PainPoint.objects.living().exclude(pk__in=[one.pk for one in pain_points]).order_by("-fiche_count")
    held = {one.pk: _passages_of(one) for one in [*pain_points, *others[:_NEIGHBOURS]]}
    texts = [segment.text for segments in held.values() for segment in segments]
    labels = [number for number, segments in held.items() for _ in segments]
    phrases = keyphrases(texts, labels)
    known = frequent.active()
    for pain_point in pain_points:
        give_words(pain_point, _named(phrases.get(pain_point.pk, []), held[pain_point.pk], known))


def name_new(words: Sequence[tuple[PainPoint, Named]]) -> None:
    """Words for pain points that this transaction founds: nobody else sees them yet."""
    numbers = [one.pk for one, _ in words]
    living = PainPoint.objects.living().filter(service__in={one.service_id for one, _ in words})
    taken: dict[int, set[str]] = defaultdict(set)
    for service, known in living.exclude(pk__in=numbers).values_list("service", "title"):
        taken[service].add(known)
    documents = _documents_of(numbers)
    for one, named in words:
        one.title = _unlike(named, one, taken[one.service_id], documents.get(one.pk, []))
        one.keyphrases, one.archetype = named.phrases, named.archetype
        taken[one.service_id].add(one.title)
    PainPoint.objects.bulk_update([one for one, _ in words], ["title", "keyphrases", "archetype"])


def unlike_others(wanted: Named, pain_point: PainPoint) -> str:
    """The title, with what sets it apart when another living pain point of the service already has it."""
    others = PainPoint.objects.living().filter(service=pain_point.service_id).exclude(pk=pain_point.pk)
    taken = set(others.values_list("title", flat=True))
    return _unlike(wanted, pain_point, taken, _documents_of([pain_point.pk]).get(pain_point.pk, []))


def _unlike(wanted: Named, pain_point: PainPoint, taken: set[str], documents: Sequence[str]) -> str:
    beside = [words for words in (*documents, *wanted.phrases) if words.lower() not in wanted.title.lower()]
    longer = (f"{wanted.title[: _LONGEST - len(words) - 3]}\u00a0: {words}" for words in beside)
    numbered = f"{wanted.title[: _LONGEST - 20]} ({pain_point.pk})"
    return next(one for one in (wanted.title[:_LONGEST], *longer, numbered) if one not in taken)


def _documents_of(numbers: Sequence[int]) -> dict[int, list[str]]:
    """Names of the documents that each of these pain points is about."""
    found: dict[int, list[str]] = defaultdict(list)
    held = PainPoint.objects.filter(pk__in=numbers).exclude(documents=None)
    for number, document in held.order_by("documents").values_list("pk", "documents__name"):
        found[number].append(document)
    return found


def _passages_of(pain_point: PainPoint) -> list[Segment]:
    """Its passages, the surest first."""
    held = Segment.objects.filter(membership__pain_point=pain_point).order_by("-membership__score", "pk")
    return list(held.only("text", "vector", "vector_version")[:_READ])


def _named(phrases: list[str], segments: Sequence[Segment], known: frequent.Known) -> Named:
    """After the frequent pain point that stands out, else after what people wrote, the most central first."""
    if not segments:
        return Named(title(phrases), phrases)
    vectors = vectors_of(segments)
    archetype = known.nearest([segment.text for segment in segments], vectors)
    if archetype is not None:
        return Named(archetype.title, phrases, archetype)
    return Named(title(phrases, texts=[segments[row].text for row in _central(vectors, len(segments))]), phrases)


def _central(vectors: np.ndarray | None, count: int) -> Iterable[int]:
    """Rows, the most central first; as they come without vectors."""
    if vectors is None:
        return range(count)
    middle = vectors.mean(axis=0)
    return np.argsort(-(vectors @ middle), kind="stable").tolist()


def give_words(pain_point: PainPoint, named: Named) -> None:
    """Once a person has named or confirmed it, no machine changes its title, not even one that began before."""
    row = PainPoint.objects.filter(pk=pain_point.pk)
    row.update(keyphrases=named.phrases)
    unnamed = row.filter(is_title_human=False, state=PainPointState.SUGGESTED)
    unnamed.update(title=unlike_others(named, pain_point), archetype=named.archetype)
    pain_point.refresh_from_db(fields=["keyphrases", "title", "archetype"])
