"""Errors of the API as RFC 9457 documents, wherever they come from: a rule, a middleware, an unknown address."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

PREFIX = "/api/"
CONTENT_TYPE = "application/problem+json"


def problem(status: int, *, detail: str = "", errors: list[dict[str, str]] | None = None) -> JsonResponse:
    """``detail`` is a sentence for people; ``errors`` lists ``{"field", "message"}``."""
    body: dict[str, Any] = {"type": "about:blank", "title": _title(status), "status": status}
    if detail:
        body["detail"] = detail
    if errors:
        body["errors"] = errors
    return JsonResponse(body, status=status, content_type=CONTENT_TYPE, json_dumps_params={"ensure_ascii": False})


class ProblemMiddleware:
    """Under ``/api/`` an error page becomes a problem document: a program reads no HTML."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_told = response.headers.get("Content-Type", "").startswith(CONTENT_TYPE)
        if response.status_code < 400 or is_told or not request.path_info.startswith(PREFIX):
            return response
        if settings.DEBUG and response.status_code == 500:
            return response  # developers read the traceback
        told = problem(response.status_code)
        for name in ("Allow", "Retry-After"):
            if name in response.headers:
                told[name] = response[name]
        return told


def _title(status: int) -> str:
    titles = {
        400: _("This request cannot be read."),
        403: _("This request is refused."),
        404: _("There is nothing at this address."),
        405: _("This address does not accept this method."),
        409: _("This cannot be done now."),
        413: _("This request is too large."),
        415: _("Send JSON."),
        422: _("Some answers must be corrected."),
        429: _("Too many requests. Try again later."),
        500: _("Something broke on our side. We are told."),
        503: _("The service is away for a moment."),
    }
    return titles.get(status) or HTTPStatus(status).phrase
