from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BudgetsConfig(AppConfig):
    name = "consult.budgets"
    label = "budgets"
    verbose_name = _("Participatory budgets")

    def ready(self) -> None:
        from consult.budgets.actions.publishing import publish  # noqa: PLC0415  (apps are ready only now)
        from consult.budgets.choices import VERBS  # noqa: PLC0415  (apps are ready only now)
        from consult.budgets.views import pages  # noqa: PLC0415  (apps are ready only now)
        from consult.models import serving  # noqa: PLC0415  (apps are ready only now)
        from journal.actions import declare  # noqa: PLC0415  (apps are ready only now)

        declare(VERBS)
        serving.declare("budgets", serving.Doors(index=pages.index, page=pages.draft, publish=publish))
