"""Where allauth asks us: who is saved, which letters leave (through the outbox), where a person goes next."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url

from accounts import mails
from accounts.actions import announce
from accounts.models import User
from accounts.policies import work_url
from accounts.views import pressed
from letters import preferences
from letters.fields import fernet


class UnknownMail(Exception):
    """allauth wants to write something that ``accounts.mails`` does not know."""


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up, reset and notices work with the post down: each letter is a row, delivered by the worker."""

    @transaction.atomic
    def save_user(self, request: HttpRequest, user: User, form: Form, commit: bool = True) -> User:
        user.name = form.cleaned_data["name"].strip()
        super().save_user(request, user, form, commit)
        announce(user)
        return user

    def send_confirmation_mail(self, request: HttpRequest, emailconfirmation: Any, signup: bool) -> None:
        address = emailconfirmation.email_address
        mails.send(mails.CONFIRM, key=address.pk, email=address.email)

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        mails.send(mails.RESET, key=user.pk, email=email)

    def send_account_already_exists_mail(self, email: str) -> None:
        mails.send(mails.EXISTS, key=0, email=email)

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        address = email or EmailAddress.objects.get_primary_email(user)
        if address:
            mails.send(mails.NOTICE + template_prefix.rpartition("/")[2], key=user.pk, email=address)
        if template_prefix.endswith("/email_changed") and context:
            preferences.move(context["from_email"], context["to_email"])

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        raise UnknownMail(template_prefix)

    def post_login(self, request: HttpRequest, user: User, **said: Any) -> HttpResponse:
        """What they pressed before is done; then they go where they were going."""
        answer = super().post_login(request, user, **said)
        pressed.do(request)
        return answer

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """To the work of the role; others return to the page they came from, when it is one of ours."""
        came_from = request.POST.get("came_from", "")
        if not self.is_safe_url(came_from):
            came_from = ""
        return work_url(request.user) or came_from or resolve_url("account_home")

    def is_safe_url(self, url: str | None) -> bool:
        """As allauth, which breaks on what is no address at all (``http://[::1``)."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of second factors are encrypted at rest, with the key of personal data."""

    def encrypt(self, text: str) -> str:
        return fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return fernet().decrypt(encrypted_text.encode()).decode()
