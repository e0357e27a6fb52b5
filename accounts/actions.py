"""Verbs about people, their roles, and the letters that wait for a person.

Each is one transaction and one journal line, which names nobody but the actor.
"""

import uuid
from collections.abc import Mapping

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts import mails, personal_data
from accounts.choices import WAGTAIL_GROUPS, RoleKind
from accounts.errors import AddressTaken, WrongPlace
from accounts.groups import group_of
from accounts.models import Role, User
from directory.models import Office, Service
from journal.actions import record
from letters import actions as outbox
from letters import preferences
from letters.choices import Frequency
from letters.models import Letter


@transaction.atomic
def create_person(*, email: str, name: str, password: str | None = None, by: User | None = None) -> User:
    """Open an account whose address is taken as confirmed. Without a password, the person asks for a reset link.

    Raises ``AddressTaken``.
    """
    email = email.strip().lower()
    try:
        with transaction.atomic():
            user = User.objects.create_user(email, password, name=name.strip())
    except IntegrityError:
        raise AddressTaken from None
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    record("account.created", user, by=by)
    return user


def announce(user: User) -> None:
    """Journal an account that somebody opened alone; its address waits for confirmation."""
    record("account.created", user, by=None)


@transaction.atomic
def invite(*, email: str, name: str, by: User) -> User:
    """Open an account for a colleague, who receives a link to choose a password. Raises ``AddressTaken``."""
    user = create_person(email=email, name=name, by=by)
    # The colleague's language is not known: that of the site, not that of whom invites.
    mails.send(mails.INVITE, key=user.pk, email=user.email, language=settings.LANGUAGE_CODE)
    record("account.invited", user, by=by)
    return user


@transaction.atomic
def grant(
    user: User, kind: RoleKind, *, service: Service | None = None, office: Office | None = None, by: User | None
) -> Role:
    """Give a role, once: granting it again gives the same row. Raises ``WrongPlace``."""
    if (service is not None) != (kind == RoleKind.SERVICE_OWNER) or (office is not None) != (kind == RoleKind.CLERK):
        raise WrongPlace
    role, is_new = Role.objects.get_or_create(user=user, kind=kind, service=service, office=office)
    if is_new:
        record("role.granted", user, by=by, **_place(role))
    if kind in WAGTAIL_GROUPS:
        user.groups.add(group_of(kind))
    return role


@transaction.atomic
def revoke(role: Role, *, by: User | None) -> None:
    """Withdraw a role, and what it opened in Wagtail."""
    record("role.revoked", role.user, by=by, **_place(role))
    if role.kind in WAGTAIL_GROUPS:
        role.user.groups.remove(group_of(RoleKind(role.kind)))
    role.delete()


@transaction.atomic
def verify_organisation(user: User, *, by: User | None) -> None:
    """Say publicly that this account is the organisation it says it is."""
    user.is_organisation, user.verified_at = True, Now()
    user.save(update_fields=["is_organisation", "verified_at"])
    user.refresh_from_db(fields=["verified_at"])
    record("account.organisation_verified", user, by=by)


@transaction.atomic
def rename(user: User, *, name: str, by: User) -> None:
    """Change the name that others see."""
    user.name = name.strip()
    user.save(update_fields=["name"])
    record("account.renamed", user, by=_other(by, user))


@transaction.atomic
def choose_letters(user: User, choices: Mapping[str, Frequency]) -> None:
    """What this person wants to receive, by name of topic. Raises ``letters.preferences.NoSuchChoice``."""
    key = preferences.recipient_key(user.email)
    for topic, choice in choices.items():
        preferences.choose(key, topic, choice)
    record("account.letters_chosen", user, by=None)


@transaction.atomic
def set_active(user: User, *, is_active: bool, by: User) -> None:
    """Suspend or restore an account; a suspended person is signed out at the next page."""
    user.is_active = is_active
    user.save(update_fields=["is_active"])
    record("account.restored" if is_active else "account.suspended", user, by=by)


@transaction.atomic
def reset_second_factor(user: User, *, by: User) -> None:
    """For a person who lost the telephone and the codes: the next sign-in asks to set one up again."""
    Authenticator.objects.filter(user=user).delete()
    record("account.second_factor_reset", user, by=by)


@transaction.atomic
def close_account(user: User, *, by: User) -> None:
    """Erase the person: name, addresses, password, second factor, roles. The bare row stays, for what it decided."""
    record("account.closed", user, by=_other(by, user))
    outbox.forget(user.email, kinds="accounts.")
    preferences.forget(user.email)
    personal_data.erase_for(user)
    for role in user.roles.all():
        revoke(role, by=_other(by, user))
    EmailAddress.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    user.email = f"{uuid.uuid4().hex}@closed.invalid"
    user.name = _("Closed account")
    user.is_active = user.is_superuser = user.is_staff = user.is_organisation = False
    user.verified_at = user.last_login = None
    user.set_unusable_password()
    user.save()


def _place(role: Role) -> dict[str, object]:
    return {"kind": role.kind, "service": role.service_id, "office": role.office_id}


def _other(by: User, user: User) -> User | None:
    """Nobody when people act on their own account: the journal cannot forget, so it does not learn their name."""
    return None if by.pk == user.pk else by


@transaction.atomic
def mark_letter_sent(letter: Letter, *, by: User) -> None:
    """Somebody checked that a doubtful letter left. Raises ``letters.actions.AlreadyDecided``."""
    outbox.mark_sent(letter)
    record("letter.marked_sent", letter, by=by)


@transaction.atomic
def send_letter_again(letter: Letter, *, by: User) -> None:
    """Somebody wants a doubtful or failed letter to leave again. Raises ``letters.actions.AlreadyDecided``."""
    outbox.send_again(letter)
    record("letter.sent_again", letter, by=by)
