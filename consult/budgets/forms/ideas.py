"""What somebody types to suggest an idea, to take it back, or to say why it is not taken up."""

import uuid
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consult import texts
from consult.budgets.actions.suggestions import Point, Written
from consult.budgets.forms.money import MoneyField
from consult.budgets.models import Envelope
from consult.choices import AttachmentKind
from consult.forms.propositions import FormKey
from consult.uploads import Prepared, prepared
from pages.forms import Voice

DOUBT = "aucune"  # « je ne sais pas »
MOST = 100_000_000_00  # cents: a hundred million euros


class PhotoField(forms.FileField):
    """A picture, drawn again without what the camera wrote: a ``Prepared``."""

    widget = forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"})

    def clean(self, data: Any, initial: Any = None) -> Prepared | None:
        if not isinstance(data, UploadedFile):
            return None
        made = prepared(data.name or "", data, data.size or 0)
        if made.kind == AttachmentKind.PDF:
            raise ValidationError(_("Choose a picture: a photo, a drawing or a screenshot."))
        return made


class CoordinateField(forms.DecimalField):
    """« 48,85341 » or « 48.85341 »: kept to five decimals, about a metre."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> Decimal | None:
        return super().to_python(str(value).replace(",", ".").replace("−", "-")) if value not in ("", None) else None

    def clean(self, value: Any) -> Decimal | None:
        read = super().clean(value)  # within its bounds
        return read if read is None else round(read, 5)


def coordinate(label: Any, most: int) -> CoordinateField:
    wrong = gettext_lazy("Type a number of degrees, as in 48.85341.")
    messages = {"invalid": wrong, "min_value": wrong, "max_value": wrong}
    return CoordinateField(label=label, min_value=-most, max_value=most, required=False, error_messages=messages)


class PlaceForm(forms.Form):
    """Where it is: in words first; a point on the plan if its author wishes."""

    place = forms.CharField(
        label=gettext_lazy("Where?"),
        help_text=gettext_lazy("A street, a square, a school, or “everywhere”."),
        max_length=160,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    latitude = coordinate(gettext_lazy("Latitude"), 90)
    longitude = coordinate(gettext_lazy("Longitude"), 180)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if "latitude" in told and "longitude" in told and (told["latitude"] is None) != (told["longitude"] is None):
            missing = "latitude" if told["latitude"] is None else "longitude"
            self.add_error(missing, _("A point has a latitude and a longitude: type both, or neither."))
        return told

    def at(self) -> Point | None:
        told = self.cleaned_data
        return None if told["latitude"] is None else (told["latitude"], told["longitude"])


class IdeaForm(PlaceForm):
    title = forms.CharField(
        label=gettext_lazy("Your idea in one sentence"),
        help_text=gettext_lazy("What should be made, and where."),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Say your idea in one sentence.")},
    )
    body = forms.CharField(
        label=gettext_lazy("Explain it"),
        help_text=gettext_lazy("What is missing today, who it is for, what it would change."),
        max_length=6000,
        widget=Voice(rows=7),
        error_messages={"required": gettext_lazy("Explain your idea. Two sentences are enough.")},
    )
    envelope = forms.ChoiceField(label=gettext_lazy("Which envelope?"), widget=forms.RadioSelect)
    cost = MoneyField(
        label=gettext_lazy("Do you know what it costs?"),
        help_text=gettext_lazy("In euros. The services study the cost of each project in any case."),
        most=MOST,
        required=False,
    )
    photo = PhotoField(
        label=gettext_lazy("A photo or a drawing"),
        help_text=gettext_lazy(
            "Nobody learns when or where it was taken: it is drawn again. Avoid faces and number plates."
        ),
        required=False,
    )
    photo_description = forms.CharField(
        label=gettext_lazy("What does the photo show?"),
        help_text=gettext_lazy("For people who cannot see it."),
        max_length=160,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    without_photo = forms.BooleanField(label=gettext_lazy("File my idea without this photo"), required=False)
    key = FormKey(required=False, widget=forms.HiddenInput(attrs={"autocomplete": "off"}))
    field_order = ("title", "body", "place", "envelope", "cost", "photo", "photo_description", "without_photo", "key")

    def __init__(
        self, *args: Any, envelopes: list[Envelope], kept_photo: str = "", takes_photo: bool = True, **kwargs: Any
    ) -> None:
        """``kept_photo``: the name of the photo that waits with the draft, as ``pictures.name_of`` gives it."""
        super().__init__(*args, **kwargs)
        self.kept_photo = kept_photo
        if not takes_photo:
            for name in ("photo", "photo_description", "without_photo"):
                del self.fields[name]
        self.envelopes = {str(one.pk): one for one in envelopes}
        self.fields["envelope"].choices = [
            *((key, one.title) for key, one in self.envelopes.items()),
            (DOUBT, _("I do not know")),
        ]
        self.fields["envelope"].initial = DOUBT
        self.fields["key"].initial = uuid.uuid4
        if len(envelopes) == 1:  # nothing to choose
            self.fields["envelope"].initial = next(iter(self.envelopes))
            self.fields["envelope"].widget = forms.HiddenInput()

    def clean_title(self) -> str:
        return said(texts.line(self.cleaned_data["title"]), _("Say your idea in one sentence."))

    def clean_body(self) -> str:
        return said(texts.said(self.cleaned_data["body"]), _("Explain your idea. Two sentences are enough."))

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        has_photo = told.get("photo") or self.keeps_photo()
        if has_photo and "photo_description" in told and not texts.line(told["photo_description"]):
            self.add_error("photo_description", _("Say what the photo shows. The photo itself is kept."))
        return told

    def keeps_photo(self) -> bool:
        """Whether the photo that the form showed goes with the idea: no other was chosen, nor was it left out."""
        showed = bool(self.kept_photo) and self.data.get("photo_kept") == self.kept_photo
        return showed and not self.cleaned_data.get("photo") and not self.cleaned_data.get("without_photo")

    def written(self) -> Written:
        told = self.cleaned_data
        return Written(
            title=told["title"],
            body=told["body"],
            envelope=self.envelopes.get(told["envelope"]),
            place=told["place"],
            at=self.at(),
            cost=told["cost"],
            photo=told.get("photo"),
            photo_description=told.get("photo_description", ""),
        )


class ReasonForm(forms.Form):
    """Why: everybody reads it."""

    reason = forms.CharField(
        label=gettext_lazy("Why?"),
        help_text=gettext_lazy("Everybody can read this reason."),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Give a reason. One sentence is enough.")},
    )

    def clean_reason(self) -> str:
        return said(texts.said(self.cleaned_data["reason"]), _("Give a reason. One sentence is enough."))


def said(text: str, otherwise: str) -> str:
    if not text:
        raise ValidationError(otherwise)
    return text
