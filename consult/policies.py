"""Who may read what: the list first, the yes/no derived from it, so that they cannot disagree."""

from django.db.models import QuerySet

from consult.models import Consultation, Proposition


def consultations_to_read() -> QuerySet[Consultation]:
    """Those whose first page is live: a draft, or a page taken down, does not exist for the public."""
    return Consultation.objects.filter(page__live=True).select_related("page")


def propositions_to_read() -> QuerySet[Proposition]:
    """Those with a page of their own, of the consultations above, whatever became of them."""
    return Proposition.objects.public().filter(consultation__page__live=True)


def propositions_to_list() -> QuerySet[Proposition]:
    """Those that stand in lists and counts: neither merged nor withdrawn."""
    return Proposition.objects.listed().filter(consultation__page__live=True)
