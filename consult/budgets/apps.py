from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BudgetsConfig(AppConfig):
    name = "consult.budgets"
    label = "budgets"
    verbose_name = _("Participatory budgets")

    def ready(self) -> None:
        from consult.budgets.actions.publishing import publish  # noqa: PLC0415  (apps are ready only now)
        from consult.budgets.choices import VERBS  # noqa: PLC0415  (apps are ready only now)
        from consult.budgets.forms import panels  # noqa: PLC0415  (apps are ready only now)
        from consult.budgets.models import BudgetPage  # noqa: PLC0415  (apps are ready only now)
        from consult.budgets.views import following, home, pages  # noqa: PLC0415  (apps are ready only now)
        from consult.models import serving  # noqa: PLC0415  (apps are ready only now)
        from journal.actions import declare  # noqa: PLC0415  (apps are ready only now)
        from pages import sections  # noqa: PLC0415  (apps are ready only now)

        declare(VERBS)
        sections.declare("budgets", template="budgets/_home.html", context=home.section)
        BudgetPage.edit_handler = panels.of_budget()
        following.declare()
        self._declare_ideas()
        self._declare_letters()
        self._declare_ballots()
        serving.declare("budgets", serving.Doors(index=pages.index, page=pages.draft, publish=publish))

    def _declare_letters(self) -> None:
        from consult.budgets import late_freezing, result_letters, telling  # noqa: PLC0415  (apps are ready only now)
        from letters import renderers, topics  # noqa: PLC0415  (apps are ready only now)

        renderers.declare(late_freezing.KIND, late_freezing.render)
        topics.declare(late_freezing.TOPIC)
        for kind, renderer in telling.RENDERERS.items():
            renderers.declare(kind, renderer)
        for topic in telling.TOPICS:
            topics.declare(topic)
        renderers.declare(result_letters.KIND, result_letters.render)
        topics.declare(result_letters.TOPIC)

    def _declare_ballots(self) -> None:
        from consult import personal_data as people  # noqa: PLC0415  (apps are ready only now)
        from consult.budgets import letters, rolls  # noqa: PLC0415  (apps are ready only now)
        from letters import renderers, topics  # noqa: PLC0415  (apps are ready only now)

        people.declare(copier=rolls.of_person, leaver=rolls.leave)
        for kind, renderer in letters.RENDERERS.items():
            renderers.declare(kind, renderer)
        topics.declare(letters.TOPIC)

    def _declare_ideas(self) -> None:
        from consult import personal_data as people  # noqa: PLC0415  (apps are ready only now)
        from consult.budgets import idea_news, personal_data  # noqa: PLC0415  (apps are ready only now)
        from consult.budgets.actions import judged, visiting  # noqa: PLC0415  (apps are ready only now)
        from letters import renderers, topics  # noqa: PLC0415  (apps are ready only now)

        judged.declare_kinds()
        visiting.declare()
        people.declare(copier=personal_data.of_person, leaver=personal_data.leave)
        renderers.declare(idea_news.KIND, idea_news.render)
        topics.declare(idea_news.TOPIC)
