"""From an account, or a confirmed address, to the one row that stands for this person."""

from django.db.models.functions import Now
from django.utils.crypto import salted_hmac

from accounts.models import User
from consult.choices import Level
from consult.errors import NotForYou
from consult.models import Participant, Phase


def email_key(address: str) -> str:
    """A keyed hash of an address: the same person is known again without being readable."""
    return salted_hmac("consult.participant", address.strip().lower(), algorithm="sha256").hexdigest()


def participant_of(user: User) -> Participant:
    """The row of this account, brought up to date; the one its address already had as a visitor, if any.

    Two requests at once end with the same row. Asks one query when nothing changed.
    """
    known = Participant.objects.filter(user=user).first()
    if known is None:
        known = _first_time(user)
    return _up_to_date(known, user)


def _first_time(user: User) -> Participant:
    key = email_key(user.email)
    Participant.objects.bulk_create([Participant(user=user, email_key=key, name=user.name)], ignore_conflicts=True)
    Participant.objects.filter(email_key=key, user=None).update(user=user, confirmed_at=Now())
    # The address may still be known of somebody who has changed theirs: the account is enough then.
    return Participant.objects.get_or_create(user=user, defaults={"name": user.name})[0]


def _up_to_date(participant: Participant, user: User) -> Participant:
    shown = {"name": user.name, "is_organisation": user.is_organisation, "is_verified": user.verified_at is not None}
    changed = {name: value for name, value in shown.items() if getattr(participant, name) != value}
    if changed:
        Participant.objects.filter(pk=participant.pk).update(**changed)
        for name, value in changed.items():
            setattr(participant, name, value)
    return participant


def let_in(participant: Participant, phase: Phase) -> None:
    """Nothing when this person is of the level of the phase; raises ``NotForYou``, which says what to do."""
    if phase.level == Level.VERIFIED and not participant.is_verified:
        raise NotForYou(Level.VERIFIED)
    if phase.level == Level.LISTED:
        raise NotForYou(Level.LISTED)  # no list is kept yet: nobody is on it
    if phase.level == Level.ACCOUNT and participant.user_id is None:
        raise NotForYou(Level.ACCOUNT)
