"""What the bench does to texts before it asks for groups."""

import numpy as np
from rapidfuzz.distance import Levenshtein

from bench.clustering.corruption import copies, corrupted, upper, without_accents

TEXT = "J’ai attendu deux heures à la préfecture, sans réponse ni explication. " * 20


def test_three_characters_in_a_hundred_are_changed():
    harmed = corrupted([TEXT, TEXT], share=0.03, seed=1)
    for text in harmed:
        assert 0.01 < Levenshtein.distance(TEXT, text) / len(TEXT) < 0.06
    assert harmed[0] != harmed[1]
    assert harmed == corrupted([TEXT, TEXT], share=0.03, seed=1)
    assert harmed != corrupted([TEXT, TEXT], share=0.03, seed=2)
    assert corrupted([TEXT], share=0) == [TEXT]


def test_accents_go_and_nothing_else():
    assert without_accents(["Où ça ? À l’hôtel, œuvre n° 3"]) == ["Ou ca ? A l’hotel, œuvre n° 3"]
    assert upper(["à l’été"]) == ["À L’ÉTÉ"]


def test_copies_of_a_letter_differ_but_a_little():
    sent = copies("Nous demandons que la médiathèque reste ouverte le samedi après-midi toute l’année", 30, seed=0)
    assert len(set(sent)) == 30
    shares = [Levenshtein.normalized_similarity(sent[0].lower(), other.lower()) for other in sent[1:]]
    assert np.median(shares) > 0.5
