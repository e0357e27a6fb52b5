from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FeedbackConfig(AppConfig):
    name = "feedback"
    verbose_name = _("Service feedback")

    def ready(self) -> None:
        from feedback.choices import VERBS  # noqa: PLC0415  (apps are ready only now)
        from journal.actions import declare  # noqa: PLC0415

        declare(VERBS)
