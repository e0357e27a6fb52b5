"""What the administration types to make a project of ideas."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consult import texts
from consult.budgets.actions.projects import Content
from consult.budgets.forms.ideas import PhotoField, PlaceForm, said
from consult.budgets.models import Envelope

_NUMBER = re.compile(r"\d{1,9}", re.ASCII)


class ProjectForm(PlaceForm):
    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    summary = forms.CharField(
        label=gettext_lazy("In a sentence"),
        help_text=gettext_lazy("What people read on the ballot, under the title."),
        max_length=200,
    )
    body = forms.CharField(
        label=gettext_lazy("Description"), max_length=6000, widget=forms.Textarea(attrs={"rows": 8}), required=False
    )
    envelope = forms.ChoiceField(label=gettext_lazy("Envelope"))
    theme = forms.CharField(label=gettext_lazy("Theme"), max_length=60, required=False)
    territory = forms.CharField(
        label=gettext_lazy("Territory"),
        help_text=gettext_lazy("Of a project for the whole town, if the regulation counts by territory."),
        max_length=80,
        required=False,
    )
    site = forms.CharField(
        label=gettext_lazy("Site"),
        help_text=gettext_lazy("Two projects of one site may exclude each other, if the regulation says so."),
        max_length=80,
        required=False,
    )
    picture = PhotoField(
        label=gettext_lazy("Picture"),
        help_text=gettext_lazy("Public as soon as the project is kept. A new one takes the place of the former."),
        required=False,
    )
    picture_description = forms.CharField(
        label=gettext_lazy("What does the picture show?"),
        help_text=gettext_lazy("For people who cannot see it."),
        max_length=160,
        required=False,
    )
    ideas = forms.CharField(
        label=gettext_lazy("Numbers of the ideas it comes of"),
        help_text=gettext_lazy("Separated by commas. One idea may give several projects."),
        max_length=600,
        error_messages={"required": gettext_lazy("Choose at least one idea.")},
    )
    field_order = (
        "title",
        "summary",
        "body",
        "envelope",
        "theme",
        "place",
        "latitude",
        "longitude",
        "territory",
        "site",
        "ideas",
    )

    def __init__(self, *args: Any, envelopes: list[Envelope], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.envelopes = {str(one.pk): one for one in envelopes}
        self.fields["envelope"].choices = [(key, one.title) for key, one in self.envelopes.items()]

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        if told.get("picture") and not texts.line(told.get("picture_description", "")):
            self.add_error("picture_description", _("Say what the picture shows, and choose it again."))
        return told

    def clean_title(self) -> str:
        return said(texts.line(self.cleaned_data["title"]), _("Give a title."))

    def clean_summary(self) -> str:
        return said(texts.line(self.cleaned_data["summary"]), _("Say the project in a sentence."))

    def clean_ideas(self) -> list[int]:
        numbers = read_numbers(self.cleaned_data["ideas"])
        if not numbers:
            raise ValidationError(_("Choose at least one idea."))
        return numbers

    def content(self) -> Content:
        told = self.cleaned_data
        return Content(
            title=told["title"],
            summary=told["summary"],
            body=told["body"],
            envelope=self.envelopes[told["envelope"]],
            theme=told["theme"],
            territory=told["territory"],
            site=told["site"],
            place=told["place"],
            at=self.at(),
            picture=told["picture"],
            picture_description=told["picture_description"],
        )


def read_numbers(typed: str) -> list[int]:
    """« 3, 17 et n° 4 » → [3, 4, 17]."""
    return sorted({int(found) for found in _NUMBER.findall(typed) if int(found)})
