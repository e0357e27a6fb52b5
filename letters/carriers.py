"""Handing one message to the post: SMTP or the SMS gateway. It fails in three ways, and what follows depends on which.

No error raised here ever holds an address: what a server answers may repeat it.
"""

import json
import smtplib
import urllib.error
import urllib.request
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from letters.choices import Channel
from letters.models import Letter
from letters.renderers import Message

# After a server did not answer, nobody waits for it again during these seconds.
SILENCE = 30
SMTP_SILENT = "letters.smtp_is_silent"


class NotCarried(Exception):
    """The base; ``str(error)`` is for the list of letters and holds no personal data."""


class NotNow(NotCarried):
    """Certainly not sent; may be tried again."""


class Refused(NotCarried):
    """Certainly not sent, and never will be at this address."""


class InDoubt(NotCarried):
    """The conversation broke off: it may have been sent."""


def carry(letter: Letter, message: Message) -> None:
    """Send; returning means that a server took charge of it. Raises ``NotNow``, ``Refused`` or ``InDoubt``."""
    if letter.channel == Channel.SMS:
        _carry_by_sms(letter, message)
    else:
        _carry_by_email(letter, message)


def is_silent(channel: str) -> bool:
    """Whether the server did not answer a moment ago: trying again now would only make others wait."""
    return channel == Channel.EMAIL and cache.get(SMTP_SILENT) is not None


def email_of(letter: Letter, message: Message) -> EmailMultiAlternatives:
    """The e-mail with both parts; the same ``Message-ID`` at each attempt, so that a double is recognised."""
    headers = {
        "Message-ID": letter.message_id,
        # RFC 3834: nobody's holiday responder answers a machine.
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    if letter.is_mass:
        headers["Precedence"] = "bulk"
    if message.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{message.unsubscribe_url}>"
        # RFC 8058: the button of the mail reader posts this; opening the address stops nothing.
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    subject = " ".join(message.subject.split())
    email = EmailMultiAlternatives(subject, message.text, to=[letter.address], headers=headers)
    if message.html:
        email.attach_alternative(message.html, "text/html")
    return email


def _carry_by_email(letter: Letter, message: Message) -> None:
    email = email_of(letter, message)
    try:
        email.message()
        validate_email(letter.address)
    except (ValueError, ValidationError) as error:
        # Without this, Django would call a letter to nobody sent.
        raise Refused(_named(error)) from None
    connection = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        cache.set(SMTP_SILENT, True, SILENCE)
        raise NotNow(_named(error)) from None
    try:
        connection.send_messages([email])
    except smtplib.SMTPRecipientsRefused as error:
        raise _verdict(min(code for code, _text in error.recipients.values()), error) from None
    except (smtplib.SMTPDataError, smtplib.SMTPHeloError) as error:
        raise _verdict(error.smtp_code, error) from None
    except smtplib.SMTPResponseException as error:
        # The sender or the password is refused: the installation is at fault, not this address.
        raise NotNow(f"{_named(error)} {error.smtp_code}") from None
    except (OSError, smtplib.SMTPException) as error:
        raise InDoubt(_named(error)) from None
    finally:
        connection.close()


def _verdict(code: int, error: Exception) -> NotCarried:
    """RFC 5321: 5xx is final, 4xx (a busy server, greylisting) asks to come back."""
    return (Refused if code >= 500 else NotNow)(f"{_named(error)} {code}")


def _carry_by_sms(letter: Letter, message: Message) -> None:
    if urlsplit(settings.SMS_URL).scheme not in {"http", "https"}:
        raise Refused(_("No gateway for text messages is set (CAHIER_SMS_URL)."))
    body = json.dumps({"id": letter.message_id.strip("<>"), "to": letter.address, "text": message.text})
    request = urllib.request.Request(  # noqa: S310  (the operator's own gateway, its scheme checked above)
        settings.SMS_URL, data=body.encode(), headers={"Content-Type": "application/json"}, method="POST"
    )
    try:
        urllib.request.urlopen(request, timeout=settings.EMAIL_TIMEOUT).close()  # noqa: S310  (same)
    except urllib.error.HTTPError as error:
        error.close()
        raise _sms_verdict(error.code) from None
    except urllib.error.URLError as error:
        raise (InDoubt if isinstance(error.reason, TimeoutError) else NotNow)(_named(error)) from None
    except OSError as error:
        raise InDoubt(_named(error)) from None


def _sms_verdict(code: int) -> NotCarried:
    if code == 429:
        return NotNow("HTTP 429")
    return (InDoubt if code >= 500 else Refused)(f"HTTP {code}")


def _named(error: Exception) -> str:
    return type(error).__name__
