"""What people type about themselves."""

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.choices import RoleKind
from accounts.models import User
from directory.models import Office, Service


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


class InviteForm(forms.Form):
    name = forms.CharField(label=_("Name shown"), max_length=80)
    email = forms.EmailField(label=_("E-mail address"))


class GrantForm(forms.Form):
    kind = forms.ChoiceField(label=_("Role"), choices=RoleKind.choices)
    service = forms.ModelChoiceField(
        label=_("Service, for a service owner"), queryset=Service.objects.all(), required=False
    )
    office = forms.ModelChoiceField(
        label=_("Office, for a clerk"), queryset=Office.objects.select_related("service"), required=False
    )
