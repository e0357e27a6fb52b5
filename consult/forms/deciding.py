"""What those who decide type: a verdict and its reason, for one proposition or for many; a note to colleagues."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consult.choices import Verdict
from consult.models import Theme
from directory.models import Service


class DecisionForm(forms.Form):
    """``corrects``: the decision is already public, and the correction says why."""

    verdict = forms.ChoiceField(
        label=_("Decision"),
        choices=Verdict,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a decision.")},
    )
    reason = forms.CharField(
        label=_("Public reason"),
        help_text=_("What will be done, by when; or why it will not be done. Everybody reads it."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Say why. Everybody will read it.")},
    )
    service = forms.ModelChoiceField(
        Service.objects.none(),
        label=_("Who answers"),
        required=False,
        empty_label=_("The administration that consults"),
    )
    correction_reason = forms.CharField(
        label=_("Why the decision changes"),
        help_text=_("The first decision stays readable, with this reason."),
        max_length=300,
        error_messages={"required": _("Say why the decision changes. Everybody will read it.")},
    )

    def __init__(self, *args: Any, services: Any, corrects: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"].queryset = services
        if not corrects:
            del self.fields["correction_reason"]


class NoteForm(forms.Form):
    note = forms.CharField(
        label=_("Note to colleagues"),
        help_text=_("Never public."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write your note.")},
    )


class BulkForm(forms.Form):
    """What is done with those ticked, besides deciding: one field an act."""

    bulk_note = forms.CharField(
        label=_("Note to colleagues"),
        help_text=_("Never public."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    theme = forms.ModelChoiceField(Theme.objects.none(), label=_("Theme"), required=False)

    def __init__(self, *args: Any, themes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["theme"].queryset = themes
