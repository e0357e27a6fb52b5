"""The addresses of a proposition, and of writing one."""

from django.urls import path

from consult.views import attachments, own, proposing, propositions
from consult.views import versions as take_outs

urlpatterns = [
    path("consultations/<slug:slug>/propositions/nouvelle/", proposing.propose, name="propose"),
    path("consultations/<slug:slug>/propositions/proches/", proposing.near, name="near"),
    path("consultations/<slug:slug>/propositions/brouillon/", proposing.draft, name="draft"),
    path("consultations/<slug:slug>/propositions/<int:number>/modifier/", own.amend, name="amend"),
    path("consultations/<slug:slug>/propositions/<int:number>/retirer/", own.withdraw, name="withdraw"),
    path("consultations/<slug:slug>/propositions/<int:number>/", propositions.proposition, name="proposition"),
    path("consultations/<slug:slug>/propositions/<int:number>/versions/", propositions.versions, name="versions"),
    path(
        "consultations/<slug:slug>/propositions/<int:number>/pieces/<int:pk>/",
        attachments.attachment,
        name="attachment",
    ),
    path(
        "consultations/<slug:slug>/propositions/<int:number>/versions/<int:version>/retirer/",
        take_outs.take_out,
        name="take_version_out",
    ),
]
