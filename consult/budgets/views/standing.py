"""Who stands at the door of a budget, and the page that says no."""

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from consult.budgets.choices import BudgetAct
from consult.budgets.public import Shared
from consult.choices import Awaited, Level
from consult.errors import NotForYou, RuleBroken
from consult.models import Participant
from consult.views import held, who


def taking_part(request: HttpRequest, shared: Shared, act: BudgetAct) -> Participant | None:
    """The row under which this person acts; None for a visitor where an account is needed: they are led to sign in."""
    person = who.participant(request)
    if person is None or person.user_id:
        return person
    return person if takes_visitors(shared, act) else None


def takes_visitors(shared: Shared, act: BudgetAct) -> bool:
    """Whether one may do this now without an account."""
    phase = shared.open_for(act)
    return phase is not None and phase.level == Level.VISITOR


def is_known(request: HttpRequest, shared: Shared, act: BudgetAct) -> bool:
    """Whether ``taking_part`` would give somebody. Writes nothing: for pages that are only read."""
    return request.user.is_authenticated or (who.visitor(request) is not None and takes_visitors(shared, act))


def led(
    request: HttpRequest, shared: Shared, kind: Awaited, typed: dict[str, Any], *, said: str, back: str
) -> HttpResponse:
    """Whom nobody knows did something: to the page that asks for an address. ``said``: their words, to show."""
    held.hold(request, held.place_of(shared.budget), kind, typed, said=said, back=back)
    return redirect("budgets:visitor", shared.slug)


def sign_in(back: str) -> HttpResponse:
    """Whom nobody knows says who they are, and comes back."""
    return redirect_to_login(back)


def refused(request: HttpRequest, broken: RuleBroken, *, back: str, text: str = "") -> HttpResponse:
    """403 to people of another level, 409 for everything else that can no longer be done; what was typed is given."""
    status = 403 if isinstance(broken, NotForYou) else 409
    return render(request, "consult/refused.html", {"why": str(broken), "back": back, "text": text}, status=status)
