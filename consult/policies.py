"""Who may read what: the list first, the yes/no derived from it, so that they cannot disagree."""

from collections.abc import Iterable

from django.db.models import QuerySet

from consult.models import Consultation, ConsultationIndexPage, ConsultationPage, Proposition


def consultations_to_read() -> QuerySet[Consultation]:
    """Those whose first page is live: a draft, or a page taken down, does not exist for the public."""
    return Consultation.objects.filter(page__live=True).select_related(
        "page__locale", "page__administration", "page__charter", "page__picture"
    )


def consultation_of(page: ConsultationPage) -> Consultation:
    """The one of this page, draft or not, for those who edit it; one not saved yet while the page is not."""
    found = Consultation.objects.filter(translation_key=page.translation_key).select_related("page__locale").first()
    return found or Consultation(page=page)


def translations_to_read(consultation: Consultation) -> QuerySet[ConsultationPage]:
    """Its pages in other languages than the first's."""
    pages = ConsultationPage.objects.live().filter(translation_key=consultation.translation_key)
    return pages.exclude(pk=consultation.page_id).select_related("locale", "administration", "charter", "picture")


def pages_in(language: str, consultations: Iterable[Consultation]) -> QuerySet[ConsultationPage]:
    """The live pages of these consultations in one language."""
    keys = [consultation.translation_key for consultation in consultations]
    pages = ConsultationPage.objects.live().filter(translation_key__in=keys, locale__language_code=language)
    return pages.select_related("administration", "picture")


def lists_to_read() -> QuerySet[ConsultationIndexPage]:
    """The list of consultations, in each language."""
    return ConsultationIndexPage.objects.live().select_related("locale")


def propositions_to_read() -> QuerySet[Proposition]:
    """Those with a page of their own, of the consultations above, whatever became of them."""
    return Proposition.objects.public().filter(consultation__page__live=True)


def propositions_to_list() -> QuerySet[Proposition]:
    """Those that stand in lists and counts: neither merged nor withdrawn."""
    return Proposition.objects.listed().filter(consultation__page__live=True)
