"""What people type about themselves."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.choices import RoleKind
from accounts.models import User
from directory.models import Office, Service
from letters.choices import Frequency
from letters.topics import Topic


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


class LettersForm(forms.Form):
    """One question a topic, with its usual choices; ``chosen`` says what the person receives now."""

    def __init__(
        self, data: Any = None, *, topics: Iterable[Topic], chosen: Mapping[str, Frequency], **more: Any
    ) -> None:
        super().__init__(data, **more)
        self._topics = {topic.name.replace(".", "-"): topic for topic in topics}
        for name, topic in self._topics.items():
            self.fields[name] = forms.ChoiceField(
                label=topic.label,
                help_text=topic.meaning,
                choices=[(choice.value, choice.label.capitalize()) for choice in topic.choices],
                initial=chosen[topic.name].value,
                widget=forms.RadioSelect,
            )

    def chosen(self) -> dict[str, Frequency]:
        """By name of topic, once the form is valid."""
        return {topic.name: Frequency(self.cleaned_data[name]) for name, topic in self._topics.items()}
