"""Titles that an owner can read, and key phrases without what people should not see there."""

from time import process_time

import pytest

from clustering.labels import keyphrases
from clustering.titles import title

LIGHTS = [
    "Les lampadaires de la rue sont éteints depuis dix jours.",
    "Bonjour, les lampadaires de notre rue sont éteints, merci.",
    "PLUS DE LAMPADAIRE DANS LA RUE",
    "jsui dans le noir les lampadaire son eteint",
    "Madame Poulain dit que les lampadaires sont éteints, j'ai peur pour ma fille.",
    "Ces connards laissent les lampadaires éteints.",
]


def _titled(texts: list[str], *others: str) -> str:
    phrases = keyphrases([*texts, *others], [0] * len(texts) + [1] * len(others))[0]
    return title(phrases, texts=texts)


def test_a_title_is_a_clause_that_people_wrote():
    assert _titled(LIGHTS, "La cantine est trop chère.", "Le menu de la cantine.") == (
        "Les lampadaires de la rue sont éteints"
    )


@pytest.mark.parametrize(
    "untold",
    [
        "La lettre de [nom masqué] sur les allocations est perdue.",
        "Les allocations de Poulain sont perdues.",
        "Ces cons ont perdu les allocations.",
        "Bonjour les allocations perdues.",
        "LES ALLOCATIONS SONT PERDUES",
        "Les 3 allocations sont perdues",
        "jcomprend pas les allocations perdues",
    ],
)
def test_no_name_mask_insult_greeting_figure_or_shout_makes_a_title(untold):
    clean = "Les allocations sont perdues par la poste"
    assert _titled([untold, untold, clean + ".", clean + " hier."]) == clean


@pytest.mark.parametrize(
    "cut",
    [
        "Si la cantine est fermée, le portail plante.",  # supposes
        "La cantine est-elle fermée, le portail plante ?",  # asks
        "Le portail a dit « la cantine est fermée » au guichet.",  # quotes
        "Tout va bien, sauf que pour la cantine et le portail.",  # hangs
        "Pour la cantine du portail.",
        "J’ai payé alors que la cantine est fermée sur le portail.",  # grants
        "Cantine, portail, facture.",  # a list
    ],
)
def test_what_is_cut_asked_supposed_or_quoted_makes_no_title(cut):
    texts = [
        cut,
        cut + " Merci.",
        "Le portail de la cantine est en panne.",
        "Le portail de la cantine est en panne hier.",
    ]
    assert _titled([*texts, "Encore le portail", "la cantine encore"], "La rue est noire.") == (
        "Le portail de la cantine est en panne"
    )


def test_what_few_deny_is_not_said_of_all():
    texts = [f"{word} : le guichet du métro est ouvert" for word in ("Bien", "Bravo", "Oui", "Super", "Enfin")]
    assert "pas" not in _titled(["Le guichet du métro n’est pas ouvert", *texts], "La rue est noire.")


def test_without_a_clear_clause_a_theme_is_called_by_what_people_name():
    texts = [
        "Combien de tabac peut-on passer à la douane ?",
        "Peut-on rapporter du tabac sans voir la douane ?",
        "La douane a-t-elle le droit de prendre mon tabac ?",
        "Et le tabac à la douane ?",
    ]
    assert _titled(texts, "La rue est noire.", "La cantine est chère.") == "Douane et tabac"


def test_a_word_is_named_with_what_always_follows_it_and_with_the_capitals_people_give_it():
    asked = [f"Qui {does} le mot de passe ?" for does in ("retrouve", "oublie", "change", "demande", "cherche")]
    assert _titled(asked, "La rue est noire.") == "Mot de passe"
    assert "FranceConnect" in _titled([f"{text} Ou bien FranceConnect." for text in asked], "La rue est noire.")


def test_a_name_that_two_people_write_is_not_what_a_theme_is_about():
    texts = [
        "Où est le dossier de Vermorel ?",
        "Qui a le dossier de Vermorel ?",
        "Le dossier perdu ?",
        "Mon dossier perdu ?",
    ]
    assert "ermorel" not in _titled(texts, "La rue est noire.")


def test_a_title_is_short_whatever_people_wrote():
    long = "mot très long " * 40
    assert len(_titled([long, long, long])) <= 80
    assert len(title([], texts=["x" * 500])) <= 80


def test_without_a_clear_clause_the_key_phrases_say_it_and_without_them_the_first_text():
    assert title(["file d'attente", "guichet"], texts=[]) == "File d’attente, guichet"
    assert title(["rue"], texts=["Rue !"]) == "Rue"
    assert title([], texts=[]) == "Sans titre"


def test_key_phrases_hold_no_greeting_insult_nor_mask():
    texts = ["Bonjour, ces connards de [nom masqué] ont fermé le guichet", "Bonjour le guichet est fermé, connards"]
    phrases = " ".join(keyphrases([*texts, "La piscine est froide"], [0, 0, 1])[0])
    assert "guichet" in phrases
    for word in ("bonjour", "connard", "masqué", "nom"):
        assert word not in phrases


@pytest.mark.parametrize("long", ["« " * 50_000, "( " * 50_000, "mot " * 25_000])
def test_a_text_of_a_hundred_kilobytes_costs_what_a_short_one_does(long):
    begun = process_time()
    title(["mot"], texts=[long] * 10)
    assert process_time() - begun < 5  # twenty seconds when each bracket was looked after to the end
