from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ModerationConfig(AppConfig):
    name = "moderation"
    verbose_name = _("Moderation")

    def ready(self) -> None:
        from accounts import personal_data  # noqa: PLC0415  (apps are ready only now)
        from journal.actions import declare  # noqa: PLC0415  (apps are ready only now)
        from letters import renderers, topics  # noqa: PLC0415  (apps are ready only now)
        from moderation.actions import forget_reporter  # noqa: PLC0415  (apps are ready only now)
        from moderation.choices import VERBS  # noqa: PLC0415  (apps are ready only now)
        from moderation.letters import RENDERERS, TOPICS  # noqa: PLC0415  (apps are ready only now)
        from moderation.personal_data import copy_for  # noqa: PLC0415  (apps are ready only now)

        declare(VERBS)
        personal_data.declare("notices", copy_for, eraser=forget_reporter)
        for kind, renderer in RENDERERS.items():
            renderers.declare(kind, renderer)
        for topic in TOPICS:
            topics.declare(topic)
