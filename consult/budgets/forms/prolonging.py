"""The emergency act: a later hour and its reason."""

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from consult.forms.moments import WallMoment


class ProlongForm(forms.Form):
    """``zone``: where the hour is typed."""

    closes_at = WallMoment(label=_("New closing hour"), help_text=_("Later than the hour that is public now."))
    reason = forms.CharField(
        max_length=300,
        label=_("Reason that everybody reads"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What kept people from voting, and how long."),
    )
    signed = forms.BooleanField(label=_("I sign this decision: my name stands beside it on the page of the budget."))

    def __init__(self, *args: Any, zone: ZoneInfo, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["closes_at"].zone = zone
