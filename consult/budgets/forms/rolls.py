"""The file of a voter roll, as an editor brings it."""

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

MOST_BYTES = 20 * 1024 * 1024


class RollForm(forms.Form):
    file = forms.FileField(
        label=_("The file of the roll"),
        help_text=_(
            "A table (CSV, Excel or LibreOffice) whose first line names its columns: name, given name and date of"
            " birth; or number and date of birth. Other columns are not read."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx,.xls,.ods"}),
    )

    def clean_file(self) -> UploadedFile:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("This file is too large: 20 MB at most."))
        return file
