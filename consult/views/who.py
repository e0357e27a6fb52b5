"""Who stands at the door of a consultation: an account, a visitor whom this device has confirmed, or nobody yet."""

from typing import Any

from django.http import HttpRequest

from consult import people
from consult.actions.visiting import WITHOUT_ACCOUNT
from consult.choices import Act, Level
from consult.models import Participant
from consult.phases import current
from consult.public import Asked

_KEY = "consult.visitor"


def visitor(request: HttpRequest) -> Participant | None:
    """The visitor whom this session has confirmed; None for accounts. Asks nothing where no session says so."""
    if not hasattr(request, "consult_visitor"):
        known = None if request.user.is_authenticated else request.session.get(_KEY)
        request.consult_visitor = people.known_visitor(known) if known else None
    return request.consult_visitor


def reader(request: HttpRequest) -> Any:
    """For ``policies``: the account, the visitor, or nobody; each sees their own votes, marks and waiting texts."""
    return visitor(request) or request.user


def participant(request: HttpRequest) -> Participant | None:
    """The row under which this person acts; None for somebody who has to say who they are."""
    if request.user.is_authenticated:
        return people.participant_of(request.user)
    return visitor(request)


def is_known(request: HttpRequest) -> bool:
    """Whether this is an account, or a visitor of this device. Writes nothing: for pages that are only read."""
    return request.user.is_authenticated or visitor(request) is not None


def taking_part(request: HttpRequest, asked: Asked, act: Act) -> Participant | None:
    """The same, None as well for a visitor where an account is needed: they are led to sign in."""
    person = participant(request)
    return person if person is None or person.user_id or takes_visitors(asked, act) else None


def may_act(request: HttpRequest, asked: Asked, act: Act) -> bool:
    """Whether ``taking_part`` would give somebody. Writes nothing: for pages that are only read."""
    return request.user.is_authenticated or (visitor(request) is not None and takes_visitors(asked, act))


def takes_visitors(asked: Asked, act: Act | None) -> bool:
    """Whether one may do this now without an account; always when no phase rules it (a meeting)."""
    if act is None:
        return True
    phase = current(asked.phases, act, at=asked.at)
    return phase is not None and phase.level in WITHOUT_ACCOUNT


def goes_by_a_list(asked: Asked, act: Act | None) -> bool:
    """Whether a list says who may do this now."""
    phase = current(asked.phases, act, at=asked.at) if act else None
    return phase is not None and phase.level == Level.LISTED


def is_theirs(request: HttpRequest, author: Participant) -> bool:
    """Whether this row is the one of the person at the door."""
    known = visitor(request)
    if known is not None:
        return author.pk == known.pk
    return request.user.is_authenticated and author.user_id == request.user.pk


def remember(request: HttpRequest, person: Participant) -> None:
    """This device acts for them from now on, as long as its session lasts; under a new key, as after a sign-in."""
    request.session.cycle_key()
    request.session[_KEY] = person.pk
    request.consult_visitor = person


def forget(request: HttpRequest) -> None:
    """The next one who uses this device is nobody."""
    request.session.flush()
    request.consult_visitor = None
