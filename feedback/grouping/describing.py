"""Words for a pain point: key phrases and, until a person gives one, a title."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from clustering.labels import keyphrases
from clustering.titles import title
from feedback.models import PainPoint, Segment

_READ = 200  # passages read per pain point; more would not change its phrases
_NEIGHBOURS = 40  # other pain points it is told apart from


@dataclass(frozen=True)
class Named:
    """The words of passages that no pain point holds yet."""

    title: str
    phrases: list[str] = field(default_factory=list)


def suggest(groups: Sequence[Sequence[Segment]]) -> list[Named]:
    """A title and key phrases for each group of passages, the most typical first; told apart from one another and
    from the pain points that live. Writes nothing."""
    texts = [segment.text for group in groups for segment in group[:_READ]]
    labels = [-1 - rank for rank, group in enumerate(groups) for _ in group[:_READ]]
    for pain_point in PainPoint.objects.living().order_by("-fiche_count")[:_NEIGHBOURS]:
        passages = texts_of(pain_point)
        texts += passages
        labels += [pain_point.pk] * len(passages)
    # Labels of the kernel are whole numbers from 0; -1 stands for none.
    numbers = {label: rank for rank, label in enumerate(dict.fromkeys(labels))}
    phrases = keyphrases(texts, [numbers[label] for label in labels])
    found = [phrases.get(numbers[-1 - rank], []) for rank in range(len(groups))]
    return [
        Named(title(words, texts=[one.text for one in group]), words)
        for words, group in zip(found, groups, strict=True)
    ]


def describe(pain_points: Iterable[PainPoint]) -> None:
    """Give key phrases, and a title unless a person gave one, from the passages each holds now."""
    described = list(pain_points)
    others = PainPoint.objects.living().exclude(pk__in=[one.pk for one in described]).order_by("-fiche_count")
    texts: list[str] = []
    labels: list[int] = []
    for pain_point in [*described, *others[:_NEIGHBOURS]]:
        passages = texts_of(pain_point)
        texts += passages
        labels += [pain_point.pk] * len(passages)
    phrases = keyphrases(texts, labels)
    for pain_point in described:
        _name(pain_point, phrases.get(pain_point.pk, []))


def texts_of(pain_point: PainPoint) -> list[str]:
    """Its passages, the surest first."""
    held = Segment.objects.filter(membership__pain_point=pain_point).order_by("-membership__score", "pk")
    return list(held.values_list("text", flat=True)[:_READ])


def _name(pain_point: PainPoint, phrases: list[str]) -> None:
    pain_point.keyphrases = phrases
    if not pain_point.is_title_human:
        pain_point.title = title(phrases, texts=texts_of(pain_point))
    pain_point.save(update_fields=["keyphrases", "title"])
