"""The reference of the API as a page of ours: made from its schema, no script, nothing from elsewhere."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase

METHODS = ("get", "post")


class Reference(DocsBase):
    """What ninja shows at ``/api/v1/docs``."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        schema = api.get_openapi_schema()
        operations = [
            _operation(path, method, told)
            for path, methods in schema["paths"].items()
            for method, told in methods.items()
            if method in METHODS
        ]
        objects = [
            (name, _fields(told)) for name, told in schema["components"]["schemas"].items() if not _is_page(name)
        ]
        context = {
            "about": _translated(api.description),
            "operations": operations,
            "objects": objects,
            "openapi_url": self.get_openapi_url(api, kwargs),
        }
        return render(request, "api/reference.html", context)


def _operation(path: str, method: str, told: dict[str, Any]) -> dict[str, Any]:
    body = told.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    status, answer = next(iter(told["responses"].items()))
    returned = answer["content"]["application/json"]["schema"]
    return {
        "id": told["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": _translated(told["summary"]),
        "parameters": [_parameter(one) for one in told.get("parameters", [])],
        "body": _name_of(body) if body else "",
        "status": status,
        "returned": _kind(returned),
        "object": _name_of(returned),
    }


def _parameter(told: dict[str, Any]) -> tuple[str, str, str, str]:
    places = {"path": _("in the address"), "query": _("after the address"), "header": _("header")}
    return told["name"], places[told["in"]], _kind(told["schema"]), _translated(told.get("description", ""))


def _translated(words: str) -> str:
    """Written once in English where the operation is declared, marked for translation there."""
    return _(words) if words else ""


def _fields(told: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Name, kind, and whether it must be there, of each field of an object."""
    required = set(told.get("required", []))
    return [
        (name, _kind(one), _("required") if name in required else _("optional"))
        for name, one in told.get("properties", {}).items()
    ]


def _name_of(one: dict[str, Any]) -> str:
    """The object that a reference leads to; for a page or a list, the object that it holds."""
    if one.get("type") == "array":
        return _name_of(one["items"])
    name = one["$ref"].rpartition("/")[2]
    return name.split("_")[1] if _is_page(name) else name


def _is_page(name: str) -> bool:
    return name.startswith("Page_")


def _kind(told: dict[str, Any]) -> str:
    """In words: « text », « number or null », « list of AnswerOut »."""
    if "anyOf" in told:
        return _(" or ").join(_kind(one) for one in told["anyOf"])
    if "$ref" in told:
        name = _name_of(told)
        return _("page of %(kind)s") % {"kind": name} if _is_page(told["$ref"].rpartition("/")[2]) else name
    if told.get("type") == "array":
        return _("list of %(kind)s") % {"kind": _kind(told["items"])}
    if "enum" in told:
        return ", ".join(told["enum"])
    words = {
        "string": _("date") if told.get("format") == "date" else _("text"),
        "integer": _("whole number"),
        "number": _("number"),
        "boolean": _("true or false"),
        "null": "null",
    }
    return words.get(told.get("type", ""), _("any"))
