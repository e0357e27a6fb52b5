"""What an address leads to: a consultation as it is read now, and one of its propositions."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language

from consult import policies, public
from consult.models import Consultation, Proposition, Section
from consult.public import Asked


def asked_or_404(slug: str) -> Asked:
    """The consultation, in the language of the reader; 404 while its page is not public."""
    return public.read(consultation_or_404(slug), language=get_language() or "")


def consultation_or_404(slug: str) -> Consultation:
    """The same without its pages: what an act asks for."""
    found = policies.consultation_to_read_now(slug)
    if found is None:
        raise Http404
    return found


def proposition_or_404(asked: Asked, number: int, *, reader: Any) -> Proposition:
    """The proposition of this number, if ``reader`` (an account, or nobody) may read it."""
    shown = (
        policies.with_the_opinion_of(reader, policies.propositions_to_read_by(reader))
        .select_related("author", "merged_into", "case")
        .defer("search", "merged_into__search", "merged_into__body")
    )
    found = get_object_or_404(shown, consultation=asked.consultation, number=number)
    found.consultation = asked.consultation  # its page is already here
    return found


def section_of(asked: Asked, proposition: Proposition) -> Section:
    """In the words of the reader's language."""
    found = next((section for section in asked.sections if section.pk == proposition.section_id), None)
    if found is None:
        raise Http404
    return found
