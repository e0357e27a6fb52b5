"""What people type about themselves."""

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class NameForm(forms.Form):
    """The field that allauth's sign-up form gains."""

    name = forms.CharField(
        label=_("Name shown"),
        max_length=80,
        help_text=_("A first name or a pseudonym is enough. It appears beside what you publish."),
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )
    field_order = ["name", "email", "password1"]

    def signup(self, request: HttpRequest, user: User) -> None:
        """Asked for by allauth; the adapter has saved the name already."""


class RenameForm(forms.Form):
    name = forms.CharField(
        label=_("Name shown"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "nickname"})
    )
