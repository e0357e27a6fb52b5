"""allauth's forms in our words: a label and a sentence of help, no placeholder, each password typed once."""

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms
from django.utils.translation import gettext_lazy as _

ADDRESS = _("E-mail address")
PASSWORD = _("Password")
NEW_PASSWORD = _("New password")
STRONG = _("At least 10 characters. Three words that only you would put together are easy to remember.")
CODE = _("Code of six digits")


class InOurWords(forms.Form):
    """The labels and helps of ``words`` (field → label, help); fields of ``dropped`` go."""

    words: dict[str, tuple[str, str | None]] = {}
    dropped: tuple[str, ...] = ()

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for name in self.dropped:
            self.fields.pop(name, None)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        for name, (label, help_text) in self.words.items():
            self.fields[name].label = label
            if help_text is not None:
                self.fields[name].help_text = help_text


class LoginForm(InOurWords, account.LoginForm):
    words = {"login": (ADDRESS, None), "password": (PASSWORD, None), "remember": (_("Stay signed in here"), None)}


class SignupForm(InOurWords, account.SignupForm):
    words = {"email": (ADDRESS, None), "password1": (PASSWORD, STRONG)}


class ResetPasswordForm(InOurWords, account.ResetPasswordForm):
    words = {"email": (ADDRESS, None)}


class ResetPasswordKeyForm(InOurWords, account.ResetPasswordKeyForm):
    words = {"password1": (NEW_PASSWORD, STRONG)}
    dropped = ("password2",)


class ChangePasswordForm(InOurWords, account.ChangePasswordForm):
    words = {"oldpassword": (_("Current password"), None), "password1": (NEW_PASSWORD, STRONG)}
    dropped = ("password2",)


class SetPasswordForm(InOurWords, account.SetPasswordForm):
    words = {"password1": (PASSWORD, STRONG)}
    dropped = ("password2",)


class AddEmailForm(InOurWords, account.AddEmailForm):
    words = {"email": (_("New e-mail address"), None)}


class ReauthenticateForm(InOurWords, account.ReauthenticateForm):
    words = {"password": (PASSWORD, None)}


class AuthenticateForm(InOurWords, mfa.AuthenticateForm):
    words = {"code": (_("Code"), None)}


class ReauthenticateByCodeForm(InOurWords, mfa.ReauthenticateForm):
    words = {"code": (_("Code"), None)}


class ActivateTOTPForm(InOurWords, totp.ActivateTOTPForm):
    words = {"code": (CODE, None)}
