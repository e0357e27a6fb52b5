"""What somebody types to sign a count, to record lots drawn in public, or to depart from the count."""

from django import forms
from django.utils.translation import gettext_lazy as _


def _signatory() -> forms.CharField:
    return forms.CharField(
        label=_("Signed by"),
        help_text=_("Name and office: everybody reads it. For instance: Rose Daumier, deputy mayor."),
        max_length=160,
    )


class SignForm(forms.Form):
    read = forms.CharField(widget=forms.HiddenInput, max_length=64)
    signatory = _signatory()


class DrawingForm(forms.Form):
    envelope = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    seed = forms.CharField(
        label=_("Number drawn"), help_text=_("In public, after this count stopped. For instance 4271."), max_length=40
    )
    story = forms.CharField(
        label=_("Where, when and how it was drawn"),
        help_text=_("Who was there, and with what: dice, a bag of numbered balls."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    signatory = _signatory()


class DepartForm(forms.Form):
    project = forms.TypedChoiceField(label=_("Project"), coerce=int)
    reason = forms.CharField(
        label=_("Why the decision departs from the count"),
        help_text=_("Everybody reads it, beside what the count says."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    signatory = _signatory()
