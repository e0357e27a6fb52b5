"""What an owner gives to import past feedback: a file, then the column of each thing."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.policies import services_owned_by
from directory.models import Service
from feedback.importing import FIELDS, MOST_LINES, MOST_MEGABYTES, Mapping, Sheet
from feedback.importing.cells import OLDEST_YEAR

REQUIRED = "text"


class UploadForm(forms.Form):
    service = forms.ModelChoiceField(
        label=gettext_lazy("For which service?"),
        queryset=Service.objects.none(),
        to_field_name="slug",
        empty_label=None,
    )
    file = forms.FileField(
        label=gettext_lazy("The file"),
        allow_empty_file=True,
        widget=forms.FileInput({"accept": ".csv,.tsv,.txt,text/csv"}),
        error_messages={"required": gettext_lazy("Choose a file on your computer.")},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"].queryset = services_owned_by(user)
        limits = {"size": MOST_MEGABYTES, "lines": number_format(MOST_LINES, force_grouping=True)}
        words = _("A table saved as CSV, names of columns first. %(size)d MB and %(lines)s lines at most.")
        self.fields["file"].help_text = words % limits

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_MEGABYTES * 1024 * 1024:
            text = _("This file is too large: %(size)d MB at most. Cut it in several files.")
            raise ValidationError(text % {"size": MOST_MEGABYTES})
        return file


class ColumnsForm(forms.Form):
    """One list of the file's columns per field of ours, and a day for the lines that give none."""

    day = forms.DateField(
        label=gettext_lazy("Day received, for the lines that give none"),
        required=False,
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": gettext_lazy("Write the date with figures, for example 12/11/2026.")},
    )

    def __init__(self, data: Any = None, *, sheet: Sheet, mapping: Mapping) -> None:
        super().__init__(data)
        self.fields["day"].initial = mapping.received_on
        none = _("no column")
        for ours in sorted(FIELDS, key=lambda one: (one.name != REQUIRED, one.name != "received_on")):
            self.fields[ours.name] = forms.ChoiceField(
                label=ours.label,
                choices=[("", none), *((name, name) for name in sheet.names)],
                initial=mapping.columns.get(ours.name, ""),
                required=ours.name == REQUIRED,
                error_messages={"required": _("Choose the column of the texts.")},
            )
        self.fields["wants_answer"].help_text = _("Without it, nobody is written to, and no address is kept.")
        self.order_fields([REQUIRED, "received_on", "day"])

    def clean_day(self) -> Any:
        day = self.cleaned_data["day"]
        if day and (day.year < OLDEST_YEAR or day > timezone.localdate()):
            raise ValidationError(_("Give a day that has come."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        chosen = [cleaned[ours.name] for ours in FIELDS if cleaned.get(ours.name)]
        for ours in FIELDS:
            if chosen.count(cleaned.get(ours.name)) > 1:
                self.add_error(ours.name, _("This column is chosen twice."))
        if not cleaned.get("received_on") and not cleaned.get("day") and "day" not in self.errors:
            self.add_error("day", _("Choose the column of the day received, or give one day for all."))
        return cleaned

    def mapping(self) -> Mapping:
        cleaned = self.cleaned_data
        return Mapping({ours.name: cleaned[ours.name] for ours in FIELDS if cleaned[ours.name]}, cleaned["day"])
