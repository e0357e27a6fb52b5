"""Words for a pain point: key phrases and, until a person gives one, a title."""

from collections.abc import Iterable

from clustering.labels import keyphrases, title
from feedback.models import PainPoint, Segment

_READ = 200  # passages read per pain point; more would not change its phrases
_NEIGHBOURS = 40  # other pain points it is told apart from


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
        surest = next(iter(texts_of(pain_point)), "")
        pain_point.title = title(phrases, verbatim=surest)[:160]
    pain_point.save(update_fields=["keyphrases", "title"])
