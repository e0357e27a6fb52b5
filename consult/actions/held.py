"""The row that an act writes under, held until the end of its transaction."""

from consult.choices import PropositionState
from consult.errors import NotAllowedNow
from consult.models import Consultation, Proposition


def held_proposition(consultation: Consultation, number: int) -> Proposition:
    """The proposition, with its section, that nobody merges or withdraws meanwhile.

    Raises ``NotAllowedNow`` when it was, ``Proposition.DoesNotExist`` when nobody may read it.
    """
    rows = Proposition.objects.public().select_for_update(of=("self",), no_key=True).select_related("section")
    rows = rows.defer("search", "body", "section__intro")
    found = rows.get(consultation=consultation, number=number)
    if found.state != PropositionState.PUBLISHED:
        raise NotAllowedNow(found.get_state_display())
    return found
