"""A statement that somebody proposes: one idea, one short sentence."""

import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consult import texts
from consult.forms.propositions import FormKey
from consult.models.statements import STATEMENT_LENGTH
from pages.forms import Voice


class StatementForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Your statement"),
        help_text=gettext_lazy("One idea, that one may agree or disagree with. 140 characters at most."),
        max_length=STATEMENT_LENGTH,
        widget=Voice(rows=2, attrs={"autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Write one sentence."),
            "max_length": gettext_lazy(
                "Your sentence has %(show_value)d characters. Keep one idea: %(limit_value)d at most."
            ),
        },
    )
    key = FormKey(required=False, widget=forms.HiddenInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid.uuid4

    def clean_text(self) -> str:
        said = texts.line(self.cleaned_data["text"])
        if not said:
            raise ValidationError(_("Write one sentence."))
        return said
