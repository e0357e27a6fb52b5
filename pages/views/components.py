"""The component sheet, for those who build pages. Development only."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from pages import gallery


def sheet(request: HttpRequest) -> HttpResponse:
    """Every component with every example."""
    return render(
        request, "pages/composants.html", {"shown": [_shown(component) for component in gallery.components()]}
    )


def _shown(component: gallery.Component) -> dict:
    return {
        "name": component.name,
        "about": component.about,
        "layout": component.layout,
        "parameters": list(component.parameters.items()),
        "examples": [(example.name, component.render(example)) for example in component.examples],
    }
