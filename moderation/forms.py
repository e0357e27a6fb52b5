"""What people type when they report, and what a moderator decides."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from moderation.choices import Outcome, Rule
from pages.forms import Voice

TEXT_LIMIT = 2000
FACTS_LIMIT = 2000
TOGETHER = 200  # texts judged by one decision


class NoticeForm(forms.Form):
    """One reason, a few words, an address to be answered. Only the reason and sincerity are required."""

    rule = forms.ChoiceField(
        label=gettext_lazy("What is wrong with this text?"),
        choices=Rule.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose a reason.")},
    )
    text = forms.CharField(
        label=gettext_lazy("Where, and why?"),
        help_text=gettext_lazy("Quote the words. Moderators alone read this; the author does not."),
        max_length=TEXT_LIMIT,
        required=False,
        widget=Voice(rows=4),
    )
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address, to learn what was decided"),
        max_length=254,
        required=False,
    )
    is_good_faith = forms.BooleanField(
        label=gettext_lazy("What I say is sincere and, to my knowledge, accurate."),
        error_messages={"required": gettext_lazy("Tick this box: a notice is sincere.")},
    )

    def __init__(self, *args: Any, days: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rule"].choices = [(value, _sentence(label)) for value, label in Rule.choices]
        words = _("It serves this answer only, and is erased after %(days)d days.")
        self.fields["email"].help_text = words % {"days": days}


class DecisionForm(forms.Form):
    """``after`` is the last decision read on the page; ``also`` are other texts judged the same, « case-last »."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Your decision"),
        choices=Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose a decision.")},
    )
    rule = forms.ChoiceField(
        label=gettext_lazy("Rule of the charter"),
        choices=[("", gettext_lazy("Choose the rule")), *Rule.choices],
        required=False,
    )
    facts = forms.CharField(
        label=gettext_lazy("The facts, for the author"),
        max_length=FACTS_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "data-key": "f"}),
    )
    after = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("outcome") in (Outcome.HIDE, Outcome.REMOVE):
            if not cleaned.get("rule"):
                self.add_error("rule", _("Choose the rule that was broken: the author will read it."))
            if not cleaned.get("facts"):
                self.add_error("facts", _("Say what broke it: the author will read it."))
        return cleaned

    def also(self) -> list[tuple[int, int | None]]:
        """The other texts ticked, with the last decision read on each. Anything that is no pair is left out."""
        pairs = [value.partition("-") for value in self.data.getlist("also")[:TOGETHER]]
        return [(int(case), int(last) or None) for case, _dash, last in pairs if _is_key(case) and _is_key(last)]


def _sentence(label: Any) -> str:
    words = str(label)
    return _("It %(what)s") % {"what": words}


def _is_key(typed: str) -> bool:
    return typed.isascii() and typed.isdigit() and len(typed) < 19
