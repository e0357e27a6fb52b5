"""What somebody declares before they vote: only what the regulation asks, and nothing of it is kept as it was typed."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from consult.budgets import eligibility, rolls
from consult.budgets.actions import registering
from consult.budgets.actions.registering import Declared
from consult.budgets.choices import Requirement, RollBy
from consult.budgets.models import Budget

DAYS = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d")


class RegisterForm(forms.Form):
    """Fields that the budget does not ask for are not there."""

    number = forms.CharField(label=_("Number on the voter roll"), max_length=40)
    family = forms.CharField(
        label=_("Name at birth"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    given = forms.CharField(
        label=_("First given name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    born_on = forms.DateField(
        label=_("Date of birth"),
        help_text=_("For example 14/07/1989."),
        input_formats=DAYS,
        widget=forms.DateInput(format="%d/%m/%Y", attrs={"autocomplete": "bday"}),
    )
    lives_here = forms.BooleanField(label=_("I declare it on my honour."), required=False)

    def __init__(self, *args: Any, budget: Budget, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        conditions = eligibility.asked_of(budget)
        for name in self._unasked(budget, conditions):
            del self.fields[name]
        if "lives_here" in self.fields:
            residence = next(one for one in conditions if one.kind == Requirement.RESIDENCE)
            self.fields["lives_here"].label = capfirst(str(residence))
            self.fields["lives_here"].help_text = _("I declare it on my honour.")

    @staticmethod
    def _unasked(budget: Budget, conditions: list[eligibility.Asked]) -> list[str]:
        by_number = budget.roll_by == RollBy.NUMBER
        by_name = rolls.asks_identity(budget) and not by_number
        asked = {
            "number": rolls.asks_identity(budget) and by_number,
            "family": by_name,
            "given": by_name,
            "born_on": registering.asks_birth(budget),
            "lives_here": eligibility.asks(conditions, Requirement.RESIDENCE),
        }
        return [name for name, is_asked in asked.items() if not is_asked]

    def declared(self) -> Declared:
        """Of a valid form."""
        said = self.cleaned_data
        born_on = said.get("born_on")
        civil = None
        if born_on and ("family" in said or "number" in said):
            civil = rolls.Civil(said.get("family", ""), said.get("given", ""), born_on, said.get("number", ""))
        return Declared(born_on=born_on, lives_here=said.get("lives_here", False), civil=civil)


class ReceiptForm(forms.Form):
    """« Mon bulletin est-il dans l'urne ? »"""

    code = forms.CharField(
        label=_("The code of your receipt"),
        help_text=_("Twelve letters and figures, for example V9QK-27TM-XE4D."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
