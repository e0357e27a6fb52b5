"""What we write about an account. The outbox holds a row's key only: links are made when the letter is written."""

import uuid

from allauth.account import app_settings
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from letters.actions import promise
from letters.models import Letter
from letters.renderers import Message, from_templates
from letters.topics import Topic

CONFIRM = "accounts.confirm"
INVITE = "accounts.invite"
RESET = "accounts.reset"
EXISTS = "accounts.exists"
NOTICE = "accounts.notice."

# allauth's name of the event → what the person reads.
NOTICES = {
    "password_changed": gettext_lazy("Your password was changed"),
    "password_set": gettext_lazy("Your password was set"),
    "password_reset": gettext_lazy("Your password was changed"),
    "email_changed": gettext_lazy("The e-mail address of your account was changed"),
    "email_deleted": gettext_lazy("An e-mail address was removed from your account"),
    "email_confirm": gettext_lazy("The e-mail address of your account is confirmed"),
    "totp_activated": gettext_lazy("The second step of your sign-in is set up"),
    "totp_deactivated": gettext_lazy("The second step of your sign-in was removed"),
    "recovery_codes_generated": gettext_lazy("New recovery codes were made for your account"),
}


def send(kind: str, *, key: int, email: str, language: str | None = None) -> None:
    """Promise one letter; each request is a letter of its own (allauth limits how many).

    In the language of the page where it was asked for, unless ``language`` is given.
    """
    campaign = f"account:{uuid.uuid4().hex}"
    promise(kind, key=key, campaign=campaign, recipient=email, address=email, language=language)


def confirm(letter: Letter) -> Message:
    key = EmailConfirmationHMAC(EmailAddress.objects.get(pk=letter.key)).key
    link = _link("account_confirm_email", key)
    days = app_settings.EMAIL_CONFIRMATION_EXPIRE_DAYS
    return from_templates(
        "account_confirm", subject=_("Confirm your e-mail address"), context={"link": link, "days": days}
    )


def reset(letter: Letter) -> Message:
    return from_templates("account_reset", subject=_("Choose a new password"), context=_password_link(letter))


def invite(letter: Letter) -> Message:
    return from_templates("account_invite", subject=_("Your account is open"), context=_password_link(letter))


def exists(letter: Letter) -> Message:
    context = {"link": _link("account_login"), "reset_link": _link("account_reset_password")}
    return from_templates("account_exists", subject=_("You already have an account"), context=context)


def notice(letter: Letter) -> Message:
    subject = str(NOTICES[letter.kind.removeprefix(NOTICE)])
    context = {"link": _link("account_reset_password"), "at": letter.promised_at}
    return from_templates("account_notice", subject=subject, context=context)


RENDERERS = {
    CONFIRM: confirm,
    RESET: reset,
    INVITE: invite,
    EXISTS: exists,
    **{NOTICE + event: notice for event in NOTICES},
}

TOPIC = Topic(
    "accounts.account",
    gettext_lazy("Your account and its safety"),
    gettext_lazy("Always sent: confirming an address, a new password, a second step of sign-in."),
    tuple(RENDERERS),
)


def _password_link(letter: Letter) -> dict[str, object]:
    user = User.objects.get(pk=letter.key)
    token = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    link = _link("account_reset_password_from_key", user_pk_to_url_str(user), token)
    return {"link": link, "hours": settings.PASSWORD_RESET_TIMEOUT // 3600}


def _link(name: str, *arguments: str) -> str:
    """On the address of the site as configured, never on the Host that a request claims."""
    return settings.BASE_URL.rstrip("/") + reverse(name, args=arguments)
