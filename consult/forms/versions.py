"""What a moderator says when a former text is taken out."""

from django import forms
from django.utils.translation import gettext_lazy as _

from moderation.choices import Rule


class TakeOutForm(forms.Form):
    rule = forms.ChoiceField(
        label=_("Rule that was broken"),
        choices=Rule,
        widget=forms.RadioSelect,
        initial=Rule.PERSONAL_DATA,
        error_messages={"required": _("Choose a rule.")},
    )
