"""What is typed to put propositions together, to give it up, and to undo it."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consult import policies, texts
from consult.models import Proposition, Section
from pages.forms import Voice

NEW = "nouvelle"
DAYS = [("3", gettext_lazy("3 days")), ("7", gettext_lazy("7 days")), ("14", gettext_lazy("14 days"))]
_WHY = gettext_lazy("Say why. Everybody will read it.")


class AskForm(forms.Form):
    """Which of them stays, or a new text; why; how long supporters may answer."""

    into = forms.ChoiceField(
        label=gettext_lazy("Which one takes the others in"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of them, or a new text.")},
    )
    title = forms.CharField(
        label=gettext_lazy("Title of the new text"),
        help_text=gettext_lazy("Only for a new text."),
        max_length=160,
        required=False,
    )
    body = forms.CharField(
        label=gettext_lazy("New text"),
        help_text=gettext_lazy("Keep what each of them asks for. A line that begins with a dash makes a list."),
        max_length=6000,
        required=False,
        widget=Voice(rows=8),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why they go together"),
        help_text=gettext_lazy("Their authors and their supporters read it."),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _WHY},
    )
    days = forms.ChoiceField(label=gettext_lazy("Supporters may answer for"), choices=DAYS, initial="7")

    def __init__(self, *args: Any, chosen: Iterable[Proposition], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._chosen = {str(one.number): one for one in chosen}
        numbered = [(number, f"#{number} {one.title}") for number, one in self._chosen.items()]
        self.fields["into"].choices = [*numbered, (NEW, _("A new text, under the next number"))]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("into") == NEW:
            for name, words in (("title", _("Give the new text a title.")), ("body", _("Write the new text."))):
                if not texts.said(told.get(name, "")):
                    self.add_error(name, words)
        return told

    def plan(self) -> dict[str, Any]:
        """What ``merging.Plan`` takes."""
        told = self.cleaned_data
        into = self._chosen.get(told["into"])
        sources = [one for one in self._chosen.values() if one is not into]
        section: Section = next(iter(self._chosen.values())).section
        new = {} if into else {"title": told["title"], "body": told["body"], "section": section}
        return {"sources": sources, "into": into, "reason": told["reason"], **new}


class DaysForm(forms.Form):
    """An author proposed it: how long supporters may answer."""

    days = forms.ChoiceField(label=gettext_lazy("Supporters may answer for"), choices=DAYS, initial="7")


class EndForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("The authors read it in their letter."),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say why. The authors will read it.")},
    )


class ProposeForm(forms.Form):
    """An author names another proposition by its number."""

    number = forms.IntegerField(
        label=gettext_lazy("Number of the other proposition"),
        help_text=gettext_lazy("For example 12. Yours would go into it."),
        min_value=1,
        max_value=9_999_999,
        error_messages={"required": gettext_lazy("Give the number of the other proposition.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Why they go together"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("Say why they go together. One sentence is enough.")},
    )

    def __init__(self, *args: Any, source: Proposition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._source = source
        self.into: Proposition | None = None

    def clean_number(self) -> int:
        number = self.cleaned_data["number"]
        self.into = policies.propositions_to_merge_with(self._source).filter(number=number).first()
        if self.into is None:
            raise forms.ValidationError(_("No other proposition of this consultation has this number."))
        return number
