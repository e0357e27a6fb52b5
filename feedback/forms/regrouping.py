"""How finely an owner wants the fiches of a service grouped, and what they accept of a proposal."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from feedback.choices import Resolution

WORDS = {
    Resolution.COARSE: _("A few large pain points: to see where people suffer most."),
    Resolution.MEDIUM: _("Balanced: what suits most services."),
    Resolution.FINE: _("Many precise pain points: to know exactly what to repair."),
}


class RegroupForm(forms.Form):
    resolution = forms.TypedChoiceField(
        label=_("How finely?"),
        choices=[(resolution.value, words) for resolution, words in WORDS.items()],
        coerce=Resolution,
        widget=forms.RadioSelect,
        help_text=_("You see the result before anything changes. What people decided stays as it is."),
    )


class AcceptForm(forms.Form):
    """The numbers of the changes that are ticked, and the titles as the owner left them."""

    change = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, data: QueryDict, *, positions: list[int]) -> None:
        super().__init__(data)
        self.fields["change"].choices = [(position, position) for position in positions]
        self._positions = positions

    def titles(self) -> Mapping[int, str]:
        given: dict[int, Any] = {position: self.data.get(f"title-{position}", "") for position in self._positions}
        return {position: " ".join(str(title).split())[:160] for position, title in given.items() if title}
