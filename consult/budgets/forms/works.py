"""What the administration types about the works: steps, spendings, pictures, news, and why it gives up."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consult import uploads
from consult.budgets.forms.money import MoneyField
from consult.budgets.forms.studying import AskedAgain
from consult.choices import AttachmentKind

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
EXTENSIONS = {AttachmentKind.JPEG: "jpg", AttachmentKind.PNG: "png"}


class MilestoneForm(forms.Form):
    title = forms.CharField(
        label=gettext_lazy("Step"), max_length=100, error_messages={"required": gettext_lazy("Name the step.")}
    )
    planned_on = forms.DateField(label=gettext_lazy("Planned on"), required=False, widget=DATE)
    done_on = forms.DateField(label=gettext_lazy("Done on"), required=False, widget=DATE)
    note = forms.CharField(label=gettext_lazy("In a sentence"), max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if not given.get("planned_on") and not given.get("done_on") and not self.errors:
            self.add_error("planned_on", _("Say when it is planned, or when it was done."))
        if given.get("done_on") and given["done_on"] > timezone.localdate():
            self.add_error("done_on", _("This day is to come: write it as planned."))
        return given


class SpendingForm(AskedAgain):
    on = forms.DateField(
        label=gettext_lazy("Paid on"), widget=DATE, error_messages={"required": gettext_lazy("Say when it was paid.")}
    )
    label = forms.CharField(
        label=gettext_lazy("For what"),
        max_length=120,
        error_messages={"required": gettext_lazy("Say what it pays for.")},
    )
    amount = MoneyField(label=gettext_lazy("Amount in euros, taxes included"), least=1)

    field_order = ["on", "label", "amount", "meant"]

    def clean_on(self) -> date:
        if self.cleaned_data["on"] > timezone.localdate():
            raise ValidationError(_("This day is to come: write a payment once it is made."))
        return self.cleaned_data["on"]


class PhotoForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Picture"),
        help_text=gettext_lazy("JPEG, PNG or WebP. Where and when it was taken is removed from the file."),
        error_messages={"required": gettext_lazy("Choose a picture.")},
    )
    description = forms.CharField(
        label=gettext_lazy("What the picture shows"),
        help_text=gettext_lazy("Read aloud to people who cannot see it."),
        max_length=160,
        error_messages={"required": gettext_lazy("Describe the picture for people who cannot see it.")},
    )
    caption = forms.CharField(label=gettext_lazy("Caption"), max_length=160, required=False)
    taken_on = forms.DateField(
        label=gettext_lazy("Taken on"), widget=DATE, error_messages={"required": gettext_lazy("Say when.")}
    )

    def clean_file(self) -> dict[str, Any]:
        """``{"content", "extension"}``: what is kept, drawn again."""
        given: UploadedFile = self.cleaned_data["file"]
        kept = uploads.prepared(given.name, given.file, given.size)
        if kept.kind not in EXTENSIONS:
            raise ValidationError(_("Choose a picture: a PDF is not shown on the page."))
        return {"content": kept.content, "extension": EXTENSIONS[kept.kind]}


class NewsForm(forms.Form):
    title = forms.CharField(
        label=gettext_lazy("Title"), max_length=120, error_messages={"required": gettext_lazy("Give it a title.")}
    )
    text = forms.CharField(
        label=gettext_lazy("News"),
        help_text=gettext_lazy("Public at once. Each person who follows the project receives one letter."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": gettext_lazy("Write your news.")},
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason that everybody will read"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say why: everybody reads the reason.")},
    )
