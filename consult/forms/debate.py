"""What people type under a proposition: an argument, an answer."""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consult.choices import Side
from directory.models import Service
from pages.forms import Cards, Voice

TEXT_LIMIT = 2000


class FormKey(forms.UUIDField):
    """The key that makes two sendings of one page a single text; a new one when it is missing or broken."""

    def clean(self, value: Any) -> uuid.UUID:
        try:
            return super().clean(value) or uuid.uuid4()
        except ValidationError:
            return uuid.uuid4()


def _text(label: Any, help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=TEXT_LIMIT,
        widget=Voice(rows=5),
        error_messages={
            "required": gettext_lazy("Write your text. One sentence is enough."),
            "max_length": gettext_lazy(
                "Your text has %(show_value)d characters. Keep the essential: %(limit_value)d at most."
            ),
        },
    )


class ArgumentForm(forms.Form):
    """One side, one text."""

    side = forms.ChoiceField(
        label=gettext_lazy("Your argument is"),
        widget=Cards,
        error_messages={"required": gettext_lazy("Choose for or against.")},
    )
    text = _text(gettext_lazy("Your argument"), gettext_lazy("One idea. Say why, with an example if you can."))
    idempotency_key = FormKey(required=False, widget=forms.HiddenInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["side"].choices = [
            (Side.FOR, _("For the proposition")),
            (Side.AGAINST, _("Against the proposition")),
        ]
        self.fields["idempotency_key"].initial = uuid.uuid4


class ReplyForm(forms.Form):
    """``services``: those in whose name this person may answer."""

    text = _text(gettext_lazy("Your answer"), gettext_lazy("Answer the argument, not the person."))
    service = forms.ModelChoiceField(
        Service.objects.none(), label=gettext_lazy("You answer"), required=False, empty_label=""
    )
    idempotency_key = FormKey(required=False, widget=forms.HiddenInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: Any, services: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["idempotency_key"].initial = uuid.uuid4
        if services:
            self.fields["service"].queryset = services
            self.fields["service"].empty_label = _("in your own name")
        else:
            del self.fields["service"]
