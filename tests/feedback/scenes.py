"""A pain point with its fiches, filed and gathered through the same doors as people use."""

from feedback.actions import reshaping
from feedback.actions.intake import submit_fiche
from feedback.choices import IntakeChannel
from feedback.grouping.placing import cut_once
from feedback.models import PainPoint
from tests.factories import UserFactory

WORDS = "On me redemande le justificatif de domicile à chaque inscription."
CHANGES = "À partir du 1er février, une seule copie suffit."


def file(service, text=WORDS, **details):
    """A fiche cut into passages, not placed. ``email``, ``phone`` or ``postal_name`` wish an answer."""
    reached = {"email", "phone", "postal_name"} & set(details)
    details = {"wants_answer": bool(reached), **details}
    if "postal_name" in details:
        details |= {"channel": IntakeChannel.PAPER, "by": UserFactory()}
    fiche = submit_fiche(text=text, service=service, **details)
    cut_once(fiche)
    return fiche


def gather(service, *fiches, by=None, title="Justificatif de domicile redemandé") -> PainPoint:
    """A confirmed pain point that holds these fiches."""
    segments = [segment for fiche in fiches for segment in fiche.segments.all()]
    return reshaping.found(segments, title=title, service=service, by=by or UserFactory(owns=[service]))
