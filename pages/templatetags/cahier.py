"""What templates say to the theme: icons, marks on people's words, charts, fields, menus."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from django import template
from django.conf import settings
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, FileInput, RadioSelect, Select, Textarea
from django.template.loader import get_template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from pages import charts, dates, display, highlighting, menus, states

register = template.Library()

OUTER_SVG = re.compile(r"^\s*<svg[^>]*>|</svg>\s*$")
KINDS = (
    (CheckboxSelectMultiple, "checkboxes"),
    (RadioSelect, "radios"),
    (CheckboxInput, "checkbox"),
    (FileInput, "file"),
    (Select, "select"),
    (Textarea, "say"),
)
CLASSES = {
    "select": "form-select",
    "voice": "form-control is-voice",
    "say": "form-control is-say",
    "checkbox": "form-check-input",
    "radios": "form-check-input",
    "checkboxes": "form-check-input",
    "cards": "form-check-input",
    "faces": "c-face__input",
}


@cache
def _drawing(name: str) -> SafeString:
    source = get_template(f"bs_icon/{name}.svg").template.source
    # ours, from the wheel of icons, and nothing that a person typed
    return mark_safe(OUTER_SVG.sub("", source).strip())  # noqa: S308


@register.simple_tag
def icon(name: str) -> SafeString:
    """One of the Bootstrap Icons, for the eye only: a word always stands beside it.

    A name that does not exist raises ``TemplateDoesNotExist``.
    """
    return format_html(
        '<svg class="bi" width="16" height="16" fill="currentColor" viewBox="0 0 16 16"'
        ' aria-hidden="true" focusable="false">{}</svg>',
        _drawing(name),
    )


@register.simple_block_tag(takes_context=True)
def component(context: template.Context, content: str, name: str, **parameters: Any) -> SafeString:
    """A component around what stands between the tags, given to it as ``body``."""
    chosen = context.template.engine.get_template(f"components/{name}.html")
    return chosen.render(context.new({**parameters, "body": content}))


@register.simple_tag
def highlight(text: str, spans: Iterable[tuple[int, int]] = (), *, language: str = "") -> SafeString:
    """People's words, escaped, key phrases in ``<mark>``, masked parts said as such.

    Their language, that of the site when not given, is marked where the page speaks another one.
    """
    words, language = highlighting.highlighted(text, spans or ()), language or settings.LANGUAGE_CODE
    return words if language == get_language() else format_html('<span lang="{}">{}</span>', language, words)


@register.simple_tag
def town_language() -> SafeString:
    """The ``lang`` attribute of what the town wrote (titles, answers), where the page speaks another language."""
    site = settings.LANGUAGE_CODE
    return SafeString("") if get_language() == site else format_html(' lang="{}"', site)


@register.simple_tag
def state_look(state: str) -> states.Look:
    """Tone, icon and word of a state; ``KeyError`` when nobody drew it."""
    return states.look_of(state)


@register.simple_tag
def spark(values: Sequence[float]) -> charts.Spark | None:
    return charts.spark(list(values or ()))


@register.simple_tag
def lying_bars(rows: Sequence[dict], whole: float | None = None) -> list[charts.Bar]:
    return charts.lying_bars(rows, whole or None)


@register.simple_tag
def standing_bars(rows: Sequence[dict]) -> list[charts.Bar]:
    return charts.standing_bars(rows)


@register.simple_tag
def standing_mark(rows: Sequence[dict], mark: float) -> dict[str, str] | None:
    return charts.standing_mark(rows, mark)


@register.filter(expects_localtime=True)
def long_date(day: date | None) -> str:
    """« 1er février 2027 »; nothing for no day."""
    return dates.long_date(day) if day else ""


@register.filter(expects_localtime=True)
def full_date(day: date | None) -> str:
    """« lundi 1er février 2027 »."""
    return dates.full_date(day) if day else ""


@register.filter(expects_localtime=True)
def clock(moment: datetime | None) -> str:
    """« 14 h 05 »."""
    return dates.clock(moment) if moment else ""


@register.filter(expects_localtime=True)
def long_moment(moment: datetime | None) -> str:
    """« 1er février 2027, 14:05 »."""
    return dates.long_moment(moment) if moment else ""


@register.simple_tag
def percent(part: float, whole: float) -> str:
    """A rounded percentage, without its sign."""
    return charts.percent(part, whole)


@register.filter
def beside(cells: Sequence, columns: Sequence) -> Iterable[tuple]:
    """Each cell of a row with its column; ``ValueError`` when they are not as many."""
    return zip(cells, columns, strict=True)


@register.filter
def control_kind(field: BoundField) -> str:
    """How a field is drawn: ``voice``, ``cards``, ``faces``, ``checkbox``… ; ``input`` when nothing special."""
    widget = field.field.widget
    if field.is_hidden:
        return "hidden"
    if kind := getattr(widget, "kind", None):
        return kind
    return next((kind for widgets, kind in KINDS if isinstance(widget, widgets)), "input")


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """The widget alone, dressed. Django itself ties it to its help and its error."""
    return field.as_widget(attrs={"class": _classes(field)})


@register.filter
def options(field: BoundField) -> list:
    """The choices of radio buttons or checkboxes, without the empty one: leaving a question out is not a choice."""
    return [option for option in field.subwidgets if str(option.data["value"]) != ""]


@register.simple_tag
def picked(field: BoundField) -> list[str]:
    """The labels of the choices that are ticked, in the order of the field."""
    ticked = {str(value) for value in field.value() or ()}
    return [str(label) for value, label in field.field.choices if str(value) in ticked]


@register.filter
def dressed(option: Any, class_name: str) -> SafeString:
    """One radio button or checkbox of ``options``, with a class."""
    option.data["attrs"] = {**option.data["attrs"], "class": class_name}
    return option.tag()


@register.filter
def anchor(field: BoundField) -> str:
    """Where the error summary leads: the id of the field, or of its first choice."""
    return field.id_for_label or f"{field.auto_id}_0"


def _classes(field: BoundField) -> str:
    own = field.field.widget.attrs.get("class", "")
    invalid = "is-invalid" if field.errors else ""
    return " ".join(filter(None, (CLASSES.get(control_kind(field), "form-control"), own, invalid)))


@register.simple_tag(takes_context=True)
def menu(context: template.Context, name: str) -> list[menus.Entry]:
    """The entries of a menu of the site, the current one known."""
    request = context.get("request")
    return menus.entries(name, path=request.path if request else "")


@register.simple_tag(takes_context=True)
def chosen_display(context: template.Context) -> str:
    """``auto``, ``light``, ``dark`` or ``contrast``."""
    return display.chosen(context.get("request"))
