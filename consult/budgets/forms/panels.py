"""The tabs in which an editor sets a budget up."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import (
    FieldPanel,
    HelpPanel,
    MultiFieldPanel,
    ObjectList,
    Panel,
    TabbedInterface,
)
from wagtail.models import Page

from consult.budgets import checklist, plain_words, policies
from consult.budgets.forms.editing import BudgetForm, ConditionForm, EnvelopeForm
from consult.budgets.rules import read_rules
from consult.forms.panels import ChecklistPanel, phases
from consult.forms.rows import RowsPanel


class RegulationPanel(Panel):
    """What the regulation says, and the ways to write it, to try it and to freeze it: pages of their own."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "budgets/admin/regulation_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            page = self.instance
            budget = policies.budget_of(page) if page.pk and not page.is_translation else None
            frozen = policies.frozen_regulation(budget) if budget else None
            rules = read_rules(frozen.content["rules"] if frozen else budget.page.rules) if budget else None
            return {
                **super().get_context_data(parent_context),
                "budget": budget,
                "frozen": frozen,
                "parts": plain_words.parts(rules, page.envelopes.all()) if rules else [],
            }


def _shared_out() -> list[Panel]:
    return [
        ChecklistPanel(listed=checklist.points, heading=_("Before it opens")),
        *Page.content_panels,
        FieldPanel("administration"),
        FieldPanel("lead", help_text=_("How much, for whom, until when.")),
        MultiFieldPanel(
            [FieldPanel("picture"), FieldPanel("picture_description")],
            _("Picture"),
            help_text=_("Say what the picture shows: some people hear it."),
        ),
        MultiFieldPanel([FieldPanel("population"), FieldPanel("population_word")], _("People concerned")),
        FieldPanel("body"),
    ]


def _envelopes() -> list[Panel]:
    return [
        HelpPanel(
            _(
                "An envelope is an amount, for the whole town, a territory or a theme. Each one is voted and counted by"
                " itself. Once the regulation is frozen, envelopes no longer change."
            )
        ),
        RowsPanel(
            "envelopes",
            [
                FieldPanel("title"),
                FieldPanel("kind"),
                FieldPanel("amount", help_text=_("In euros: 600 000, or 12 500,50.")),
            ],
            rows=EnvelopeForm,
            heading=_("Envelopes"),
            label=_("envelope"),
        ),
    ]


def _phases() -> list[Panel]:
    return [
        FieldPanel("time_zone", help_text=_("The hours below are those of the clocks of this place.")),
        phases(help_text=_("One phase of each kind. Ideas are over when the ballot opens.")),
        FieldPanel(
            "dates_reason",
            help_text=_("Once it is published, moving a date asks for a reason. Everybody reads it, with the dates."),
        ),
    ]


def _voters() -> list[Panel]:
    return [
        HelpPanel(_("One line for each condition. Without a line, anybody with an account votes.")),
        RowsPanel(
            "conditions",
            [
                FieldPanel("kind"),
                FieldPanel("value", help_text=_("For the condition of age: 16, for instance.")),
                FieldPanel("words", help_text=_("Follows “To vote, one must…”: “live in Valbourg”.")),
            ],
            rows=ConditionForm,
            heading=_("Who may vote"),
            label=_("condition"),
        ),
    ]


def _rules() -> list[Panel]:
    return [
        FieldPanel("procedure", help_text=_("What may be proposed, how projects are studied, who decides what.")),
        FieldPanel("signatures"),
        FieldPanel("charter"),
        FieldPanel("moderation"),
        MultiFieldPanel(
            [
                FieldPanel("contact_name"),
                FieldPanel("contact_email"),
                FieldPanel("contact_phone"),
                FieldPanel("contact_address"),
            ],
            _("Who answers questions"),
            help_text=_("A name, and one way at least to reach it: not everybody has e-mail."),
        ),
    ]


def of_budget() -> TabbedInterface:
    """The whole form, tab by tab."""
    return TabbedInterface(
        [
            ObjectList(_shared_out(), heading=_("What is shared out")),
            ObjectList(_envelopes(), heading=_("Envelopes")),
            ObjectList(_phases(), heading=_("Phases")),
            ObjectList(_voters(), heading=_("Who may vote")),
            ObjectList([RegulationPanel(heading=_("Regulation of the ballot"))], heading=_("Regulation")),
            ObjectList(_rules(), heading=pgettext_lazy("budget", "Rules and contacts")),
            ObjectList(Page.promote_panels, heading=_("Address")),
            ObjectList(Page.settings_panels, heading=_("Settings")),
        ],
        base_form_class=BudgetForm,
    )
