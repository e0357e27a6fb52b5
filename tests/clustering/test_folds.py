"""Near-identical texts share a band; the others seldom do."""

import random

import pytest

from clustering import duplicates
from clustering.folds import BANDS, bands

LETTER = (
    "Nous demandons le maintien de la ligne 14 le dimanche. Sans elle, le quartier des Forges est coupé de la gare "
    "et de l’hôpital. Les personnes âgées n’ont aucun autre moyen de se déplacer."
)
OTHERS = [
    "Le portail de la cantine affiche une page blanche au moment de payer.",
    "On me redemande un justificatif de domicile alors que je l’ai déjà donné en juin.",
    "Personne ne répond au téléphone de la mairie entre midi et deux.",
    "L’ascenseur de la station Gare est en panne depuis trois semaines.",
]


def share(one: str, other: str) -> bool:
    first, second = bands([one, other])
    return bool(set(first) & set(second))


def typed_again(text: str, seed: int) -> str:
    """Somebody's own copy: a few letters typed wrong."""
    rng = random.Random(seed)
    letters = list(text)
    for _ in range(len(text) // 50):
        letters[rng.randrange(len(letters))] = rng.choice("aeirstnl")
    return "".join(letters)


def test_copies_with_a_few_mistakes_meet():
    met = [share(LETTER, typed_again(LETTER, seed)) for seed in range(100)]
    assert sum(met) >= 97


def test_case_accents_and_punctuation_are_nothing():
    shouted = LETTER.upper().replace("É", "E").replace("Ô", "O").replace("Â", "A").replace(".", " !!!")
    assert bands([LETTER]) == bands([shouted])


def test_a_signature_and_a_greeting_do_not_hide_a_copy():
    assert share(LETTER, f"Bonjour, {LETTER} Cordialement, une habitante du quartier.")
    assert len(set(duplicates([LETTER, f"Bonjour, {LETTER} Cordialement, une habitante du quartier."]))) == 1


def test_texts_that_say_other_things_do_not_meet():
    assert not any(share(one, other) for one in OTHERS for other in [LETTER, *OTHERS] if one != other)


@pytest.mark.parametrize("text", ["", " ", "?", "😡😡", "oui", "a" * 100_000, "\ud800", "١٢٣"])
def test_any_text_has_bands_that_a_database_can_hold(text):
    (found,) = bands([text])
    assert len(found) == BANDS
    assert all(-(2**63) <= one < 2**63 for one in found)


def test_the_bands_are_the_same_on_every_machine():
    assert bands(["Le portail se ferme à midi."])[0][:2] == bands(["le portail se ferme a midi"])[0][:2]
    assert bands(["oui"])[0][0] == PINNED


PINNED = -1037819421166484944


def test_pairs_given_by_an_index_find_the_same_copies_as_every_pair():
    texts = [LETTER, f"Bonjour, {LETTER} Cordialement, une habitante du quartier.", "Le bus du matin passe trop tôt."]
    texts += [f"{LETTER} {LETTER}", "Le bus du matin passe bien trop tôt.", LETTER, "", ""]
    by_band = {}
    for row, found in enumerate(bands(texts)):
        for band in found:
            by_band.setdefault(band, []).append(row)
    pairs = {(a, b) for rows in by_band.values() for a in rows for b in rows if a != b}
    assert list(duplicates(texts, pairs=sorted(pairs))) == list(duplicates(texts))
    assert len(set(duplicates(texts, pairs=[]))) == len(set(texts)), "equal texts are copies whatever the pairs"
