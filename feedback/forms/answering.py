"""What an owner types to answer, and the words they keep for later."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.policies import services_owned_by
from feedback.choices import PAIN_POINT_MOVES, Outcome, PainPointState
from feedback.models import PainPoint
from pages.forms import Cards

NOTES = {
    Outcome.PLANNED: _("With a date. It is written in the answer."),
    Outcome.DONE: _("It can be checked today."),
    Outcome.REFUSED: _("With its reason, as plain as a success."),
}
WEEKS = [
    ("4", _("after 4 weeks")),
    ("2", _("after 2 weeks")),
    ("8", _("after 8 weeks")),
    ("12", _("after 12 weeks")),
    ("0", _("do not ask")),
]
SHORT = {"rows": 5, "class": "is-say"}


class AnswerForm(forms.Form):
    """One answer to the authors of one pain point, or the same words to several."""

    outcome = forms.ChoiceField(
        label=_("What you decide"),
        choices=Outcome,
        widget=Cards(notes=NOTES),
        error_messages={"required": _("Choose what you decide."), "invalid_choice": _("Choose what you decide.")},
    )
    changes = forms.CharField(
        label=_("What will change, or why it will not"),
        max_length=4000,
        widget=forms.Textarea(SHORT),
        error_messages={"required": _("Write what changes, or why it will not change.")},
    )
    does_not_change = forms.CharField(
        label=_("What does not change yet"), max_length=4000, required=False, widget=forms.Textarea(SHORT)
    )
    planned_for = forms.DateField(
        label=_("For when?"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Only if you will do it."),
    )
    follow_up_weeks = forms.TypedChoiceField(
        label=_("Ask again “is it settled?”"), choices=WEEKS, coerce=lambda typed: int(typed) or None
    )
    publish = forms.BooleanField(label=_("Publish under “You said”"), required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2000)

    def __init__(self, data: Any = None, *, pain_points: Sequence[PainPoint], **kwargs: Any) -> None:
        initial = {
            "publish": all(one.is_public for one in pain_points),
            "follow_up_weeks": "4",
            "seen": _answers_of(pain_points) if data is None else "",
            **kwargs.pop("initial", {}),
        }
        super().__init__(data, initial=initial, **kwargs)
        if data is None:
            self.fields["outcome"].choices = outcomes_open_to(pain_points)

    def clean_planned_for(self) -> date | None:
        day = self.cleaned_data["planned_for"]
        if day and self.data.get("outcome") == Outcome.PLANNED and day < timezone.localdate():
            raise forms.ValidationError(_("This day has passed. Give a day to come."))
        return day

    def clean_seen(self) -> dict[int, int]:
        """How many answers stood on the page, by pain point. Rubbish is as good as nothing."""
        pairs = (pair.partition(":") for pair in self.cleaned_data["seen"].split(","))
        return {
            int(number): int(count)
            for number, _colon, count in pairs
            if number.isascii() and number.isdigit() and count.isascii() and count.isdigit()
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("outcome") == Outcome.PLANNED and not cleaned.get("planned_for") and "planned_for" in cleaned:
            self.add_error("planned_for", _("Say for when."))
        return cleaned

    def said(self) -> dict[str, Any]:
        """What ``answer_together`` takes."""
        said = dict(self.cleaned_data)
        said["answers_seen"] = said.pop("seen")
        return said


def _answers_of(pain_points: Sequence[PainPoint]) -> str:
    """How many answers each has now: ``12:0,58:2``."""
    counted = PainPoint.objects.filter(pk__in=[one.pk for one in pain_points]).annotate(count=Count("answers"))
    return ",".join(f"{number}:{count}" for number, count in counted.order_by("pk").values_list("pk", "count"))


def outcomes_open_to(pain_points: Sequence[PainPoint]) -> list[tuple[str, str]]:
    """The outcomes that all these pain points may take now; a suggested one is confirmed on the way."""
    return [(one.value, one.label) for one in Outcome if all(one in _moves(pain_point) for pain_point in pain_points)]


def _moves(pain_point: PainPoint) -> set[str]:
    suggested = pain_point.state == PainPointState.SUGGESTED
    return PAIN_POINT_MOVES[PainPointState.CONFIRMED if suggested else PainPointState(pain_point.state)]


class TemplateForm(forms.Form):
    """Words that a service often answers with."""

    service = forms.ModelChoiceField(label=_("Service"), queryset=None, empty_label=None)
    name = forms.CharField(label=_("Name of the template"), max_length=80)
    changes = forms.CharField(
        label=_("What will change, or why it will not"), max_length=4000, widget=forms.Textarea(SHORT)
    )
    does_not_change = forms.CharField(
        label=_("What does not change yet"), max_length=4000, required=False, widget=forms.Textarea(SHORT)
    )

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data)
        self.fields["service"].queryset = services_owned_by(user)
