"""What a visitor gives instead of an account."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consult import texts


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


class CodeForm(forms.Form):
    """The code that somebody received because a list names them."""

    code = forms.CharField(
        label=gettext_lazy("Your code"),
        help_text=gettext_lazy("It is in the letter that you received."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Type the code of your letter.")},
    )
