"""What complaints sound like in general: thirty-odd ordinary fiches about unrelated subjects.

A handful of texts has no middle of its own and no idea of what « close » means. These sentences, written
for this purpose, lend both: they centre the vectors of small corpora and say how alike two complaints
with nothing in common already look.
"""

SENTENCES = (
    "L'ascenseur de la préfecture est en panne et je suis en fauteuil roulant.",
    "On m'a raccroché au nez trois fois, personne ne sait me renseigner.",
    "Le formulaire en ligne perd tout ce que j'ai tapé quand je reviens en arrière.",
    "La cantine sert toujours la même chose et mon fils revient le ventre vide.",
    "Le bus de sept heures ne passe plus et je rate ma correspondance.",
    "Votre courrier est incompréhensible, je n'ai pas saisi ce que je devais faire.",
    "J'attends ma carte d'identité depuis des mois, impossible d'avoir un rendez-vous.",
    "Les lampadaires de ma rue sont éteints et on ne voit pas où on marche.",
    "J'ai payé deux fois la même amende et on refuse de me rembourser.",
    "La crèche a refusé notre dossier sans explication.",
    "Il n'y a plus de médecin dans le village, le centre de santé ferme.",
    "Le parc est jonché de bouteilles cassées, les enfants se blessent.",
    "Mon allocation a été coupée sans prévenir, on me réclame un trop-perçu.",
    "L'agent au guichet m'a mal parlé devant tout le monde.",
    "Les travaux devant mon commerce durent depuis un an et les clients ne viennent plus.",
    "Je demande un logement social depuis dix ans, aucune proposition.",
    "Le gymnase est trop cher pour les familles nombreuses.",
    "Le chien du voisin aboie toute la nuit et la mairie ne fait rien.",
    "Mon titre de séjour a expiré pendant que vous traitiez ma demande.",
    "Impossible de joindre l'hôpital pour déplacer ma consultation.",
    "Le site plante sur téléphone, la page reste blanche.",
    "Les trottoirs sont défoncés, une poussette n'y passe pas.",
    "On nous a changé de conseiller quatre fois cette année.",
    "Ma déclaration d'impôts est bloquée par une erreur que vous avez faite.",
    "Le professeur absent n'est pas remplacé depuis la rentrée.",
    "L'odeur de la station d'épuration rend la terrasse inutilisable.",
    "Il faut une heure de route pour trouver un bureau ouvert.",
    "Les pistes cyclables s'arrêtent au milieu du carrefour.",
    "Mon dossier de mariage a été égaré entre deux bureaux.",
    "La piste d'athlétisme est réservée aux clubs toute la semaine.",
    "Mon mari est mort et vous lui écrivez encore.",
    "Votre serveur vocal me fait tourner en rond pendant vingt minutes.",
    "Le colis de la banque alimentaire était périmé.",
    "On exige une adresse électronique alors que je n'ai pas d'ordinateur.",
    "Le cimetière est mal entretenu, les tombes sont envahies d'herbes.",
    "Merci à la dame de l'accueil, toujours souriante.",
    "Ma formation a été annulée la veille sans explication.",
    "Les horaires affichés sur la porte sont faux.",
    "Le permis de construire traîne parce que deux services se renvoient la balle.",
    "Le bruit du bar d'en bas m'empêche de dormir.",
)
