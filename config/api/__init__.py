"""The API, version 1: the doors of the rooms for programs, their errors, their limits, their reference."""

import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.request import RawPostDataException
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import NinjaAPI
from ninja.errors import HttpError, Throttled, ValidationError
from ninja.throttling import BaseThrottle

from config.api.problems import problem
from config.api.reference import Reference
from consult.api import router as consult
from consult.budgets.api import router as budgets
from feedback.api import router as feedback
from feedback.errors import RuleBroken

WINDOW = 60  # seconds


class AddressThrottle(BaseThrottle):
    """At most so many requests a minute from one address, counted in the cache; nothing is refused when it is away."""

    def __init__(self, most: int, *, methods: set[str]) -> None:
        self.most, self.methods = most, methods

    def allow_request(self, request: HttpRequest) -> bool:
        if request.method not in self.methods:
            return True
        counter = f"api.{min(self.methods)}.{_address(request)}.{int(time.time()) // WINDOW}"
        cache.add(counter, 0, 2 * WINDOW)
        return cache.incr(counter) <= self.most

    def wait(self) -> float:
        """Until the next minute."""
        return WINDOW - int(time.time()) % WINDOW


def _address(request: HttpRequest) -> str:
    """Behind proxies of ours, the address that they saw; never one that was only told."""
    seen = [one.strip() for one in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if one.strip()]
    count = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    return seen[-min(count, len(seen))] if count and seen else request.META.get("REMOTE_ADDR", "")


THROTTLES = [AddressThrottle(300, methods={"GET", "HEAD"}), AddressThrottle(30, methods={"POST"})]
api = NinjaAPI(
    title="Cahier",
    version="1",
    description=gettext_noop("What people said, what was decided, and a door to say it."),
    urls_namespace="api",
    docs=Reference(),
    throttle=THROTTLES,
)
api.add_router("", feedback)
api.add_router("", consult)
api.add_router("", budgets)


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Each field with its sentence; what was sent is not repeated."""
    errors = [{"field": _field(one["loc"]), "message": _sentence(one)} for one in error.errors]
    return problem(422, errors=errors)


@api.exception_handler(RuleBroken)
def broken(request: HttpRequest, error: RuleBroken) -> HttpResponse:
    return problem(409, detail=str(error))


@api.exception_handler(Http404)
def missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem(404)


@api.exception_handler(HttpError)
def refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    """The sentence of the status is enough, but for a token that is missing: that one is said."""
    told = problem(error.status_code, detail=str(error) if error.status_code == 403 else "")
    if isinstance(error, Throttled):
        told["Retry-After"] = str(error.wait or 60)
    return told


@api.exception_handler(RequestDataTooBig)
def too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return problem(413)


@api.exception_handler(RawPostDataException)
def not_json(request: HttpRequest, error: RawPostDataException) -> HttpResponse:
    """A form was sent: somebody upstream already read it."""
    return problem(415)


@api.exception_handler(UnreadablePostError)
def cut_short(request: HttpRequest, error: UnreadablePostError) -> HttpResponse:
    return problem(400)


def nothing(request: HttpRequest, rest: str) -> HttpResponse:
    """Any other address under ``/api/``: not one of Wagtail's pages."""
    raise Http404


def _sentence(error: dict[str, Any]) -> str:
    """The usual faults in the language of the request; the others in the validator's words."""
    said = {
        "missing": _("This answer is missing."),
        "extra_forbidden": _("This name is unknown."),
        "string_too_short": _("This text is too short."),
        "string_too_long": _("This text is too long."),
        "string_unicode": _("Some characters cannot be read."),
        "string_type": _("Give a text."),
        "int_parsing": _("Give a whole number."),
        "int_type": _("Give a whole number."),
        "less_than_equal": _("This number is too large."),
        "greater_than_equal": _("This number is too small."),
        "date_from_datetime_parsing": _("Give a date like 2025-12-31."),
        "literal_error": _("This value is not one of those possible."),
    }
    return str(said.get(error.get("type", ""), error["msg"]))


def _field(location: tuple) -> str:
    """``payload`` is our own name for the body: nobody sent it."""
    return ".".join(str(part) for part in location if part not in {"body", "payload", "query", "path", "header"}) or _(
        "body"
    )
