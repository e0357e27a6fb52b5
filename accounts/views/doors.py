"""Who stands at the door of a page kept for some."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

View = Callable[..., HttpResponse]


def door(is_let_in: Callable[[Any], bool]) -> Callable[[View], View]:
    """A decorator of views: visitors are sent to sign in, anybody else whom ``is_let_in`` refuses meets a 404."""

    def kept(view: View) -> View:
        @wraps(view)
        @never_cache
        @login_required
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not is_let_in(request.user):
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return kept
