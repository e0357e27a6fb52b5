"""Who stands at the door: moderators for the queue; for the public form, an address that does not send by hundreds."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from moderation.policies import may_moderate

View = Callable[..., HttpResponse]
WINDOW = 10 * 60  # seconds
MOST = 20  # notices from one address in that time: a library or a school shares one


def moderators_door(view: View) -> View:
    """Visitors are sent to sign in; anybody else who does not moderate meets a 404."""

    @wraps(view)
    @never_cache
    @login_required
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_moderate(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def sends_too_many(request: HttpRequest) -> bool:
    """Counts this notice too. The address is the one that our own proxies saw, never one that was only told."""
    address = get_adapter(request).get_client_ip(request)
    counter = f"moderation.notices.{address}.{int(time.time()) // WINDOW}"
    cache.add(counter, 0, 2 * WINDOW)
    return cache.incr(counter) > MOST
