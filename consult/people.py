"""From an account, or a confirmed address, to the one row that stands for this person; and who may take part."""

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac

from accounts.models import User
from accounts.policies import account_with
from consult.choices import Level
from consult.errors import HasAnAccount, NotForYou, SameMailbox
from consult.models import ListPlace, Participant, Phase
from prepared import Given, Prepared

_OF_ACCOUNT = Prepared(lambda: Participant.objects.filter(user=Given("account")))


def mailbox(address: str) -> str:
    """The mailbox behind an address: no capitals, nothing after a « + », the host as machines write it.

    « Lea+quai@Mairie.example » and « lea@mairie.example » are read by one person, who is one participant.
    """
    local, _at, host = address.strip().lower().rpartition("@")
    return f"{local.partition('+')[0] or local}@{_as_machines_write(host)}"


def _as_machines_write(host: str) -> str:
    try:
        return host.rstrip(".").encode("idna").decode()
    except UnicodeError:
        return host  # no host at all: whoever sends a letter there will see


def email_key(address: str) -> str:
    """A keyed hash of the mailbox: the same person is known again without being readable."""
    return salted_hmac("consult.participant", mailbox(address), algorithm="sha256").hexdigest()


def participant_of(user: User) -> Participant:
    """The row of this account, brought up to date; the one its address already had as a visitor, if any.

    One mailbox is one person, whatever the accounts it opened: raises ``SameMailbox`` when another account of the same
    mailbox takes part. Two requests at once end with the same row. Asks one query when nothing changed.
    """
    known = _OF_ACCOUNT.first(account=user.pk)
    if known is None:
        known = _first_time(user)
    elif known.email_key != (key := email_key(user.email)):
        known.email_key = _moved(known, key)
    known.user = user  # at hand: whoever writes to them asks for no other
    return _up_to_date(known, user)


def _first_time(user: User) -> Participant:
    key = email_key(user.email)
    Participant.objects.bulk_create([Participant(user=user, email_key=key, name=user.name)], ignore_conflicts=True)
    Participant.objects.filter(email_key=key, user=None).update(user=user, confirmed_at=Now(), email="")
    mine = Participant.objects.filter(user=user).first()
    if mine is not None:
        return mine
    holder = Participant.objects.filter(email_key=key).select_related("user").first()
    if holder is None or holder.user is None or email_key(holder.user.email) == key:
        raise SameMailbox
    _moved(holder, email_key(holder.user.email))  # they have changed their address since: this one is free
    return Participant.objects.get_or_create(user=user, defaults={"name": user.name, "email_key": key})[0]


def _moved(participant: Participant, key: str) -> str:
    """The mailbox of an account whose address changed. Raises ``SameMailbox`` when another person has it."""
    try:
        with transaction.atomic():
            Participant.objects.filter(pk=participant.pk).update(email_key=key)
    except IntegrityError:
        raise SameMailbox from None
    return key


def _up_to_date(participant: Participant, user: User) -> Participant:
    shown = {"name": user.name, "is_organisation": user.is_organisation, "is_verified": user.verified_at is not None}
    changed = {name: value for name, value in shown.items() if getattr(participant, name) != value}
    if changed:
        Participant.objects.filter(pk=participant.pk).update(**changed)
        for name, value in changed.items():
            setattr(participant, name, value)
    return participant


def account_behind(address: str) -> User | None:
    """The account that this mailbox already has here, whether it took part or not."""
    holder = Participant.objects.filter(email_key=email_key(address)).exclude(user=None).select_related("user").first()
    return holder.user if holder else account_with(address) or account_with(mailbox(address))


def visitor(address: str, *, name: str = "") -> Participant:
    """The row of a mailbox whose reader has just confirmed it. Two confirmations at once end with the same row.

    ``name`` is the one to show from now on, "" leaves the former. Raises ``HasAnAccount``.
    """
    if account_behind(address):
        raise HasAnAccount
    key = email_key(address)
    Participant.objects.bulk_create([Participant(email_key=key, email=address, name=name)], ignore_conflicts=True)
    known = Participant.objects.select_for_update(no_key=True).get(email_key=key)
    if known.user_id is not None:
        raise HasAnAccount  # opened between the two
    Participant.objects.filter(pk=known.pk).update(email=address, name=name or known.name, confirmed_at=Now())
    known.refresh_from_db()
    return known


def known_visitor(pk: int) -> Participant | None:
    """A visitor confirmed on some device before; None once they were erased, or opened an account: they sign in."""
    return Participant.objects.filter(pk=pk, user=None, erased_at=None, confirmed_at__isnull=False).first()


def let_in(participant: Participant, phase: Phase) -> None:
    """Nothing when this person is of the level of the phase; raises ``NotForYou``, which says what to do.

    Where a list names people, the first who comes takes the place that bears their address.
    """
    if phase.level == Level.VERIFIED and not participant.is_verified:
        raise NotForYou(Level.VERIFIED)
    if phase.level == Level.LISTED and not _has_a_place(participant, phase):
        raise NotForYou(Level.LISTED)
    if phase.level == Level.ACCOUNT and participant.user_id is None:
        raise NotForYou(Level.ACCOUNT)


def _has_a_place(participant: Participant, phase: Phase) -> bool:
    places = ListPlace.objects.filter(consultation__page=phase.page_id)
    if places.filter(participant=participant).exists():
        return True
    keys = {participant.email_key} | ({email_key(participant.user.email)} if participant.user else set())
    return take_place(places.filter(key__in=keys - {None}).values_list("pk", flat=True).first(), by=participant)


def take_place(place: int | None, *, by: Participant) -> bool:
    """Whether this place of a list is now theirs: nobody else's, and the only one they have."""
    if place is None:
        return False
    mine = ListPlace.objects.filter(Q(participant=None) | Q(participant=by), pk=place)
    try:
        with transaction.atomic():
            return mine.update(participant=by) == 1
    except IntegrityError:
        return True  # they took another place of this list at the same moment: one is enough
