"""What is done with several propositions at once, in words."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.models import Proposition


def wrong(act: str, form: Any, chosen: Sequence[Proposition]) -> str:
    """Why nothing is done; "" when all is there."""
    if not chosen:
        return _("Tick the propositions first.")
    if not form.is_valid() or act not in ("note", "theme", "discard"):
        return _("This was not understood. Choose an act again.")
    if act == "note" and not form.cleaned_data["bulk_note"].strip():
        return _("Write your note.")
    if act == "theme" and form.cleaned_data["theme"] is None:
        return _("Choose a theme.")
    return ""


def noted(count: int) -> str:
    return ngettext("Note written about %(n)d proposition.", "Note written about %(n)d propositions.", count) % {
        "n": count
    }


def put(count: int, theme: str) -> str:
    said = ngettext(
        "%(n)d proposition put in the theme “%(theme)s”.", "%(n)d propositions put in the theme “%(theme)s”.", count
    )
    return said % {"n": count, "theme": theme}


def discarded(count: int) -> str:
    return ngettext("%(n)d prepared decision erased.", "%(n)d prepared decisions erased.", count) % {"n": count}
