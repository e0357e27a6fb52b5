"""What an editor types of a consultation, judged in plain words before it is kept."""

from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminModelForm, WagtailAdminPageForm

from consult import checklist, policies
from consult.actions.publishing import as_announced, moves
from consult.choices import TimeZone
from consult.errors import NotReady, PromiseChanged, ReasonMissing, SectionInUse, StatementInUse
from consult.forms.moments import WallMoment
from consult.maps import seeds
from consult.models import Phase, Section

OF_THE_MAP = ("has_map", "map_seeds", "map_takes_statements", "map_hides_results", "map_opens_answers")
# What a translation may say; the rest is decided on the page that was written first.
TRANSLATED = {
    "sections": ("title", "intro"),
    "phases": ("title", "note"),
}


class PhaseForm(WagtailAdminModelForm):
    opens_at = WallMoment(label=capfirst(Phase._meta.get_field("opens_at").verbose_name))
    closes_at = WallMoment(label=capfirst(Phase._meta.get_field("closes_at").verbose_name))


class ConsultationForm(WagtailAdminPageForm):
    """A draft may be incomplete; what is sent to be published may not (``checklist``)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_translation = self.instance.is_translation
        for form in self._all("phases"):
            form.fields["opens_at"].zone = form.fields["closes_at"].zone = self._zone()
        if self.is_translation:
            self._only_words()
        elif "dates_reason" in self.fields and not self._moved(self.instance.phases.all()):
            self.initial["dates_reason"] = ""  # the last time's: a new move has its own reason

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.is_translation:
            self._keep_the_tree()
            return cleaned
        self._judge_sections()
        if self._judge_phases():
            self._judge_moves(cleaned)
        self._judge_map(cleaned)
        if not self.is_deferred_validation:
            self._judge_opening(cleaned)
        return cleaned

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

    def _judge_sections(self) -> None:
        kept = self._kept("sections")
        if kept and kept[0].cleaned_data.get("level") == 2:
            kept[0].add_error("level", _("The first section stands inside no other: choose the first level."))
        used = policies.sections_in_use(self.instance) if self.instance.pk else {}
        formset = self.formsets.get("sections")
        for form in formset.deleted_forms if formset is not None else []:
            if form.instance.pk in used:
                self.add_error(None, str(SectionInUse(used[form.instance.pk])))

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
        announced = policies.dates_announced(self.instance) if self.instance.pk else {}
        if not announced:
            return False
        return bool(moves(announced, {str(one.translation_key): as_announced(one) for one in phases}))

    def _judge_map(self, cleaned: dict[str, Any]) -> None:
        """Lines too long are told at once; what people answered, and what they were promised, stays as it was."""
        typed = cleaned.get("map_seeds") or ""
        for line in seeds.too_long(typed):
            said = _("140 characters at most: “%(line)s” has %(length)d.")
            self.add_error("map_seeds", said % {"line": line[:60], "length": len(line)})
        if not (self.instance.pk and cleaned.get("has_map")):
            return
        kept = {line.lower() for line in seeds.lines(typed)}
        for answered in policies.statements_sown_and_answered(self.instance):
            if answered.text.lower() not in kept:
                self.add_error("map_seeds", str(StatementInUse(answered.number, answered.text)))
        if policies.promise_kept(self.instance) not in (None, cleaned.get("map_opens_answers")):
            self.add_error("map_opens_answers", str(PromiseChanged()))

    def _judge_opening(self, cleaned: dict[str, Any]) -> None:
        missing = checklist.missing(self._typed(cleaned))
        if missing:
            self.add_error(None, str(NotReady([str(point.words) for point in missing])))
        for point in missing:
            if point.field in self.fields and point.field not in self.errors:
                is_empty = not cleaned.get(point.field)
                said = _("Needed before it opens.") if is_empty else _("Not enough to open: %(words)s.") % vars(point)
                self.add_error(point.field, said)

    def _typed(self, cleaned: dict[str, Any]) -> Any:
        """What the list of checks reads, from the form: the page itself is filled after it is judged."""
        texts = ("lead", "procedure", "moderation", "contact_name", "contact_email", "contact_phone", "contact_address")
        return SimpleNamespace(
            **{name: cleaned.get(name) or "" for name in texts},
            body=cleaned.get("body") or [],
            administration_id=getattr(cleaned.get("administration"), "pk", None),
            charter_id=getattr(cleaned.get("charter"), "pk", None),
            follow_up_due=cleaned.get("follow_up_due"),
            has_map=bool(cleaned.get("has_map")),
            map_seeds=cleaned.get("map_seeds") or "",
            zone=self._zone(),
            phases=_All([form.instance for form in self._kept("phases")]),
            sections=_All([form.instance for form in self._kept("sections")]),
        )

    # --- translations ---

    def _only_words(self) -> None:
        for name, words in TRANSLATED.items():
            for form in self._all(name):
                for field in set(form.fields) - {*words, "id", "ORDER", "DELETE"}:
                    form.fields[field].disabled = True
        for field in ("time_zone", "moderation", "follow_up_due", "dates_reason", "population", *OF_THE_MAP):
            if field in self.fields:
                self.fields[field].disabled = True

    def _keep_the_tree(self) -> None:
        added = any(form.has_changed() and form.instance.pk is None for name in TRANSLATED for form in self._all(name))
        removed = any(self.formsets[name].deleted_forms for name in TRANSLATED if name in self.formsets)
        if added or removed:
            self.add_error(None, _("Sections and phases are added and removed on the page that was written first."))


class _All:
    """Rows as a manager gives them."""

    def __init__(self, rows: list[Phase] | list[Section]) -> None:
        self._rows = rows

    def all(self) -> list[Phase] | list[Section]:
        return self._rows
