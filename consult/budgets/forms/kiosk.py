"""What is typed on a shared tablet, and to open one. No browser keeps it."""

from django import forms
from django.utils.translation import gettext_lazy as _


class CodeForm(forms.Form):
    """The six figures that a clerk read aloud."""

    code = forms.CharField(
        label=_("Your code"),
        help_text=_("The six figures that you were given at the counter."),
        max_length=12,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "inputmode": "numeric", "autofocus": True, "spellcheck": "false"}
        ),
    )


class OpenForm(forms.Form):
    place = forms.CharField(
        label=_("Where this tablet stands"),
        help_text=_("For example “Town hall, reception”. Clerks read it in the list of tablets."),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
