"""The row that an act writes under, held until the end of its transaction."""

from django.db.models import F, QuerySet

from consult.choices import PropositionState
from consult.errors import NotAllowedNow
from consult.models import Consultation, Proposition
from prepared import Given, Prepared


def held_proposition(consultation: Consultation, number: int) -> Proposition:
    """The proposition that nobody merges or withdraws meanwhile; with what its section takes (``section_vote``,
    ``section_takes_arguments``).

    Raises ``NotAllowedNow`` when it was, ``Proposition.DoesNotExist`` when nobody may read it.
    """
    found = _HELD.first(consultation=consultation.pk, number=number)
    if found is None:
        raise Proposition.DoesNotExist
    if found.state != PropositionState.PUBLISHED:
        raise NotAllowedNow(found.get_state_display())
    return found


def _held() -> QuerySet[Proposition]:
    rows = Proposition.objects.public().filter(consultation=Given("consultation"), number=Given("number"))
    rows = rows.annotate(section_vote=F("section__vote"), section_takes_arguments=F("section__takes_arguments"))
    return rows.defer("search", "body").select_for_update(of=("self",), no_key=True)


_HELD = Prepared(_held)
