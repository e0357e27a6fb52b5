"""Voting on a proposition: once a person, changed and withdrawn until the vote closes.

The database counts (migration 0005): proposition, voter and consultation, in the transaction of the vote.
"""

from django.db import transaction
from django.db.models.functions import Now

from consult import people, phases
from consult.actions.held import held_proposition
from consult.choices import OPINIONS_OF, Act, Opinion, VoteWidget
from consult.errors import NotTaken
from consult.models import Consultation, Participant, Proposition, Vote


@transaction.atomic
def vote(consultation: Consultation, number: int, opinion: Opinion, *, by: Participant) -> Proposition:
    """Give or change one's opinion on the proposition of this number. Twice, or from two tabs at once: one vote.

    Raises ``PhaseClosed``, ``NotForYou``, ``NotTaken``, ``NotAllowedNow``, ``Proposition.DoesNotExist``.
    """
    people.let_in(by, phases.admit(consultation, Act.VOTE))
    voted = held_proposition(consultation, number)
    if opinion not in OPINIONS_OF[VoteWidget(voted.section_vote)]:
        raise NotTaken
    Vote.objects.bulk_create(
        [Vote(proposition=voted, participant=by, opinion=opinion, changed_at=Now())],
        update_conflicts=True,
        unique_fields=["proposition", "participant"],
        update_fields=["opinion", "changed_at"],
    )
    return voted


@transaction.atomic
def withdraw_vote(consultation: Consultation, number: int, *, by: Participant) -> Proposition:
    """Take one's vote back; nothing when there is none. Raises as ``vote``."""
    people.let_in(by, phases.admit(consultation, Act.VOTE))
    voted = held_proposition(consultation, number)
    Vote.objects.filter(proposition=voted, participant=by).delete()
    return voted
