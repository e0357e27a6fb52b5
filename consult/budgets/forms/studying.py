"""What evaluators and editors type about a study. A figure that looks mistyped is asked about again, never refused."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from consult.budgets.choices import CostKind, StudyVerdict
from consult.budgets.forms.money import MoneyField
from directory.models import Service

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class AskedAgain(forms.Form):
    """A form whose doubts are shown with a box to tick: ticking it says that this is really meant."""

    meant = forms.BooleanField(required=False, label=gettext_lazy("Yes, this is really the amount"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.doubts: list[str] = []

    def is_meant(self, doubts: list[str]) -> bool:
        """Whether nothing is doubtful, or the person confirmed; otherwise the box is shown, with what is doubtful."""
        if not doubts or self.cleaned_data.get("meant"):
            return True
        self.doubts = doubts
        self.add_error("meant", _("Correct the amount, or tick the box to keep it."))
        return False


class LineForm(AskedAgain):
    label = forms.CharField(
        label=gettext_lazy("What it pays for"),
        max_length=120,
        error_messages={"required": gettext_lazy("Say what it pays for.")},
    )
    kind = forms.ChoiceField(label=gettext_lazy("Paid"), choices=CostKind, initial=CostKind.INVEST)
    amount = MoneyField(label=gettext_lazy("Amount in euros, taxes included"))

    field_order = ["label", "kind", "amount", "meant"]


class VerdictForm(forms.Form):
    verdict = forms.ChoiceField(
        label=gettext_lazy("Verdict"),
        choices=StudyVerdict,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose a verdict.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason that everybody will read"),
        help_text=gettext_lazy("What makes it possible or not, in sentences that a neighbour understands."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": gettext_lazy("Say why: everybody will read it.")},
    )
    revised_title = forms.CharField(
        label=gettext_lazy("New title, if the project changes"), max_length=120, required=False
    )
    revised_summary = forms.CharField(
        label=gettext_lazy("New sentence, if the project changes"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class SignForm(AskedAgain):
    """``seen``: the fingerprint of what was read."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)

    field_order = ["seen", "meant"]


class StudyNoteForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("Note to colleagues"),
        help_text=gettext_lazy("Never public."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Write your note.")},
    )


class AssignForm(forms.Form):
    service = forms.ModelChoiceField(Service.objects.none(), label=gettext_lazy("Service"), required=False)
    evaluator = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("Evaluator"), required=False)
    second = forms.ModelChoiceField(
        User.objects.none(), label=gettext_lazy("Who reads it again, and signs too"), required=False
    )
    due_on = forms.DateField(label=gettext_lazy("Due on"), required=False, widget=DATE)

    def __init__(self, *args: Any, services: QuerySet[Service], people: QuerySet[User], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["service"].queryset = services
        self.fields["evaluator"].queryset = people
        self.fields["second"].queryset = people

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if given.get("evaluator") and given["evaluator"] == given.get("second"):
            self.add_error("second", _("Somebody else than the evaluator reads it again."))
        return given


class PlanForm(forms.Form):
    at = forms.DateTimeField(
        label=gettext_lazy("Publish on"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"required": gettext_lazy("Choose a day and an hour.")},
    )
