"""What an editor says about a file of another platform."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consult.choices import ImportedKind
from consult.importing import Table, fields_of
from consult.models import Consultation, Section
from moderation.choices import Timing


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or JSON, as Decidim, CONSUL, Cap Collectif or Cahier export it, or a table of your own."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.json"}),
    )
    kind = forms.ChoiceField(label=_("It holds"), choices=ImportedKind.choices, widget=forms.RadioSelect)
    platform = forms.CharField(
        label=_("Platform it comes from"),
        max_length=60,
        required=False,
        help_text=_("Shown beside each contribution. Empty: recognised by its columns."),
    )
    section = forms.ModelChoiceField(
        label=_("Section of all the lines"),
        queryset=Section.objects.none(),
        required=False,
        empty_label=_("the one that each line names"),
    )
    timing = forms.ChoiceField(label=_("Moderation"), choices=Timing.choices, widget=forms.RadioSelect)
    is_past = forms.BooleanField(
        label=_("Said before this consultation"),
        required=False,
        help_text=_("A closed phase then does not refuse them. The journal tells it."),
    )

    def __init__(self, *args: Any, consultation: Consultation, **more: Any) -> None:
        more.setdefault("initial", {})
        more["initial"] = {"kind": ImportedKind.PROPOSITIONS, "timing": Timing.BEFORE, **more["initial"]}
        super().__init__(*args, **more)
        self.fields["section"].queryset = Section.objects.filter(page=consultation.page_id)


class ColumnsForm(forms.Form):
    """Which column holds what; ``table`` says which columns there are."""

    def __init__(self, *args: Any, table: Table, kind: str, **more: Any) -> None:
        super().__init__(*args, **more)
        columns = [(name, name) for name in table.names]
        for one in fields_of(kind):
            self.fields[one.name] = forms.ChoiceField(
                label=one.label, choices=[("", "—"), *columns], required=one.is_required
            )
