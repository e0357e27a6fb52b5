from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsultConfig(AppConfig):
    name = "consult"
    verbose_name = _("Consultations and budgets")

    def ready(self) -> None:
        from accounts import personal_data as copies  # noqa: PLC0415  (apps are ready only now)
        from consult import asking, letters, meeting_letters, news, personal_data, reminding, taken_out, visitor_letters  # noqa: PLC0415  (apps are ready only now)
        from consult.actions import judged, judged_texts, meetings, surveys, synthesis  # noqa: PLC0415  (apps are ready only now)
        from consult.actions.publishing import publish  # noqa: PLC0415  (apps are ready only now)
        from consult.choices import VERBS  # noqa: PLC0415  (apps are ready only now)
        from consult.forms import meetings as meeting_form  # noqa: PLC0415  (apps are ready only now)
        from consult.forms import panels, questioning  # noqa: PLC0415  (apps are ready only now)
        from consult.forms import synthesis as synthesis_form  # noqa: PLC0415  (apps are ready only now)
        from consult.models import (  # noqa: PLC0415  (apps are ready only now)
            ConsultationPage,
            MeetingPage,
            SurveyPage,
            SynthesisPage,
            below,
            serving,
        )
        from consult.views import home, pages  # noqa: PLC0415  (apps are ready only now)
        from consult.views import meetings as meeting_views  # noqa: PLC0415  (apps are ready only now)
        from consult.views import surveys as survey_views  # noqa: PLC0415  (apps are ready only now)
        from consult.views import synthesis as synthesis_views  # noqa: PLC0415  (apps are ready only now)
        from journal.actions import declare  # noqa: PLC0415  (apps are ready only now)
        from letters import renderers, topics  # noqa: PLC0415  (apps are ready only now)
        from pages import sections  # noqa: PLC0415  (apps are ready only now)

        declare(VERBS)
        copies.declare("consultations", personal_data.copy_for, eraser=personal_data.erase)
        for kind, renderer in letters.RENDERERS.items():
            renderers.declare(kind, renderer)
        for kind, renderer in meeting_letters.RENDERERS.items():
            renderers.declare(kind, renderer)
        renderers.declare(visitor_letters.CONFIRM, visitor_letters.render_confirm)
        renderers.declare(asking.SUPPORTERS, asking.render)
        renderers.declare(news.KIND, news.render)
        renderers.declare(reminding.KIND, reminding.render)
        renderers.declare(taken_out.KIND, taken_out.render)
        for topic in letters.TOPICS:
            topics.declare(topic)
        judged.declare_kinds()
        judged_texts.declare_kinds()
        sections.declare("consult", template="consult/_home.html", context=home.section)
        # The form stands above the page: Wagtail looks for it here, the first time an editor comes.
        ConsultationPage.edit_handler = panels.of_consultation()
        serving.declare(serving.Doors(index=pages.index, page=pages.draft, publish=publish))
        SynthesisPage.edit_handler = synthesis_form.of_synthesis()
        below.declare_below(
            "SynthesisPage", below.BelowDoors(preview=synthesis_views.preview, publish=synthesis.publish)
        )
        MeetingPage.edit_handler = meeting_form.of_meeting()
        below.declare_below("MeetingPage", below.BelowDoors(preview=meeting_views.preview, publish=meetings.publish))
        SurveyPage.edit_handler = questioning.of_survey()
        below.declare_below("SurveyPage", below.BelowDoors(preview=survey_views.preview, publish=surveys.publish))
