"""Who stands at the door of the pages where projects are studied and built."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from consult.budgets.policies import may_keep_a_desk, may_run, may_study

View = Callable[..., HttpResponse]


def _door(is_let_in: Callable[[Any], bool]) -> Callable[[View], View]:
    def door(view: View) -> View:
        @wraps(view)
        @never_cache
        @login_required
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not is_let_in(request.user):
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return door


# Visitors are sent to sign in; anybody else than evaluators, editors and administrators meets a 404.
evaluators_door = _door(may_study)
# The same, for editors and administrators alone.
runners_door = _door(may_run)
# The same, for clerks, editors and administrators: the polling desk.
clerks_door = _door(may_keep_a_desk)
