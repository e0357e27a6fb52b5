"""Two doors that stand before any view: the second factor of staff, and Wagtail's administration."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.policies import may_enter_wagtail, needs_second_factor


class SecondFactorMiddleware:
    """Active where ``STAFF_NEED_SECOND_FACTOR``. Citizens, agents and visitors never notice it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.STAFF_NEED_SECOND_FACTOR or request.path_info.startswith(settings.OPEN_WITHOUT_SECOND_FACTOR):
            return self.get_response(request)
        if needs_second_factor(request.user):
            messages.info(request, _("Your role needs a second step when you sign in. Set it up to go on."))
            return redirect("mfa_activate_totp")
        return self.get_response(request)


class AdministrationMiddleware:
    """Who is signed in and may not enter Wagtail meets a 404: sent to sign in, they would be sent back for ever."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_inside = request.path_info.startswith("/admin/")
        if is_inside and request.user.is_authenticated and not may_enter_wagtail(request.user):
            raise Http404
        return self.get_response(request)
