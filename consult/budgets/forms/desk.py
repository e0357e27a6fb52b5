"""What a clerk types of somebody who votes on paper. No browser keeps it: nothing here is completed by itself."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consult.budgets.choices import CancelledBecause
from consult.budgets.forms.registering import RegisterForm
from consult.budgets.models import Budget, Envelope
from consult.budgets.models.paper import MOST_SHEETS
from consult.budgets.sheets import LONGEST


class IdentityForm(RegisterForm):
    """As the roll of this budget names people; what its conditions ask."""

    def __init__(self, *args: Any, budget: Budget, **kwargs: Any) -> None:
        super().__init__(*args, budget=budget, **kwargs)
        for field in self.fields.values():
            field.widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}
        if self.fields:
            next(iter(self.fields.values())).widget.attrs["autofocus"] = True
        if "lives_here" in self.fields:
            self.fields["lives_here"].help_text = _("The person declares it, or shows it.")

    def leave_the_keys(self) -> None:
        """Something else on the page takes the focus."""
        for field in self.fields.values():
            field.widget.attrs.pop("autofocus", None)

    def typed(self) -> list[tuple[str, str]]:
        """To send the same person again with an act."""
        return [(name, self.data[name]) for name in self.fields if self.data.get(name)]

    @property
    def told(self) -> str:
        """The person in a line, as they were typed."""
        said = self.cleaned_data
        return " ".join(str(said[name]) for name in ("number", "given", "family") if said.get(name))


class CancelForm(forms.Form):
    why = forms.ChoiceField(label=_("Why this mark is cancelled"), choices=CancelledBecause.choices)


class BatchForm(forms.Form):
    """A stack of paper: ``envelope`` is there when the budget has several."""

    envelope = forms.TypedChoiceField(label=_("Envelope"), coerce=int)
    place = forms.CharField(
        label=_("Where these ballots come from"),
        help_text=_("For instance: town hall, counter 2. Not the name of somebody."),
        max_length=80,
    )
    announced = forms.IntegerField(
        label=_("Sheets counted by hand"),
        help_text=_("Two people count the stack and shuffle it. 500 sheets at most: make several batches."),
        min_value=1,
        max_value=MOST_SHEETS,
    )

    def __init__(self, *args: Any, envelopes: list[Envelope], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["envelope"].choices = [(one.pk, one.title) for one in envelopes]
        if len(envelopes) == 1:
            del self.fields["envelope"]


class AnnounceForm(forms.Form):
    announced = forms.IntegerField(
        label=_("Sheets counted by hand, again"), min_value=1, max_value=MOST_SHEETS, widget=forms.NumberInput
    )


class GiveUpForm(forms.Form):
    reason = forms.CharField(
        label=_("Why this batch is given up"),
        help_text=_("What was keyed is destroyed; the paper stays, and is keyed again in another batch."),
        max_length=300,
    )


class ExplainForm(forms.Form):
    explanation = forms.CharField(
        label=_("Why there are more ballots than people marked"),
        help_text=_("Everybody reads it beside the result. No name of a voter."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    signatory = forms.CharField(
        label=_("Signed by"),
        help_text=_("Name and office: everybody reads it. For instance: Rose Daumier, deputy mayor."),
        max_length=160,
    )


class SheetForm(forms.Form):
    """One sheet, in one line."""

    rank = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=MOST_SHEETS)
    typed = forms.CharField(
        label=_("What the sheet says"),
        max_length=LONGEST,
        required=False,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off", "autofocus": True}
        ),
    )


class SettleForm(forms.Form):
    """The sheet is read again by somebody who sees both readings."""

    rank = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=MOST_SHEETS)
    choice = forms.ChoiceField(
        label=_("The sheet says"),
        choices=[
            ("first", _("the first reading")),
            ("second", _("the second reading")),
            ("other", _("something else")),
        ],
        widget=forms.RadioSelect,
    )
    typed = forms.CharField(label=_("Something else: what?"), max_length=LONGEST, required=False)
    together = forms.BooleanField(label=_("The two who keyed are both before the sheet"), required=False)
