"""How forms look: one renderer for the site, and the few widgets that a bare type does not tell.

A form declares its widget (``widget=Faces()``), the template of its field follows: nobody writes markup twice.
"""

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_noop, ngettext_lazy

# Django's own sentences, said again in our catalogue: they tell what to do.
SAID_OTHERWISE = (gettext_noop("This field is required."), gettext_noop("Enter a valid date."))
TOO_LONG = ngettext_lazy(
    "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
    "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
    "limit_value",
)


class CahierRenderer(TemplatesSetting):
    """Every ``{{ form }}`` and ``{{ field.as_field_group }}`` wears the components of the theme.

    Only whole forms and whole fields are dressed: a lone ``{{ field }}`` stays what Django and Wagtail expect,
    so the editors' pages are untouched.
    """

    form_template_name = "django/forms/cahier.html"
    field_template_name = "components/field.html"


class Voice(forms.Textarea):
    """What people write: set in the font of people's words from the first letter."""

    kind = "voice"

    def __init__(self, attrs: dict | None = None, *, rows: int = 6) -> None:
        super().__init__({"rows": rows, **(attrs or {})})

    def get_context(self, name: str, value: Any, attrs: dict | None) -> dict:
        """Without ``maxlength``: a browser cuts what one pastes and says nothing; the form says it and keeps all."""
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"].pop("maxlength", None)
        return context


class Cards(forms.RadioSelect):
    """One choice among a few, each on a card. ``notes`` gives the small line under a choice, by value."""

    kind = "cards"

    def __init__(self, attrs: dict | None = None, choices: Any = (), *, notes: dict | None = None) -> None:
        super().__init__(attrs, choices)
        self.notes = notes or {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict:
        option = super().create_option(name, value, *args, **kwargs)
        return {**option, "note": self.notes.get(str(value), "")}


class Faces(forms.RadioSelect):
    """Satisfaction: five faces with their words, worst first. The choices are the values 1 to 5."""

    kind = "faces"
    ICONS = {
        "1": "emoji-frown",
        "2": "emoji-expressionless",
        "3": "emoji-neutral",
        "4": "emoji-smile",
        "5": "emoji-laughing",
    }

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict:
        option = super().create_option(name, value, *args, **kwargs)
        return {**option, "icon": self.ICONS.get(str(value), "")}
