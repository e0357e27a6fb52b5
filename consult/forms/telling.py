"""A page of Wagtail that is not kept says what is to correct, and in which row. Wagtail alone says that it is not."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import slug_re
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm


class TellingPageForm(WagtailAdminPageForm):
    """Errors of rows (phases, sections, questions) are told above the tabs, by the number of the row.

    Wagtail lists every error once one of them belongs to the whole form: there is always one.
    """

    _is_told = False

    def is_valid(self) -> bool:
        if super().is_valid():
            return True
        if self.is_bound and not self._is_told:
            self._is_told = True
            told = list(self._of_rows())
            if told or not self.non_field_errors():
                self.add_error(None, [_("Correct what follows. A tab with a number has something to correct."), *told])
        return False

    def clean_slug(self) -> str:
        """Our addresses are of plain letters: no route reads « où-planter »."""
        slug = self.cleaned_data["slug"]
        if slug and not slug_re.match(slug):
            raise ValidationError(_("Write this address without accents: letters from a to z, digits, hyphens."))
        return slug

    def _of_rows(self) -> Iterator[str]:
        for formset in self.formsets.values():
            name = capfirst(formset.model._meta.verbose_name)
            rows = [form for form in formset.forms if form not in formset.deleted_forms]
            for place, row in enumerate(rows, start=1):
                yield from (_told(f"{name} {place}", row, field, errors) for field, errors in row.errors.items())
            yield from formset.non_form_errors()


def _told(place: str, row: Any, field: str, errors: list[str]) -> str:
    label = row.fields[field].label if field in row.fields else ""
    said = {"place": place, "label": label, "errors": " ".join(errors)}
    return (_("%(place)s, %(label)s: %(errors)s") if label else _("%(place)s: %(errors)s")) % said
