"""What a visitor gives instead of an account."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consult import texts

LIST_BYTES = 20 * 1024 * 1024


class AddressForm(forms.Form):
    """An address; a name where a text is signed (``is_signed``), a code where a list says who may (``takes_code``)."""

    name = forms.CharField(
        label=gettext_lazy("Name shown with your text"),
        help_text=gettext_lazy("A first name and an initial are enough."),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": gettext_lazy("Give the name to show with your text.")},
    )
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        help_text=gettext_lazy("One letter with a link, nothing else. It is never published."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        error_messages={"required": gettext_lazy("Give your e-mail address.")},
    )

    code = forms.CharField(
        label=gettext_lazy("Your code, if you received one"),
        help_text=gettext_lazy("This phase is open to the people on a list: by their address, or by a code."),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, is_signed: bool, takes_code: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_signed:
            del self.fields["name"]
        if not takes_code:
            del self.fields["code"]

    def clean_name(self) -> str:
        name = texts.line(self.cleaned_data["name"])
        if not name or "@" in name:
            raise ValidationError(_("Give a name, not an address: everybody reads it."))
        return name


class ListForm(forms.Form):
    """The people of a list, as a file of text: an address or a code a line."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("CSV or text, in UTF-8, 20 MB at most."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv,text/plain"}),
    )
    replaces = forms.BooleanField(
        label=gettext_lazy("Replace the whole list"),
        help_text=gettext_lazy("Those whom this file does not name lose their place."),
        required=False,
    )

    def clean_file(self) -> str:
        """The text of the file."""
        given = self.cleaned_data["file"]
        if given.size > LIST_BYTES:
            raise ValidationError(_("This file is too heavy: 20 MB at most."))
        try:
            return given.read().decode("utf-8-sig").replace("\x00", "")
        except UnicodeDecodeError:
            raise ValidationError(_("This file is not text in UTF-8.")) from None


class CodeForm(forms.Form):
    """The code that somebody received because a list names them."""

    code = forms.CharField(
        label=gettext_lazy("Your code"),
        help_text=gettext_lazy("It is in the letter that you received."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Type the code of your letter.")},
    )
