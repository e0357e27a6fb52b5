"""People's names are hidden whole, however they are written; places, functions and ordinary words stay."""

import pytest

import masking

PEOPLE = [
    ("J'ai eu M. Delbecquin au téléphone.", "J'ai eu M. [nom masqué] au téléphone."),
    ("M. et Mme Ferdinand Boisgontier", "M. et Mme [nom masqué]"),
    ("Mme Zoubida Kermarrec-Benali est un rayon de soleil", "Mme [nom masqué] est un rayon de soleil"),
    ("puis Mme de La Tour d'Auvergne.", "puis Mme [nom masqué]."),
    ("mme benali ma mal parlé", "mme [nom masqué] ma mal parlé"),
    ("VOTRE AGENT MR POTTIER EST IMPOLI", "VOTRE AGENT MR [nom masqué] EST IMPOLI"),
    ("M. Jean-Pierre N'Diaye", "M. [nom masqué]"),
    ("Mme Petit m'a reçue", "Mme [nom masqué] m'a reçue"),
    ("Votre bien dévouée, Me Apolline Garrigou-Stern.", "Votre bien dévouée, Me [nom masqué]."),
    ("Je m'appelle Nadia Benali et j'attends", "Je m'appelle [nom masqué] et j'attends"),
    ("je m'appelle nadia benali et jattend", "je m'appelle [nom masqué] et jattend"),
    ("JE M'APPELLE NADIA BENALI ET J'ATTENDS", "JE M'APPELLE [nom masqué] ET J'ATTENDS"),
    ("My name is Oluwaseun Adeyemi and I waited", "My name is [nom masqué] and I waited"),
    ("Nom : Kowalczyk, prénom : Bożena", "Nom : [nom masqué], prénom : [nom masqué]"),
    ("Mme Martin, née Szczepański", "Mme [nom masqué], née [nom masqué]"),
    ("Mon fils Enzo a été refusé.", "Mon fils [nom masqué] a été refusé."),
    ("ma fille rose attend sa bourse", "ma fille [nom masqué] attend sa bourse"),
    ("Mon conseiller Thadée Brancourt ne rappelle jamais.", "Mon conseiller [nom masqué] ne rappelle jamais."),
    ("la famille BOUKHARI attend", "la famille [nom masqué] attend"),
    ("merci a fatoumata du guichet 4", "merci a [nom masqué] du guichet 4"),
    ("Il attend. Edmond Larralde-Sainte-Croix", "Il attend. [nom masqué]"),
    ("Un retraité de vos services, Raymond Oberlinger.", "Un retraité de vos services, [nom masqué]."),
    ("Toujours rien. Xolani Mbekwa-Thérond", "Toujours rien. [nom masqué]"),
    ("Cordialement,\nN. Benali", "Cordialement,\n[nom masqué]"),
    ("Bien cordialement, Th. et A. Vercambre", "Bien cordialement, Th. et [nom masqué]"),
    ("Merci à Madame Pruvost de la Maison des solidarités", "Merci à Madame [nom masqué] de la Maison des solidarités"),
    ("Saludos, Jesús Peñalver Ortuño", "Saludos, [nom masqué]"),
    ("Thank you, Siobhan O'Connell", "Thank you, [nom masqué]"),
    ("HONTE A VOUS. YVETTE CRAMPON-DELOYE", "HONTE A VOUS. [nom masqué]"),
    (
        "refoulé a la barriere jean-luc tondut plaque HB-115-ZR",
        "refoulé a la barriere [nom masqué] plaque [plaque masquée]",
    ),
    ("rose delmas 06 11 22 33 44", "[nom masqué] [téléphone masqué]"),
    ("AMBRE TOUZEAU-PAYET INE 0907T12276B", "[nom masqué] INE [numéro de dossier masqué]"),
    ("Pour Louis Mestdagh, né le 21/10/1936", "Pour [nom masqué], né le [date de naissance masquée]"),
    ("Ludovic D'Hondt et BENALI Nadia", "[nom masqué] et [nom masqué]"),
    ("M. Delbecquin a promis. Delbecquin n'a rien fait.", "M. [nom masqué] a promis. [nom masqué] n'a rien fait."),
    ("Be\u0301ne\u0301dicte de Kermoysan attend", "[nom masqué] attend"),
]


@pytest.mark.parametrize(("text", "expected"), PEOPLE)
def test_a_name_is_masked_whole(text, expected):
    assert masking.mask(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Madame la Maire, Monsieur le directeur, bonjour.",
        "MADAME LA MAIRE VOUS NE REPONDEZ JAMAIS",
        "monsieur bonjour je vous ecris",
        "Madame, j'avais 16 ans",
        "Madame vient avec une lettre. Monsieur sollicite un rendez-vous.",
        "Monsieur le Conservateur, lecteur assidu",
        "Soyez-en remerciées.",
        "Une pierre rose dans l'eau claire, en mai et en avril.",
        "La mairie de Provins a fermé. Aix-en-Provence. Paris.",
        "France Travail et la CAF se renvoient la balle. France Services aussi.",
        "La rue Victor Hugo, le lycée Jean Moulin, l'école Marie Curie, l'arrêt Charles Hermite",
        "place du Docteur Paul Lebrun",
        "Saint-Denis, la Sainte-Catherine, Villeneuve Saint Georges",
        "en lui chantant Luis Mariano",
        "Noël approche. Joyeux Noël",
        "Merci beaucoup. Bonne journée",
        "BONJOUR JE VEUX UN RENDEZ VOUS MERCI",
        "Cordialement, une maman",
        "Signé : un usager mécontent",
        "au nom de la République",
        "mon nom est mal orthographié",
        "la carte grise au nom de la boite",
        "Action Logement et Habitat Social ne répondent pas.",
        "L'agent a dit non. La dame m'a crié dessus. Ma fille est en CM2.",
        "Service des impôts. Mairie de Provins",
        "Bravo. Super. Génial",
    ],
)
def test_places_functions_and_ordinary_words_stay(text):
    assert masking.mask(text) == text


def test_the_kinds_give_readable_words_and_the_version_is_told():
    assert all(words.startswith("[") and words.endswith("]") for words in masking.KINDS.values())
    assert masking.VERSION


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Je suis diabétique et délégué syndical", {"health", "union"}),
        ("je suis SYNDIQUÉE à la CGT", {"union"}),
        ("sorti de prison, suivi en psychiatrie", {"offence", "health"}),
        ("La médiathèque ferme trop tôt, l'assurance maladie aussi", set()),
        ("", set()),
    ],
)
def test_sensitive_words_raise_a_flag_and_stay_readable(text, expected):
    assert masking.flags(text) == expected
    assert masking.mask(text) == text
