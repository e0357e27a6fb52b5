from django.urls import URLPattern, path

from feedback.views import answering, print_tray

urlpatterns: list[URLPattern] = [
    path("pilotage/irritants/<int:number>/repondre/", answering.answer, name="answer"),
    path("pilotage/repondre/", answering.answer_many, name="answer_many"),
    path("pilotage/reponses/", answering.answers, name="answers"),
    path("pilotage/reponses/modeles/", answering.templates, name="answer_templates"),
    path("pilotage/reponses/modeles/<int:pk>/supprimer/", answering.delete_template, name="delete_answer_template"),
    path("pilotage/courriers/", print_tray.print_tray, name="print_tray"),
    path("pilotage/courriers/imprimer/", print_tray.print_letters, name="print_letters"),
    path("pilotage/courriers/imprimes/", print_tray.letters_printed, name="letters_printed"),
]
