"""Mistyped words are read as the French words they were meant to be; everything else is left as it is."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clustering.french import repaired
from clustering.words import normalise

SAID = "La poubelle n'est pas ramassée, le téléphone du guichet ne répond jamais"


@pytest.mark.parametrize(
    "typed",
    [
        "La poubele n'est pas ramassée, le téléphone du guichet ne répond jamais",
        "La poubelle n'est pas ramassée, le télpéhone du guichet ne répond jamais",
        "La poubelle n'est pas ramassée, le telephone du guichhet ne repond jamais",
        "LA POUBELLE N'EST PAS RAMASSÉE, LE TÉLÉPHONE DU GUICHET NE RÉPOND JAMAIS",
    ],
)
def test_one_slip_in_a_word_and_accents_left_out_are_repaired(typed):
    assert repaired([typed]) == [normalise(SAID)]


@pytest.mark.parametrize(
    "text",
    [
        "les bénéficiaires de l'allocation attendent",
        "my application was never answered, they keep asking the same thing",
        "el ayuntamiento nunca contesta las llamadas urgentes",
        "xqzzt",
        "12 rue 75020, 06",
        "",
        "🙂",
    ],
)
def test_right_words_other_languages_and_what_resembles_nothing_are_left_alone(text):
    assert repaired([text]) == [normalise(text)]


@given(st.lists(st.text(max_size=60), max_size=4))
def test_each_text_is_read_alone_and_nothing_crashes(texts):
    together = repaired(texts)
    assert len(together) == len(texts)
    assert together == [repaired([text])[0] for text in texts]


def test_long_hostile_words_cost_little():
    letters = random.Random(1).choices("abcdéè", k=100_000)
    assert len(repaired(["".join(letters), "é" * 100_000])) == 2
