"""The component sheet: each component of the theme with its parameters and its examples.

``templates/components/<name>.html`` opens with a comment: a sentence, a blank line, then one parameter per line,
its name then what it is. ``<name>.yaml`` beside it holds named ``examples``; it may say ``around``
(what a fragment needs to stand, … being the fragment) and ``layout`` (``stack``, ``grid`` or ``line``: how the
sheet arranges them).
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django import forms
from django.conf import settings
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

from pages.forms import Cards, Faces, Voice

COMMENT = re.compile(r"\A\{% comment %\}\n(?P<about>.*?)\n?\{% endcomment %\}\n", re.DOTALL)
PARAMETER = re.compile(r"^(?P<name>[a-z_]+) +(?P<about>\S.*)$", re.MULTILINE)
WIDGETS = {
    "text": lambda spec: forms.TextInput(),
    "email": lambda spec: forms.EmailInput(),
    "date": lambda spec: forms.DateInput(attrs={"type": "date"}),
    "file": lambda spec: forms.FileInput(),
    "hidden": lambda spec: forms.HiddenInput(),
    "textarea": lambda spec: forms.Textarea(attrs={"rows": 4}),
    "voice": lambda spec: Voice(rows=4),
    "select": lambda spec: forms.Select(),
    "radios": lambda spec: forms.RadioSelect(),
    "checkboxes": lambda spec: forms.CheckboxSelectMultiple(),
    "checkbox": lambda spec: forms.CheckboxInput(),
    "cards": lambda spec: Cards(notes=spec.get("notes")),
    "faces": lambda spec: Faces(),
}


@dataclass(frozen=True)
class Example:
    """One named example of a component, and the HTML it gives."""

    name: str
    context: dict[str, Any]


@dataclass(frozen=True)
class Component:
    """A component: what it is, its parameters with their meaning, its examples."""

    name: str
    about: str
    parameters: dict[str, str]
    examples: list[Example]
    around: str
    layout: str

    def render(self, example: Example) -> SafeString:
        """The HTML of one example, inside ``around`` when a fragment cannot stand alone (a row of a table)."""
        html = get_template(f"components/{self.name}.html").render(example_context(example.context))
        before, _, after = self.around.partition("…")
        # our own files around our own template: nothing here was typed by a person
        return mark_safe(before + html + after)  # noqa: S308


def folder() -> Path:
    """Where the components of the theme are."""
    return Path(settings.TEMPLATES[0]["DIRS"][0]) / "components"


def components() -> list[Component]:
    """Every component, by name."""
    return [component(path) for path in sorted(folder().glob("*.html"))]


def component(path: Path) -> Component:
    """The component of this template; ``ValueError`` when its comment or its examples are missing."""
    comment = COMMENT.match(path.read_text())
    if not comment:
        raise ValueError(f"{path.name} does not open with a comment that lists its parameters")
    examples_path = path.with_suffix(".yaml")
    if not examples_path.exists():
        raise ValueError(f"{path.name} has no {examples_path.name} beside it")
    told = yaml.safe_load(examples_path.read_text())
    about, _, parameters = comment["about"].partition("\n\n")
    return Component(
        name=path.stem,
        about=about.replace("\n", " "),
        parameters={match["name"]: match["about"] for match in PARAMETER.finditer(parameters)},
        examples=[Example(name, context or {}) for name, context in told["examples"].items()],
        around=told.get("around", "…"),
        layout=told.get("layout", "stack"),
    )


def example_context(written: dict[str, Any]) -> dict[str, Any]:
    """What the template receives: ``fields`` become a form, ``field`` its only field, ``body`` is markup."""
    context = {"csrf_token": "example", **written}
    if "fields" in context:
        form = example_form(context.pop("fields"), prefix=context.pop("prefix", None))
        context["form"] = form
    if "field" in context:
        context["field"] = example_form([context["field"]], prefix=context.pop("prefix", None))["field"]
    if "body" in context:
        # written by us in a YAML file of the repository
        context["body"] = mark_safe(context["body"])  # noqa: S308
    return context


def example_form(specs: list[dict[str, Any]], *, prefix: str | None = None) -> forms.Form:
    """A form with these fields (``widget``, ``label``, ``help``, ``choices``, ``value``, ``error``…)."""
    names = [spec.get("name", "field") for spec in specs]
    fields = {name: _field(spec) for name, spec in zip(names, specs, strict=True)}
    data = {
        f"{prefix}-{name}" if prefix else name: spec.get("value", "") for name, spec in zip(names, specs, strict=True)
    }
    form = type("ExampleForm", (forms.Form,), fields)(data=data, prefix=prefix)
    form.full_clean()
    form.errors.clear()
    for name, spec in zip(names, specs, strict=True):
        for error in spec.get("errors", ()):
            form.add_error(name, error)
    return form


def _field(spec: dict[str, Any]) -> forms.Field:
    kind = spec.get("widget", "text")
    common = {
        "label": spec.get("label", ""),
        "help_text": spec.get("help", ""),
        "required": spec.get("required", True),
        "disabled": spec.get("disabled", False),
        "initial": spec.get("value"),
        "widget": WIDGETS[kind](spec),
    }
    if kind in {"select", "radios", "cards", "faces"}:
        return forms.ChoiceField(choices=[tuple(pair) for pair in spec["choices"]], **common)
    if kind == "checkboxes":
        return forms.MultipleChoiceField(choices=[tuple(pair) for pair in spec["choices"]], **common)
    if kind == "checkbox":
        return forms.BooleanField(**common)
    return forms.CharField(**common)
