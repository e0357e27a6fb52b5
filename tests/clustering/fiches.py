"""Fiches written for the tests: three ways to say one grievance, then others that do not belong."""

QUADRUPLETS = [
    (
        [
            "On m'a encore demandé mon justificatif de domicile alors que je l'ai donné le mois dernier.",
            "Pourquoi redemander une preuve d'adresse à chaque fois ? Vous l'avez déjà dans le dossier.",
            "3e fois que je renvoie le justificatif de domicile, vous le perdez ou quoi",
        ],
        ["La salle d'attente n'est pas chauffée."],
    ),
    (
        [
            "Une heure au téléphone pour que ça raccroche.",
            "Impossible de vous joindre par téléphone, ça sonne occupé toute la journée.",
            "j'appelle tous les jours personne ne décroche au tel",
        ],
        ["Le parking est toujours complet.", "Ma carte d'identité comporte une erreur."],
    ),
    (
        [
            "La rampe pour fauteuil roulant est bloquée par des vélos.",
            "Je suis en fauteuil et je ne peux pas entrer dans votre bâtiment.",
            "pas d'accès handicapé à la mairie annexe, ma mère en fauteuil est restée dehors",
        ],
        ["Votre agent au guichet a été très aimable."],
    ),
    (
        [
            "Le formulaire en ligne plante au moment d'envoyer.",
            "Impossible de valider ma demande sur le site, il y a une erreur à la dernière page.",
            "votre site bug quand on clique sur envoyer la demande",
        ],
        ["La cantine est trop chère pour nous."],
    ),
    (
        [
            "Les poubelles n'ont pas été ramassées depuis deux semaines.",
            "Le camion des ordures ne passe plus dans ma rue.",
            "toujours pas de ramassage des poubelles jaunes, ça déborde",
        ],
        ["Les horaires de la piscine sont faux sur internet.", "Je n'ai pas reçu ma carte d'électeur."],
    ),
    (
        [
            "Vos courriers sont incompréhensibles, du charabia administratif.",
            "Je n'ai rien compris à la lettre que vous m'avez envoyée.",
            "courrier illisible, trop de jargon, je ne sais pas ce que je dois faire",
        ],
        ["Le bus 12 est supprimé le dimanche."],
    ),
    (
        [
            "Mon allocation logement a été suspendue sans explication.",
            "Plus d'APL depuis janvier et personne ne me dit pourquoi.",
            "on m'a coupé l'aide au logement sans prévenir",
        ],
        ["Mon fils n'a pas de place à la crèche."],
    ),
    (
        [
            "Les bureaux ferment à 16h, quand on travaille on ne peut pas venir.",
            "Ouvrez le samedi ! Je travaille toute la semaine.",
            "horaires d'ouverture impossibles pour les salariés",
        ],
        ["Le distributeur de tickets est en panne."],
    ),
    (
        [
            "Quatre mois d'attente pour un rendez-vous de passeport.",
            "Aucun créneau pour refaire mon passeport avant l'été.",
            "pas de rdv dispo pour le passeport dans tout le département",
        ],
        ["L'éclairage public reste allumé en plein jour.", "On m'a mal parlé à l'accueil."],
    ),
    (
        [
            "L'eau du robinet est marron depuis les travaux.",
            "Mon eau a un goût de javel et une couleur bizarre.",
            "eau sale au robinet, on ne peut pas la boire",
        ],
        ["Je conteste mon amende de stationnement."],
    ),
    (
        [
            "Le médecin conseil ne répond jamais à mes messages.",
            "Aucune réponse à mes trois courriels.",
            "j'ai écrit 4 mails, zéro réponse",
        ],
        ["Les toilettes publiques sont fermées.", "Trop de bruit le soir près du stade."],
    ),
    (
        [
            "La dame du guichet m'a parlé comme à un chien.",
            "Accueil désagréable, on m'a crié dessus devant tout le monde.",
            "l'agent était méprisant et impoli avec moi",
        ],
        ["Le tarif du périscolaire a doublé."],
    ),
    (
        [
            "Les trottoirs sont pleins de crottes de chien.",
            "Déjections canines partout devant l'école.",
            "marre de marcher dans les crottes",
        ],
        ["Mon dossier de retraite est bloqué."],
    ),
    (
        [
            "Votre application ne marche pas sur mon téléphone.",
            "L'appli se ferme toute seule dès que je l'ouvre.",
            "appli mobile qui plante sans arrêt",
        ],
        ["Il manque un passage piéton rue Pasteur."],
    ),
]

_SUBJECTS = {
    "bins": ("les poubelles", "le bac jaune", "les ordures", "le camion de collecte"),
    "phone": ("le téléphone", "le standard", "votre numéro", "la ligne"),
    "pool": ("la piscine", "les vestiaires", "les douches", "le bassin"),
    "paper": ("le justificatif de domicile", "la facture demandée", "la photocopie", "le dossier papier"),
}
_FAULTS = {
    "bins": ("n'ont pas été ramassées", "déborde dans la rue", "sentent mauvais", "oublie notre impasse"),
    "phone": ("sonne toujours occupé", "raccroche après une heure", "ne répond jamais", "coupe sans arrêt"),
    "pool": ("est sale", "sont cassés", "sont froides et moisies", "manque d'hygiène"),
    "paper": ("est encore réclamé", "a été demandée trois fois", "est exigée à nouveau", "doit être refourni"),
}
_WHEN = ("depuis lundi", "cette semaine", "encore une fois", "comme le mois dernier")


def corpus() -> tuple[list[str], list[str]]:
    """64 plain fiches about four grievances, and the grievance of each."""
    texts, labels = [], []
    for subject, names in _SUBJECTS.items():
        for i, name in enumerate(names):
            for j, when in enumerate(_WHEN):
                fault = _FAULTS[subject][(i + j) % 4]
                texts.append(f"{name.capitalize()} : {name} {fault} {when}.")
                labels.append(subject)
    return texts, labels
