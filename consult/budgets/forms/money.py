"""Money as people type it, in euros; kept in whole cents."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consult.count_words import amount

# Spaces of every kind, and the signs that people put around a figure.
_AROUND = re.compile(r"[\s\u00a0\u202f\u2009'’_]|€|euros?|EUR", re.IGNORECASE)
_PLAIN = re.compile(r"([0-9]{1,13})(?:[.,]([0-9]{1,2}))?")
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{3})+")


class MoneyField(forms.Field):
    """« 600 000 », « 600 000,50 € » → cents (int). Raises ``ValidationError`` for what can be read two ways.

    ``least`` and ``most``, in cents: what may be typed, both included.
    """

    widget = forms.TextInput
    default_error_messages = {"required": gettext_lazy("Type an amount in euros.")}

    def __init__(self, *, least: int = 0, most: int | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.least, self.most = least, most

    def widget_attrs(self, widget: forms.Widget) -> dict[str, str]:
        return {"inputmode": "decimal", "autocomplete": "off"}

    def prepare_value(self, value: Any) -> Any:
        """Cents become « 600 000 »; what was typed and refused stays as it was typed."""
        return amount(value, "") if isinstance(value, int) else value

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        return value if isinstance(value, int) else cents(str(value))

    def validate(self, value: int | None) -> None:
        super().validate(value)
        if value is None:
            return
        if value < self.least:
            raise ValidationError(_("Type %(least)s or more.") % {"least": amount(self.least)})
        if self.most is not None and value > self.most:
            raise ValidationError(_("Type %(most)s or less.") % {"most": amount(self.most)})


def cents(typed: str) -> int:
    """The cents of an amount typed in euros. Raises ``ValidationError`` when it is no amount, or may be two."""
    bare = _AROUND.sub("", typed)
    if _THOUSANDS.fullmatch(bare):
        raise ValidationError(
            _("“%(typed)s” can be read two ways: separate thousands with a space, as in 600 000.") % {"typed": typed}
        )
    read = _PLAIN.fullmatch(bare)
    if read is None:
        raise ValidationError(
            _("“%(typed)s” is not an amount: type figures, as in 600 000 or 12 500,50.") % {"typed": typed}
        )
    euros, rest = read.groups()
    return int(euros) * 100 + int((rest or "").ljust(2, "0"))
