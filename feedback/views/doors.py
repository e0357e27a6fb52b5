"""Who stands at the door of a staff page: signed in, with the right role; others meet a 404."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from accounts.choices import RoleKind
from accounts.policies import holds, services_owned_by
from feedback.policies import may_read_the_radar

View = Callable[..., HttpResponse]


def staff_door(view: View) -> View:
    """Only those who answer for a service: visitors are sent to sign in, anybody else meets a 404."""
    return _door(view, lambda user: services_owned_by(user).exists())


def signals_door(view: View) -> View:
    """Those who answer for a service, and moderators."""
    return _door(view, lambda user: services_owned_by(user).exists() or holds(user, RoleKind.MODERATOR))


def radar_door(view: View) -> View:
    """Whoever holds a role here, of whatever kind."""
    return _door(view, may_read_the_radar)


def _door(view: View, may_enter: Callable[[Any], bool]) -> View:
    @wraps(view)
    @never_cache
    @login_required
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_enter(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded
