"""What is typed about a panel drawn by lot: by its editor in Wagtail, by who volunteers, by who draws."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import (
    FieldPanel,
    HelpPanel,
    MultiFieldPanel,
    ObjectList,
    Panel,
    TabbedInterface,
)
from wagtail.models import Page

from consult import texts
from consult.actions.panels import keep_rules
from consult.drawing_lots.reading import answers_of, faults
from consult.errors import CriteriaInUse, ListFrozen
from consult.forms.moments import WallMoment
from consult.forms.questioning import Lines
from consult.forms.rows import RowsPanel
from consult.forms.telling import TellingPageForm
from consult.models import Criterion, PanelPage

LONGEST_KEPT = 730  # days after the draw


class CriterionForm(WagtailAdminModelForm):
    shares = Lines(forms.CharField(max_length=120), label=capfirst(gettext_lazy("answers and members")), max_length=30)


class PanelForm(TellingPageForm):
    """Its hours are those of the clocks of the consultation; quotas that no panel has are refused at once."""

    closes_at = WallMoment(label=capfirst(PanelPage._meta.get_field("closes_at").verbose_name))
    seed_at = WallMoment(label=capfirst(PanelPage._meta.get_field("seed_at").verbose_name))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone = self.parent_page.specific.zone
        self.fields["closes_at"].zone = self.fields["seed_at"].zone = zone

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        closes, known, kept = (cleaned.get(name) for name in ("closes_at", "seed_at", "keeps_until"))
        if closes and known and known <= closes:
            self.add_error("seed_at", _("The number that decides is known after the list closes, never before."))
        if known and kept and not 0 < (kept - known.date()).days <= LONGEST_KEPT:
            self.add_error("keeps_until", _("A day after the draw, and two years later at most."))
        formset = self.formsets.get("criteria")
        if not self.errors and formset is not None and formset.is_valid():
            self._judge(formset, cleaned)
        return cleaned

    def _judge(self, formset: Any, cleaned: dict[str, Any]) -> None:
        draft = PanelPage(pk=self.instance.pk)
        for name in ("size", "closes_at", "seed_source", "seed_at"):
            setattr(draft, name, cleaned[name])
        typed = [form for form in formset.ordered_forms if form not in formset.deleted_forms]
        criteria = [Criterion(label=form.cleaned_data["label"], shares=form.cleaned_data["shares"]) for form in typed]
        wrong = faults(draft, criteria)
        for words in wrong:
            self.add_error(None, words)
        if not wrong:
            try:
                keep_rules(draft, criteria)
            except (CriteriaInUse, ListFrozen) as broken:
                self.add_error(None, str(broken))


def of_panel() -> TabbedInterface:
    """The whole form, tab by tab."""
    after = [FieldPanel("cancelled_reason", help_text=gettext_lazy("Everybody reads it; volunteers are told."))]
    return TabbedInterface(
        [
            ObjectList(_asked(), heading=gettext_lazy("Panel")),
            ObjectList(after, heading=gettext_lazy("Cancellation")),
            ObjectList(Page.promote_panels, heading=gettext_lazy("Address")),
            ObjectList(Page.settings_panels, heading=gettext_lazy("Settings")),
        ],
        base_form_class=PanelForm,
    )


def _asked() -> list[Panel]:
    told = gettext_lazy(
        "People volunteer; the list closes and its fingerprint is published; then a public number that nobody"
        " knew decides. Announce this number now: it is what makes the draw fair."
    )
    source = gettext_lazy("“The five numbers of the Loto of 14 March, in growing order.”")
    kept = gettext_lazy("Names, addresses and answers go that day; the figures stay.")
    return [
        HelpPanel(told),
        *Page.content_panels,
        FieldPanel("intro"),
        FieldPanel("asked", help_text=gettext_lazy("Days, places, what is paid: what one should know beforehand.")),
        MultiFieldPanel([FieldPanel("level"), FieldPanel("closes_at")], gettext_lazy("Volunteers")),
        FieldPanel("size"),
        RowsPanel(
            "criteria",
            _criterion(),
            rows=CriterionForm,
            heading=gettext_lazy("Criteria"),
            label=gettext_lazy("criterion"),
        ),
        MultiFieldPanel(
            [FieldPanel("seed_source", help_text=source), FieldPanel("seed_at")],
            gettext_lazy("The number that decides"),
        ),
        FieldPanel("keeps_until", help_text=kept),
    ]


def _criterion() -> list[Panel]:
    shares = gettext_lazy(
        "One a line, with the number of members: “16 to 29: 7 to 9”. Without number: as many as come."
        " Only what the panel must reflect: the less is asked, the better."
    )
    return [
        FieldPanel("label", help_text=gettext_lazy("As it is asked: “Your age”, “Your district”.")),
        FieldPanel("shares", help_text=shares),
    ]


class VolunteerForm(forms.Form):
    """One question a criterion, its answers in the editor's order."""

    def __init__(self, *args: Any, criteria: Sequence[Criterion], answers: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.labels = {f"c{place}": one.label for place, one in enumerate(criteria)}
        for (name, label), one in zip(self.labels.items(), criteria, strict=True):
            self.fields[name] = forms.ChoiceField(
                label=label,
                choices=[(answer, answer) for answer in answers_of(one)],
                widget=forms.RadioSelect,
                initial=answers.get(label),
                error_messages={"required": _("Choose an answer.")},
            )
        self.fields["agrees"] = forms.BooleanField(
            label=_("I am free on the days announced, and I accept to be drawn."),
            error_messages={"required": _("Say that you accept: somebody drawn is awaited.")},
        )

    def answers(self) -> dict[str, str]:
        return {label: self.cleaned_data[name] for name, label in self.labels.items()}


class SeedForm(forms.Form):
    """The number that was announced."""

    seed = forms.CharField(
        label=gettext_lazy("The number, as it was published"),
        help_text=gettext_lazy("Everybody reads it, and draws again with it. It is typed once."),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_seed(self) -> str:
        return texts.line(self.cleaned_data["seed"])
