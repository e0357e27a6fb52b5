from django.urls import URLPattern, path

from feedback.views import imports

urlpatterns: list[URLPattern] = [
    path("pilotage/import/", imports.imports, name="imports"),
    path("pilotage/import/<int:pk>/", imports.one, name="import"),
    path("pilotage/import/<int:pk>/colonnes/", imports.columns, name="import_columns"),
    path("pilotage/import/<int:pk>/importer/", imports.start, name="import_start"),
    path("pilotage/import/<int:pk>/abandonner/", imports.give_up, name="import_give_up"),
    path("pilotage/import/<int:pk>/refus.csv", imports.refused, name="import_refused"),
]
