from django.urls import URLPattern, path

from feedback.views import regrouping

urlpatterns: list[URLPattern] = [
    path("pilotage/regroupements/", regrouping.regroupings, name="regroupings"),
    path("pilotage/regroupements/service/<slug:slug>/", regrouping.ask, name="regroup"),
    path("pilotage/regroupements/<int:pk>/", regrouping.proposal, name="regrouping"),
    path("pilotage/regroupements/<int:pk>/accepter/", regrouping.accept, name="regrouping_accept"),
    path("pilotage/regroupements/<int:pk>/laisser/", regrouping.discard, name="regrouping_discard"),
    path("pilotage/regroupements/travaux/<int:pk>/", regrouping.run, name="regrouping_run"),
]
