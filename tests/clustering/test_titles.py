"""Titles that an owner can read, and key phrases without what people should not see there."""

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
    clean = "Des allocations sont perdues par la poste"
    assert _titled([untold, untold, clean + "."]) == clean


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
