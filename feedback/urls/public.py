from django.urls import URLPattern, path

from feedback.views import asked_again, follow_up, public

urlpatterns: list[URLPattern] = [
    path("vous-avez-dit/", public.said, name="said"),
    path("vous-avez-dit/justificatifs/", asked_again.asked_again, name="asked_again"),
    path("vous-avez-dit/justificatifs.csv", asked_again.table, name="asked_again_table"),
    path("vous-avez-dit/<int:number>/", public.said_one, name="said_one"),
    path("suivi/est-ce-regle/<str:token>/", follow_up.follow_up, name="follow_up"),
]
