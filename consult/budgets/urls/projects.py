"""The addresses of projects."""

from django.urls import path

from consult.budgets.views import archives, projects, regrouping

_AT = "budgets/<slug:slug>/projets"

urlpatterns = [
    path("budgets/<slug:slug>/donnees.zip", archives.archive, name="open_data"),
    path(f"{_AT}/", projects.projects, name="projects"),
    path(f"{_AT}/comparer/", projects.compare, name="compare"),
    path(f"{_AT}/<int:number>/", projects.project, name="project"),
    path(f"{_AT}/<int:number>/preparer/", regrouping.prepare, name="prepare"),
]
