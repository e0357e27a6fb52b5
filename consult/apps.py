from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsultConfig(AppConfig):
    name = "consult"
    verbose_name = _("Consultations and budgets")

    def ready(self) -> None:
        from accounts import personal_data as copies  # noqa: PLC0415  (apps are ready only now)
        from consult import personal_data  # noqa: PLC0415  (apps are ready only now)
        from consult.actions import judged, judged_texts  # noqa: PLC0415  (apps are ready only now)
        from consult.choices import VERBS  # noqa: PLC0415  (apps are ready only now)
        from consult.views import home  # noqa: PLC0415  (apps are ready only now)
        from journal.actions import declare  # noqa: PLC0415  (apps are ready only now)
        from pages import sections  # noqa: PLC0415  (apps are ready only now)

        declare(VERBS)
        copies.declare("consultations", personal_data.copy_for, eraser=personal_data.erase)
        judged.declare_kinds()
        judged_texts.declare_kinds()
        sections.declare("consult", template="consult/_home.html", context=home.section)
        self._declare_letters()
        self._declare_pages()

    def _declare_letters(self) -> None:
        from consult import asking, letters, meeting_letters, news, reminding, taken_out, visitor_letters  # noqa: PLC0415  (apps are ready only now)
        from consult.drawing_lots import letters as panel_letters  # noqa: PLC0415  (apps are ready only now)
        from letters import renderers, topics  # noqa: PLC0415  (apps are ready only now)

        drawn = {
            **letters.RENDERERS,
            **meeting_letters.RENDERERS,
            visitor_letters.CONFIRM: visitor_letters.render_confirm,
            asking.SUPPORTERS: asking.render,
            news.KIND: news.render,
            panel_letters.PANEL: panel_letters.render,
            reminding.KIND: reminding.render,
            taken_out.KIND: taken_out.render,
        }
        for kind, renderer in drawn.items():
            renderers.declare(kind, renderer)
        for topic in letters.TOPICS:
            topics.declare(topic)

    def _declare_pages(self) -> None:
        """The forms stand above the pages: Wagtail looks for them here, the first time an editor comes."""
        from consult.actions import meetings, panels, surveys, synthesis  # noqa: PLC0415  (apps are ready only now)
        from consult.actions.publishing import publish  # noqa: PLC0415  (apps are ready only now)
        from consult.forms import lots, questioning  # noqa: PLC0415  (apps are ready only now)
        from consult.forms import meetings as meeting_form  # noqa: PLC0415  (apps are ready only now)
        from consult.forms import panels as consultation_form  # noqa: PLC0415  (apps are ready only now)
        from consult.forms import synthesis as synthesis_form  # noqa: PLC0415  (apps are ready only now)
        from consult.models import ConsultationPage, MeetingPage, PanelPage, SurveyPage, SynthesisPage, below, serving  # noqa: PLC0415  (apps are ready only now)
        from consult.views import lots as lot_views  # noqa: PLC0415  (apps are ready only now)
        from consult.views import meetings as meeting_views  # noqa: PLC0415  (apps are ready only now)
        from consult.views import pages  # noqa: PLC0415  (apps are ready only now)
        from consult.views import surveys as survey_views  # noqa: PLC0415  (apps are ready only now)
        from consult.views import synthesis as synthesis_views  # noqa: PLC0415  (apps are ready only now)

        ConsultationPage.edit_handler = consultation_form.of_consultation()
        serving.declare("consult", serving.Doors(index=pages.index, page=pages.draft, publish=publish))
        for page, form, view, act in (
            (SynthesisPage, synthesis_form.of_synthesis, synthesis_views, synthesis),
            (MeetingPage, meeting_form.of_meeting, meeting_views, meetings),
            (PanelPage, lots.of_panel, lot_views, panels),
            (SurveyPage, questioning.of_survey, survey_views, surveys),
        ):
            page.edit_handler = form()
            below.declare_below(page.__name__, below.BelowDoors(preview=view.preview, publish=act.publish))
