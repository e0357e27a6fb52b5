"""Mistyped words are read as the French words they were meant to be; everything else is left as it is."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import clustering
from clustering.french import repaired
from clustering.spelling import Speller

SAID = "La poubelle n'est pas vidée, le téléphone du guichet ne répond jamais"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("La poubele n'est pas vidée, le téléphone du guichet ne répond jamais", SAID),
        ("La poubelle n'est pas vidée, le télpéhone du guichhet ne répond jamais", SAID),
        ("LE TELPEHONE DU GUICHHET NE RÉPOND PAS", "LE telephone DU guichet NE RÉPOND PAS"),
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


def test_what_could_be_two_words_is_left_alone():
    words, times = ["carte", "tarte"], np.array([100, 90])
    assert list(Speller(words, times).nearest(["zarte"])) == [0]
    assert list(Speller(words, times, clear=3).nearest(["zarte", "carrte"])) == [-1, 0]


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
