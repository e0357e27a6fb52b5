"""What an editor types of a consultation, judged in plain words before it is kept."""

from types import SimpleNamespace
from typing import Any

from django.utils.translation import gettext as _

from consult import checklist, policies
from consult.errors import PromiseChanged, SectionInUse, StatementInUse
from consult.forms.dated import All, DatedPageForm
from consult.maps import seeds

OF_THE_MAP = ("has_map", "map_seeds", "map_takes_statements", "map_hides_results", "map_opens_answers")
# What a translation may say; the rest is decided on the page that was written first.
TRANSLATED = {
    "sections": ("title", "intro"),
    "phases": ("title", "note"),
}


class ConsultationForm(DatedPageForm):
    """A draft may be incomplete; what is sent to be published may not (``checklist``)."""

    translated = TRANSLATED
    settled = ("time_zone", "moderation", "follow_up_due", "dates_reason", "population", *OF_THE_MAP)

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

    def missing(self, cleaned: dict[str, Any]) -> list[checklist.Point]:
        return checklist.missing(self._typed(cleaned))

    def announced(self) -> dict[str, dict]:
        return policies.dates_announced(self.instance)

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
            phases=All([form.instance for form in self._kept("phases")]),
            sections=All([form.instance for form in self._kept("sections")]),
        )
