"""What people choose about the letters of this room."""

from django.utils.translation import gettext_lazy as _

from accounts.choices import RoleKind
from accounts.models import User
from accounts.policies import holds
from feedback.letters.promising import ANSWER, FOLLOW_UP, RAISED, REOPENED, SURGE
from letters.choices import Frequency
from letters.topics import Topic

YES_OR_NO = (Frequency.AT_ONCE, Frequency.NEVER)


def answers_for_a_service(user: User) -> bool:
    return holds(user, RoleKind.SERVICE_OWNER)


TOPICS = (
    Topic(
        "feedback.answers",
        _("Your fiches"),
        _("Always sent: the receipt, and the answer that you asked for."),
        ("feedback.receipt", ANSWER),
    ),
    Topic(
        "feedback.follow_up",
        _("“Is it settled?”"),
        _("Some weeks after an answer to your fiche, one question: is it settled?"),
        (FOLLOW_UP,),
        choices=YES_OR_NO,
    ),
    Topic(
        "feedback.work",
        _("Fiches handed over to your service"),
        _("Always sent: a pain point is transferred to you, or opened again by its author."),
        (REOPENED, "feedback.transferred"),
        concerns=answers_for_a_service,
    ),
    Topic(
        "feedback.alerts",
        _("What rises in your service"),
        _("Once for each pain point that grows faster than usual, or document asked for again."),
        (SURGE, RAISED),
        choices=YES_OR_NO,
        concerns=answers_for_a_service,
    ),
)
