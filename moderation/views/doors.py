"""Who stands at the door: moderators for the queue; for the public form, an address that does not send by hundreds."""

import time

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

from accounts.views.doors import door
from moderation.policies import may_moderate

WINDOW = 10 * 60  # seconds
MOST = 20  # notices from one address in that time: a library or a school shares one

moderators_door = door(may_moderate)


def sends_too_many(request: HttpRequest) -> bool:
    """Counts this notice too. The address is the one that our own proxies saw, never one that was only told."""
    address = get_adapter(request).get_client_ip(request)
    counter = f"moderation.notices.{address}.{int(time.time()) // WINDOW}"
    cache.add(counter, 0, 2 * WINDOW)
    return cache.incr(counter) > MOST
