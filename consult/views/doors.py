"""Who stands at the door of the pages where the administration decides."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from consult.policies import may_decide
from moderation.policies import may_moderate

View = Callable[..., HttpResponse]


def deciders_door(view: View) -> View:
    """Editors and administrators: visitors are sent to sign in, anybody else meets a 404."""

    @wraps(view)
    @never_cache
    @login_required
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_decide(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def moderators_door(view: View) -> View:
    """Moderators: visitors are sent to sign in, anybody else meets a 404."""

    @wraps(view)
    @never_cache
    @login_required
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_moderate(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded
