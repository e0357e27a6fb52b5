"""What an editor types of a budget, judged in plain words before it is kept."""

from types import SimpleNamespace
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminModelForm

from consult.budgets import checklist, policies, promises
from consult.budgets.actions.publishing import refuse
from consult.budgets.choices import BudgetPhaseKind, Requirement
from consult.budgets.errors import BudgetNotReady, EnvelopeInUse, PromiseBroken
from consult.budgets.forms.money import MoneyField
from consult.budgets.models import Envelope
from consult.checklist import Point
from consult.forms.dated import All, DatedPageForm

# What a translation may say; the rest is decided on the page that was written first.
TRANSLATED = {"envelopes": ("title",), "phases": ("title", "note")}
SETTLED = ("time_zone", "moderation", "dates_reason", "population", "signatures")


class EnvelopeForm(WagtailAdminModelForm):
    amount = MoneyField(least=1, label=capfirst(Envelope._meta.get_field("amount").verbose_name.partition(",")[0]))


class ConditionForm(WagtailAdminModelForm):
    """An age for the condition of age, and for it alone."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        is_age = cleaned.get("kind") == Requirement.AGE
        if is_age and cleaned.get("value") is None:
            self.add_error("value", _("Say the age, in years."))
        if not is_age and cleaned.get("value") is not None:
            self.add_error("value", _("Leave it empty: only the condition of age has one."))
        return cleaned


class BudgetForm(DatedPageForm):
    """A draft may be incomplete; what is sent to be published may not (``checklist``). What is frozen stays."""

    translated = TRANSLATED
    settled = SETTLED
    refusal = BudgetNotReady

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.is_translation:
            self._keep_the_tree()
            self._keep_conditions()
            return cleaned
        self._judge_envelopes()
        self._judge_conditions()
        if self._judge_phases() and self._judge_order() and self._judge_promises():
            self._judge_moves(cleaned)
        if not self.is_deferred_validation:
            self._judge_opening(cleaned)
        return cleaned

    def save(self, commit: bool = True) -> Any:
        """The regulation has its own page: a draft kept before it was written does not take it away."""
        if self.instance.pk and not self.is_translation:
            self.instance.rules = policies.budget_of(self.instance).page.rules
        return super().save(commit)

    def missing(self, cleaned: dict[str, Any]) -> list[Point]:
        return checklist.missing(self._typed(cleaned))

    def announced(self) -> dict[str, dict]:
        return policies.dates_announced(self.instance)

    # --- rules ---

    def _rows(self, name: str) -> list[Any]:
        return [form.instance for form in self._kept(name)]

    def _judge_envelopes(self) -> None:
        formset = self.formsets.get("envelopes")
        used = {one.pk: one.title for one in policies.envelopes_in_use(self.instance)} if self.instance.pk else {}
        for form in formset.deleted_forms if formset is not None else []:
            if form.instance.pk in used:
                self.add_error(None, str(EnvelopeInUse(used[form.instance.pk])))

    def _judge_conditions(self) -> None:
        """Each condition is asked once."""
        seen = set()
        for form in self._kept("conditions"):
            if form.instance.kind in seen:
                form.add_error("kind", _("This condition is already there."))
            seen.add(form.instance.kind)

    def _judge_order(self) -> bool:
        """Ideas are over when the ballot opens; one phase of each kind. Whether it is so."""
        by_kind: dict[str, Any] = {}
        for form in self._kept("phases"):
            if form.instance.kind in by_kind:
                form.add_error("kind", _("This budget already has a phase of this kind."))
                return False
            by_kind[form.instance.kind] = form
        ideas, ballot = by_kind.get(BudgetPhaseKind.IDEAS), by_kind.get(BudgetPhaseKind.BALLOT)
        if ideas and ballot and ideas.instance.closes_at > ballot.instance.opens_at:
            ballot.add_error("opens_at", _("Ideas are over when the ballot opens."))
            return False
        return True

    def _judge_promises(self) -> bool:
        """Whether nothing frozen is changed; an attempt to make such a change public is journalled."""
        if not self.instance.pk:
            return True
        budget = policies.budget_of(self.instance)
        told = promises.broken(
            budget,
            envelopes=self._rows("envelopes"),
            conditions=self._rows("conditions"),
            phases=self._rows("phases"),
        )
        if not told:
            return True
        self.add_error(None, str(PromiseBroken(told)))
        if not self.is_deferred_validation:
            refuse(budget, list(told), by=self.for_user)
        return False

    def _typed(self, cleaned: dict[str, Any]) -> Any:
        """What the list of checks reads, from the form: the page itself is filled after it is judged."""
        texts = ("lead", "procedure", "moderation", "contact_name", "contact_email", "contact_phone", "contact_address")
        return SimpleNamespace(
            **{name: cleaned.get(name) or "" for name in texts},
            administration_id=getattr(cleaned.get("administration"), "pk", None),
            charter_id=getattr(cleaned.get("charter"), "pk", None),
            zone=self._zone(),
            phases=All(self._rows("phases")),
            envelopes=All(self._rows("envelopes")),
        )

    def _keep_conditions(self) -> None:
        if any(form.has_changed() for form in self._all("conditions")):
            self.add_error(None, _("Who may vote is decided on the page that was written first."))
