"""Ideas of a budget, for tests: filed by the act."""

from typing import Any

from accounts.models import User
from consult.budgets.actions.projects import Content, make
from consult.budgets.actions.suggestions import Written, file
from consult.budgets.models import Budget, Project, Suggestion
from consult.people import participant_of
from tests.budgets.world import envelope_of
from tests.factories import UserFactory

TITLE = "Planter des tilleuls dans la cour de l’école"
BODY = "En juin, la cour dépasse quarante degrés. Des arbres et de la terre la rendraient vivable."


def idea(asked: Budget, title: str = TITLE, *, by: User | None = None, **said: Any) -> Suggestion:
    """Filed by somebody."""
    return file(asked, Written(title, said.pop("body", BODY), **said), by=participant_of(by or UserFactory()))


def content(asked: Budget, title: str = "Des arbres pour la cour", **said: Any) -> Content:
    values = {"summary": "Vingt-deux arbres.", "body": "Une description.", "envelope": envelope_of(asked)}
    return Content(title, **values | said)


def prepared(asked: Budget, *ideas: Suggestion, by: User | None = None) -> Project:
    """A project being written, of these ideas or of a new one."""
    numbers = [one.number for one in ideas] or [idea(asked).number]
    return make(asked, content(asked), of=numbers, by=by or UserFactory())
