"""The tabs in which an editor sets a consultation up."""

from collections.abc import Callable
from typing import Any

from django.forms import Textarea
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import (
    FieldPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    Panel,
    TabbedInterface,
)
from wagtail.models import Page

from consult import checklist
from consult.checklist import Point
from consult.forms.dated import PhaseForm
from consult.forms.editing import ConsultationForm
from consult.forms.rows import RowsPanel


class ChecklistPanel(Panel):
    """What is there and what is missing before the page opens, as it was last saved. ``listed``: a list of checks."""

    def __init__(self, *, listed: Callable[[Any], list[Point]] = checklist.points, **options: Any) -> None:
        super().__init__(**options)
        self.listed = listed

    def clone_kwargs(self) -> dict[str, Any]:
        return super().clone_kwargs() | {"listed": self.listed}

    class BoundPanel(Panel.BoundPanel):
        template_name = "consult/admin/checklist.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            points = [] if self.instance.is_translation else self.panel.listed(self.instance)
            return {
                **super().get_context_data(parent_context),
                "points": points,
                "missing": len([point for point in points if not point.is_there]),
                "is_translation": self.instance.is_translation,
            }


def phases(*, help_text: Any) -> RowsPanel:
    """Hours are those of the consultation, or of the budget, and not of the editor."""
    return RowsPanel(
        "phases",
        [
            FieldPanel("kind", required_on_save=True),
            FieldPanel("title", help_text=_("Empty: the name of its kind.")),
            FieldPanel("note"),
            FieldPanel("opens_at"),
            FieldPanel("closes_at", help_text=_("At this hour sharp, nothing more is accepted.")),
            FieldPanel("level"),
        ],
        rows=PhaseForm,
        heading=_("Phases"),
        label=_("phase"),
        help_text=help_text,
    )


def _asked() -> list[Panel]:
    return [
        ChecklistPanel(heading=_("Before it opens")),
        *Page.content_panels,
        FieldPanel("administration"),
        FieldPanel("lead", help_text=_("Numbers, places, what is decided already and what is not.")),
        MultiFieldPanel(
            [FieldPanel("picture"), FieldPanel("picture_description")],
            _("Picture"),
            help_text=_("Say what the picture shows: some people hear it."),
        ),
        MultiFieldPanel(
            [FieldPanel("population"), FieldPanel("population_word")],
            _("People concerned"),
            help_text=_("The number of voters is shown out of this one."),
        ),
        FieldPanel("body"),
    ]


def _sections() -> list[Panel]:
    return [
        HelpPanel(_("A section is a question. People propose, argue and vote in it. Two levels at most.")),
        InlinePanel(
            "sections",
            [
                FieldPanel("title"),
                FieldPanel("level"),
                FieldPanel("intro"),
                MultiFieldPanel(
                    [
                        FieldPanel("takes_propositions"),
                        FieldPanel("wording"),
                        FieldPanel("takes_arguments"),
                        FieldPanel("takes_sources"),
                    ],
                    _("What people write"),
                ),
                MultiFieldPanel(
                    [
                        FieldPanel("vote"),
                        FieldPanel("hides_counts", help_text=_("Nobody reads the counts before the vote is closed.")),
                        FieldPanel("threshold"),
                    ],
                    pgettext_lazy("panel", "Vote"),
                ),
            ],
            heading=_("Sections"),
            label=_("section"),
        ),
    ]


def _map() -> list[Panel]:
    return [
        HelpPanel(
            _(
                "People answer short statements, one at a time: agree, disagree, pass. Those who answer alike form"
                " groups, and the map says what tells them apart and what all of them say. It is open in the phases"
                " in which people propose, debate or vote."
            )
        ),
        FieldPanel("has_map"),
        FieldPanel("map_question", help_text=_("Empty: « What do you think of it? »")),
        FieldPanel(
            "map_seeds",
            widget=Textarea(attrs={"rows": 14}),
            help_text=_(
                "One idea a line, 140 characters at most, that one may agree or disagree with. Seven at least; twenty"
                " is a good number. Cover every opinion you know of. Once somebody answered a line, it no longer"
                " changes."
            ),
        ),
        MultiFieldPanel(
            [
                FieldPanel("map_takes_statements", help_text=_("Moderators judge them as they do propositions.")),
                FieldPanel("map_hides_results", help_text=_("Nobody reads the map before answering is over.")),
                FieldPanel(
                    "map_opens_answers",
                    help_text=_(
                        "Anybody can then count again. Answers are opinions: people are told before they answer, no"
                        " name and no date is published, and this choice no longer changes once somebody answered."
                    ),
                ),
            ],
            _("Rules of the map"),
        ),
    ]


def _phases() -> list[Panel]:
    return [
        FieldPanel("time_zone", help_text=_("The hours below are those of the clocks of this place.")),
        phases(help_text=_("Two phases of different kinds may run together. Two of the same kind may not.")),
        FieldPanel("follow_up_due", help_text=_("The day by which you say what you made of it. Everybody reads it.")),
        FieldPanel(
            "dates_reason",
            help_text=_("Once it is published, moving a date asks for a reason. Everybody reads it, with the dates."),
        ),
    ]


def _rules() -> list[Panel]:
    return [
        FieldPanel("procedure", help_text=_("Which text or decision this consultation rests on, and how it is run.")),
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


def of_consultation() -> TabbedInterface:
    """The whole form, tab by tab."""
    return TabbedInterface(
        [
            ObjectList(_asked(), heading=_("What is asked")),
            ObjectList(_sections(), heading=_("Sections")),
            ObjectList(_map(), heading=pgettext_lazy("consultation", "Opinion map")),
            ObjectList(_phases(), heading=_("Phases")),
            ObjectList(_rules(), heading=_("Rules and contacts")),
            ObjectList(Page.promote_panels, heading=_("Address")),
            ObjectList(Page.settings_panels, heading=_("Settings")),
        ],
        base_form_class=ConsultationForm,
    )
