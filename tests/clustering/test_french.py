"""Mistyped words are read as the French words they were meant to be; everything else is left as it is."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

import clustering
from clustering.french import repaired, slip

SAID = "La poubelle n'est pas vidée, le téléphone du guichet ne répond jamais"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("La poubele n'est pas vidée, le téléphone du guichet ne répond jamais", SAID),
        ("La poubelle n'est pas vidée, le télpéhone du guichhet ne répond jamais", SAID),
        ("LE TELPEHONE DU GUICHHET NE RÉPOND PAS", "LE téléphone DU guichet NE RÉPOND PAS"),
    ],
)
def test_one_slip_in_a_word_is_repaired(typed, meant):
    assert repaired([typed]) == [meant]


@pytest.mark.parametrize(
    "text",
    [
        SAID,
        "Les bénéficiaires de l'allocation attendent un macaron et une benne",
        "monsieur Poubele de Larzan attend, écrire à jean@poubele.example ou au poubele75",
        "my application was never answered, they keep asking the same thing",
        "el ayuntamiento nunca contesta las llamadas urgentes",
        "wniosek o poubele nie został rozpatrzony przez urząd miasta",
        "xqzzt",
        "12 rue 75020, 06",
        "",
        "🙂",
    ],
)
def test_right_words_names_addresses_other_languages_and_what_resembles_nothing_are_left_alone(text):
    assert repaired([text]) == [text]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("on me redemande une zarte", "on me redemande une zarte"),  # carte, tarte
        ("la porte est fermex", "la porte est ferme"),  # or fermé, or fermer: the same word
        ("il faut dse papiers", "il faut des papiers"),  # three letters
        ("il faut une attestatoin dassurance", "il faut une attestation d'assurance"),
        ("on voit la lune et une dame", "on voit la lune et une dame"),
        ("le deces de ma tante", "le décès de ma tante"),
        ("Lheure du rendez-vous a changé", "l'heure du rendez-vous a changé"),
        ("On attend. Bonjor le service", "On attend. bonjour le service"),  # a sentence begins
        ("le dépraetment ne répond pas", "le département ne répond pas"),  # two slips
    ],
)
def test_a_word_is_read_as_the_one_most_likely_meant_if_one_is_clear(typed, meant):
    assert repaired([typed]) == [meant]


@pytest.mark.parametrize(
    ("typed", "meant", "usual"),
    [
        ("guihcet", "guichet", True),
        ("guiichet", "guichet", True),
        ("guchet", "guichet", True),
        ("guixhet", "guichet", False),
        ("guicxhet", "guichet", False),
    ],
)
def test_letters_left_out_doubled_or_swapped_are_likelier_than_others(typed, meant, usual):
    assert slip(typed, meant) > 0
    assert (slip(typed, meant) > slip("guixhet", "guichet")) == usual


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_one_slip_is_one_slip(typed, meant):
    distance = OSA.distance(typed, meant)
    assert (slip(typed, meant) > 0) == (distance <= 1)
    assert (slip(typed, meant) == 1) == (distance == 0)


def test_a_mistyped_text_means_what_it_was_meant_to():
    right, wrong, other = clustering.encode([SAID, SAID.replace("poubelle", "poubele"), "Je cherche la piscine"])
    assert right @ wrong > 0.999 > right @ other


@given(st.lists(st.text(max_size=60), max_size=4))
def test_each_text_is_read_alone_and_nothing_crashes(texts):
    together = repaired(texts)
    assert len(together) == len(texts)
    assert together == [repaired([text])[0] for text in texts]


def test_long_hostile_words_cost_little():
    letters = random.Random(1).choices("abcdéè", k=100_000)
    assert len(repaired(["".join(letters), "é" * 100_000])) == 2
