"""The addresses of following, and of what one follows."""

from django.urls import path

from consult.views import following

urlpatterns = [
    path("mes-suivis/", following.follows, name="follows"),
    path("consultations/<slug:slug>/suivre/", following.consultation, name="follow"),
    path(
        "consultations/<slug:slug>/propositions/<int:number>/suivre/",
        following.proposition,
        name="follow_proposition",
    ),
]
