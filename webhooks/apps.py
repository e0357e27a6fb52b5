from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebhooksConfig(AppConfig):
    name = "webhooks"
    verbose_name = _("Alerts to other tools")

    def ready(self) -> None:
        from journal.actions import declare  # noqa: PLC0415  (apps are ready only now)
        from webhooks.choices import VERBS  # noqa: PLC0415  (apps are ready only now)

        declare(VERBS)
