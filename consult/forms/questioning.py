"""What an editor types of a questionnaire, judged in plain words before it is kept."""

from typing import Any

from django import forms
from django.contrib.postgres.forms import SimpleArrayField
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
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

from consult import gatherings
from consult.actions.surveys import keep_questions
from consult.errors import QuestionsFrozen
from consult.forms.rows import RowsPanel
from consult.forms.telling import TellingPageForm
from consult.models import Question
from consult.questionnaires import faults, name_questions


class Lines(SimpleArrayField):
    """A list of texts, one a line; blank lines are nothing."""

    widget = forms.Textarea

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, delimiter="\n", **kwargs)

    def to_python(self, value: Any) -> list[str]:
        typed = value.splitlines() if isinstance(value, str) else value or []
        return super().to_python([line for line in typed if str(line).strip()])


class QuestionForm(WagtailAdminModelForm):
    choices = Lines(
        forms.CharField(max_length=160),
        label=capfirst(Question._meta.get_field("choices").verbose_name),
        max_length=40,
        required=False,
    )


class SurveyForm(TellingPageForm):
    """Conditions that nobody could meet are refused in drafts too; frozen questions say that they are."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        kept = self._kept()
        if all(form.is_valid() for form in kept):
            self._judge(kept, cleaned)
        return cleaned

    def _kept(self) -> list[Any]:
        formset = self.formsets.get("questions")
        if formset is None:
            return []
        typed = [form for form in formset.forms if form not in formset.deleted_forms and form.has_changed()]
        known = [form for form in formset.forms if form not in formset.deleted_forms and form.instance.pk]
        both = list(dict.fromkeys([*known, *typed]))
        return sorted(both, key=lambda form: getattr(form, "cleaned_data", {}).get("ORDER") or 0)

    def _judge(self, kept: list[Any], cleaned: dict[str, Any]) -> None:
        questions = [form.instance for form in kept]
        name_questions(questions)
        for fault in faults(questions):
            kept[fault.place].add_error(fault.field, fault.words)
        if gatherings.is_answered(self.instance):
            self.instance.hides_results = cleaned.get("hides_results", self.instance.hides_results)
            try:
                keep_questions(self.instance, list(gatherings.questions_of(self.instance)), questions)
            except QuestionsFrozen as frozen:
                self.add_error(None, str(frozen))


def _question() -> list[Panel]:
    return [
        FieldPanel("label"),
        FieldPanel("kind"),
        FieldPanel("help"),
        FieldPanel("choices", help_text=_("One a line, in order. Leave empty for a text, a number or a date.")),
        MultiFieldPanel(
            [FieldPanel("is_required"), FieldPanel("takes_other"), FieldPanel("starts_page")], _("How it is asked")
        ),
        MultiFieldPanel([FieldPanel("minimum"), FieldPanel("maximum")], _("Bounds of a number")),
        FieldPanel(
            "is_public", help_text=_("Otherwise texts are read by the administration only, without personal data.")
        ),
        MultiFieldPanel(
            [
                FieldPanel("code", help_text=_("Small letters and dashes: it names the column in the open data.")),
                FieldPanel(
                    "shown_if", help_text=_("The short name of an earlier question. Empty: asked to everybody.")
                ),
                FieldPanel(
                    "shown_if_answers",
                    help_text=_("The numbers of its answers, with commas: 1 is the first line, 0 is “other”."),
                ),
            ],
            _("Condition"),
        ),
    ]


def of_survey() -> TabbedInterface:
    """The whole form, tab by tab."""
    asked = [
        HelpPanel(
            _(
                "People answer while the phases of the consultation let them write."
                " From the first answer on, only words may be put right."
            )
        ),
        *Page.content_panels,
        FieldPanel("intro"),
        FieldPanel("hides_results", help_text=_("Otherwise the figures are public as they come.")),
        RowsPanel("questions", _question(), rows=QuestionForm, heading=_("Questions"), label=_("question"), min_num=1),
    ]
    return TabbedInterface(
        [
            ObjectList(asked, heading=_("Questionnaire")),
            ObjectList(Page.promote_panels, heading=_("Address")),
            ObjectList(Page.settings_panels, heading=_("Settings")),
        ],
        base_form_class=SurveyForm,
    )
