"""Pain points found by what a person types."""

import re

from django.db.models import Exists, OuterRef, Q, QuerySet

from feedback.models import PainPoint, Segment

WORDS_AT_MOST = 6
NUMBER = re.compile(r"^\s*(?:n°|#|no\.?)?\s*(\d{1,9})\s*$", re.IGNORECASE)


def about(pain_points: QuerySet[PainPoint], words: str) -> QuerySet[PainPoint]:
    """Those whose number is given, or whose title, key phrases or passages hold every word, accents or not."""
    if number := NUMBER.match(words):
        return pain_points.filter(pk=int(number[1]))
    for word in words.split()[:WORDS_AT_MOST]:
        said = Segment.objects.filter(membership__pain_point=OuterRef("pk"), text__unaccent__icontains=word)
        titled = Q(title__unaccent__icontains=word)
        pain_points = pain_points.filter(titled | Q(Exists(said)))
    return pain_points
