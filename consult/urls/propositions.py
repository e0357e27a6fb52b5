"""The addresses of a proposition, and of writing one."""

from django.urls import path

from consult.views import propositions

urlpatterns = [
    path("consultations/<slug:slug>/propositions/<int:number>/", propositions.proposition, name="proposition"),
    path("consultations/<slug:slug>/propositions/<int:number>/versions/", propositions.versions, name="versions"),
]
