"""Pages by cursor: stable while rows come and go, the same cost for the first page and the thousandth."""

import base64
import binascii
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from ninja import Schema
from ninja.errors import ValidationError

Item = TypeVar("Item")


class Page(Schema, Generic[Item]):
    """``next`` is the cursor of the page after this one; null on the last."""

    items: list[Item]
    next: str | None


def page_of(rows: QuerySet, shape: Callable[[Any], Any], *, by: str, cursor: str, limit: int) -> dict[str, Any]:
    """One page of ``rows`` in the order of the unique column ``by``, whose last value is the cursor."""
    column = by.removeprefix("-")
    if cursor:
        side = "lt" if by.startswith("-") else "gt"
        rows = rows.filter(**{f"{column}__{side}": _value(cursor, rows.model._meta.get_field(column))})
    found = list(rows.order_by(by)[: limit + 1])
    shown = found[:limit]
    last = _cursor(getattr(shown[-1], column)) if len(found) > limit else None
    return {"items": [shape(one) for one in shown], "next": last}


def _cursor(value: Any) -> str:
    return base64.urlsafe_b64encode(str(value).encode()).decode().rstrip("=")


def _value(cursor: str, column: Any) -> Any:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        is_number = column.get_internal_type().endswith("AutoField")
        if not is_number or (text.isascii() and text.isdigit() and len(text) < 19):
            return column.to_python(text.replace("\x00", ""))
    except (binascii.Error, ValueError):
        pass  # not one of ours, whatever it is
    raise ValidationError([{"loc": ["query", "cursor"], "msg": _("This cursor is not one of ours.")}])
