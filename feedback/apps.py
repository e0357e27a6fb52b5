from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class FeedbackConfig(AppConfig):
    name = "feedback"
    verbose_name = _("Service feedback")

    def ready(self) -> None:
        from accounts import personal_data  # noqa: PLC0415  (apps are ready only now)
        from feedback import surges  # noqa: PLC0415  (apps are ready only now)
        from feedback.choices import VERBS  # noqa: PLC0415  (apps are ready only now)
        from feedback.letters.choosing import TOPICS  # noqa: PLC0415  (apps are ready only now)
        from feedback.letters.writing import RENDERERS  # noqa: PLC0415  (apps are ready only now)
        from feedback.personal_data import copy_for  # noqa: PLC0415  (apps are ready only now)
        from feedback.receipts import RECEIPT, render_receipt  # noqa: PLC0415  (apps are ready only now)
        from feedback.views.home import section  # noqa: PLC0415  (apps are ready only now)
        from journal.actions import declare  # noqa: PLC0415  (apps are ready only now)
        from letters import renderers, topics  # noqa: PLC0415  (apps are ready only now)
        from pages import sections  # noqa: PLC0415  (apps are ready only now)

        checks.register(surges.calendar_is_known)
        declare(VERBS)
        personal_data.declare("fiches", copy_for)
        sections.declare("feedback", template="feedback/public/_home.html", context=section)
        renderers.declare(RECEIPT, render_receipt)
        for kind, renderer in RENDERERS.items():
            renderers.declare(kind, renderer)
        for topic in TOPICS:
            topics.declare(topic)
