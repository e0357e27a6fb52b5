from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from accounts.choices import VERBS  # noqa: PLC0415  (apps are ready only now)
        from accounts.mails import RENDERERS, TOPIC  # noqa: PLC0415  (apps are ready only now)
        from journal.actions import declare  # noqa: PLC0415  (apps are ready only now)
        from letters import renderers, topics  # noqa: PLC0415  (apps are ready only now)

        declare(VERBS)
        for kind, renderer in RENDERERS.items():
            renderers.declare(kind, renderer)
        topics.declare(TOPIC)
