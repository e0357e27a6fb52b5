"""What an editor types of what is open between dates: a consultation, or a budget. Judged in plain words."""

from typing import Any
from zoneinfo import ZoneInfo

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminModelForm

from consult.actions.announcing import as_announced, moves
from consult.choices import TimeZone
from consult.errors import NotReady, ReasonMissing
from consult.forms.moments import WallMoment
from consult.forms.telling import TellingPageForm
from consult.models import Phase


class PhaseForm(WagtailAdminModelForm):
    opens_at = WallMoment(label=capfirst(Phase._meta.get_field("opens_at").verbose_name))
    closes_at = WallMoment(label=capfirst(Phase._meta.get_field("closes_at").verbose_name))


class DatedPageForm(TellingPageForm):
    """A draft may be incomplete; what is sent to be published may not.

    ``translated``: what a translation may say of its rows; the rest is decided on the page written first, ``settled``
    on the page itself.
    """

    translated: dict[str, tuple[str, ...]] = {}
    settled: tuple[str, ...] = ()
    refusal: type[Exception] = NotReady

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_translation = self.instance.is_translation
        for form in self._all("phases"):
            form.fields["opens_at"].zone = form.fields["closes_at"].zone = self._zone()
        if self.is_translation:
            self._only_words()
        elif "dates_reason" in self.fields and not self._moved(self.instance.phases.all()):
            self.initial["dates_reason"] = ""  # the last time's: a new move has its own reason

    def missing(self, cleaned: dict[str, Any]) -> list[Any]:
        """The points (``checklist.Point``) that keep what was typed from opening."""
        raise NotImplementedError

    def announced(self) -> dict[str, dict]:
        """The dates last made public, by translation key of the phase."""
        raise NotImplementedError

    # --- what was typed ---

    def _all(self, name: str) -> list[Any]:
        return list(self.formsets[name].forms) if name in self.formsets else []

    def _kept(self, name: str) -> list[Any]:
        """The forms of one kind that stay, in their order; those left blank are not there."""
        formset = self.formsets.get(name)
        if formset is None:
            return []
        typed = [form for form in formset.forms if form not in formset.deleted_forms and form.is_valid()]
        return sorted(typed, key=lambda form: form.cleaned_data.get("ORDER") or 0)

    def _zone(self) -> ZoneInfo:
        typed = self.data.get(self.add_prefix("time_zone")) if self.is_bound else ""
        return ZoneInfo(typed if typed in TimeZone.values else self.instance.time_zone)

    # --- rules ---

    def _judge_phases(self) -> bool:
        """Whether the dates can be compared: two phases of a kind that overlap are told on the second."""
        kept = sorted(self._kept("phases"), key=lambda form: form.cleaned_data["opens_at"])
        last: dict[str, Any] = {}
        for form in kept:
            before = last.get(form.instance.kind)
            if before and form.instance.opens_at < before.closes_at:
                form.add_error("opens_at", _("This phase opens before the last one of the same kind has closed."))
            last[form.instance.kind] = form.instance
        return len(kept) == len(self._all("phases")) - len(getattr(self.formsets.get("phases"), "deleted_forms", []))

    def _judge_moves(self, cleaned: dict[str, Any]) -> None:
        if not self._moved([form.instance for form in self._kept("phases")]):
            cleaned["dates_reason"] = ""
        elif not self.is_deferred_validation and not cleaned.get("dates_reason", "").strip():
            self.add_error("dates_reason", str(ReasonMissing()))

    def _moved(self, phases: Any) -> bool:
        announced = self.announced() if self.instance.pk else {}
        if not announced:
            return False
        return bool(moves(announced, {str(one.translation_key): as_announced(one) for one in phases}))

    def _judge_opening(self, cleaned: dict[str, Any]) -> None:
        missing = self.missing(cleaned)
        if missing:
            self.add_error(None, str(self.refusal([str(point.words) for point in missing])))
        for point in missing:
            if point.field in self.fields and point.field not in self.errors:
                is_empty = not cleaned.get(point.field)
                said = _("Needed before it opens.") if is_empty else _("Not enough to open: %(words)s.") % vars(point)
                self.add_error(point.field, said)

    # --- translations ---

    def _only_words(self) -> None:
        for name, words in self.translated.items():
            for form in self._all(name):
                for field in set(form.fields) - {*words, "id", "ORDER", "DELETE"}:
                    form.fields[field].disabled = True
        for field in self.settled:
            if field in self.fields:
                self.fields[field].disabled = True

    def _keep_the_tree(self) -> None:
        added = any(
            form.has_changed() and form.instance.pk is None for name in self.translated for form in self._all(name)
        )
        removed = any(self.formsets[name].deleted_forms for name in self.translated if name in self.formsets)
        if added or removed:
            self.add_error(None, _("Sections and phases are added and removed on the page that was written first."))


class All:
    """Rows as a manager gives them."""

    def __init__(self, rows: list[Any]) -> None:
        self._rows = rows

    def all(self) -> list[Any]:
        return self._rows
