"""The catalogue of frequent pain points: sound data, and texts that find theirs."""

import numpy as np
import pytest

import clustering
from clustering import archetypes
from clustering.gazetteer import DEFAULT as DOCUMENTS

PHONE = [
    "Quarante minutes d'attente avant qu'on décroche au téléphone.",
    "Je téléphone chaque matin, la ligne est occupée.",
    "on attend des heures au telephone et ca coupe",
    "Impossible de joindre quelqu'un par téléphone.",
]
NOTHING_KNOWN = [
    "La chorale a chanté trois airs d'opéra.",
    "Mon voisin collectionne les timbres.",
    "Quel beau concert sur la place.",
    "La statue regarde la mer.",
]


def test_the_catalogue_is_sound():
    known = archetypes.default()
    assert 40 <= len(known) <= 60
    assert len({one.key for one in known}) == len({one.title for one in known}) == len(known)
    documents = {document.id for document in DOCUMENTS}
    for one in known:
        assert 4 <= len(one.examples) <= 8, one.key
        assert len(one.title) <= 80
        assert "'" not in one.title
        assert set(one.documents) <= documents
        assert one.family


def test_each_text_has_a_profile_and_a_blank_one_has_none():
    close = archetypes.profiles(clustering.encode([*PHONE, " "]))
    assert close.shape == (5, len(archetypes.default()))
    assert close.dtype == np.float32
    assert not close[-1].any()
    assert archetypes.default()[int(close[:4].mean(axis=0).argmax())].key == "telephone_attente"


def test_profiles_refuse_vectors_of_another_model():
    with pytest.raises(ValueError, match="another encoder"):
        archetypes.profiles(np.ones((2, 8), dtype=np.float32))


@pytest.mark.parametrize("by_meaning", [True, False])
def test_a_group_is_named_after_the_archetype_that_stands_out(by_meaning):
    vectors = clustering.encode(PHONE) if by_meaning else None
    found = archetypes.nearest_of_group(PHONE, vectors)
    assert found is not None
    assert found.archetype.title == "Attente trop longue au téléphone"


@pytest.mark.parametrize("by_meaning", [True, False])
def test_a_group_about_something_else_is_named_after_none(by_meaning):
    vectors = clustering.encode(NOTHING_KNOWN) if by_meaning else None
    assert archetypes.nearest_of_group(NOTHING_KNOWN, vectors) is None
    assert archetypes.nearest_of_group([], None) is None


def test_a_site_may_bring_its_own_catalogue():
    own = archetypes.read(
        {"key": "concert", "title": "Concerts trop rares", "examples": ["Quel beau concert.", "La chorale a chanté."]}
    )
    other = archetypes.read({"key": "eau", "title": "Eau coupée", "examples": ["L'eau est coupée depuis hier."]})
    found = archetypes.nearest_of_group(NOTHING_KNOWN, clustering.encode(NOTHING_KNOWN), catalogue=[own, other])
    assert found is not None
    assert found.archetype.key == "concert"
    assert archetypes.nearest_of_group(NOTHING_KNOWN, None, catalogue=[]) is None


def test_one_text_alone_needs_more():
    alone = archetypes.nearest(["La ligne du téléphone est toujours occupée, une heure d'attente.", "Bonjour."])
    assert alone[1] is None
    assert alone[0] is None or alone[0].archetype.key == "telephone_attente"
