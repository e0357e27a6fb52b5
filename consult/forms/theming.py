"""What is typed about a theme: its name, the one it goes into, the propositions it takes."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consult import policies, texts
from consult.models import Consultation, Proposition, Theme
from consult.themes.finding import NAME

MOST = 200


class NameForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name of the theme"),
        max_length=NAME,
        error_messages={"required": gettext_lazy("Give the theme a name.")},
    )

    def clean_name(self) -> str:
        if not (name := texts.line(self.cleaned_data["name"])):
            raise forms.ValidationError(_("Give the theme a name."))
        return name


class IntoForm(forms.Form):
    """Another theme of the same consultation."""

    into = forms.ModelChoiceField(
        Theme.objects.none(),
        label=gettext_lazy("Other theme"),
        error_messages={"required": gettext_lazy("Choose the other theme.")},
    )

    def __init__(self, *args: Any, others: QuerySet[Theme], required: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = others
        self.fields["into"].required = required


class PutForm(forms.Form):
    """Numbers of propositions, as people write them: « 3, 12 15 »."""

    numbers = forms.CharField(
        label=gettext_lazy("Numbers of propositions"),
        help_text=gettext_lazy("For example 3, 12, 15."),
        max_length=1000,
        error_messages={"required": gettext_lazy("Give at least one number.")},
    )

    def __init__(self, *args: Any, consultation: Consultation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._consultation = consultation
        self.found: list[Proposition] = []

    def clean_numbers(self) -> str:
        typed = self.cleaned_data["numbers"].replace("#", " ").replace(",", " ").replace(";", " ").split()
        numbers = {int(one) for one in typed if one.isdecimal() and len(one) < 8}
        rows = policies.propositions_to_decide(self._consultation).filter(number__in=numbers)
        self.found = list(rows[:MOST])
        known = {one.number for one in self.found}
        wrong = [one for one in typed if not one.isdecimal() or int(one) not in known]
        if wrong or not known:
            raise forms.ValidationError(
                _("No proposition with these numbers: %(numbers)s.") % {"numbers": ", ".join(wrong)}
            )
        return self.cleaned_data["numbers"]
