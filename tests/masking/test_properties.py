"""What is true of every text, whatever it holds."""

import itertools

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import masking
from tests.masking.hostile import HOSTILE

PIECES = st.sampled_from(
    [
        "Bonjour",
        "M. Dupont",
        "mme benali",
        "Nadia Benali",
        "JEAN-LUC TONDUT",
        "Rose Delmas",
        "d'Hondt",
        "06 12 34 56 78",
        "2 63 06 99 604 022 53",
        "FR76 9880 0001 0000 0123 1239 914",
        "nadia@exemple.fr",
        "nadia point b arobase exemple point fr",
        "AB-123-CD",
        "12 rue des Lilas 77160 Provins",
        "dossier n° 2026/003117",
        "né le 3 mai 1960",
        "Cordialement,",
        "Provins",
        "la mairie",
        "[nom masqué]",
        "Xolani Mbekwa",
    ]
)
JOINTS = st.sampled_from([" ", ", ", ". ", "\n", " : ", "", " - ", " et ", "\u00a0", "\u2019"])
WRITTEN = st.lists(st.tuples(PIECES, JOINTS), max_size=9).map(lambda parts: "".join(a + b for a, b in parts))
ANY = st.one_of(WRITTEN, st.text(), st.text(alphabet="aAéÀ0162 .@-'/\n+\ue000[]M\ud800\x00\u0301", max_size=200))


@settings(max_examples=300, deadline=None)
@given(ANY)
@example("e\u0301" * 3 + " M. Be\u0301ne\u0301dicte")
@example("[nom masqué] Dupont")
def test_spans_are_sorted_disjoint_and_inside_the_text(text):
    at = 0
    for span in masking.find(text):
        assert at <= span.start < span.end <= len(text)
        assert span.kind in masking.KINDS
        assert 0 < span.score <= 1
        at = span.end


@settings(max_examples=300, deadline=None)
@given(ANY)
def test_masking_twice_changes_nothing(text):
    once = masking.mask(text)
    assert masking.mask(once) == once
    assert masking.find(once) == []


@settings(max_examples=300, deadline=None)
@given(ANY)
def test_what_is_masked_stands_nowhere_else(text):
    spans = masking.find(text)
    left = masking.mask(text, spans)
    for span in spans:
        value = text[span.start : span.end]
        for at in range(len(left)) if len(value) > 3 else ():
            if left.startswith(value, at):
                assert left[at - 1 : at].isalnum() or left[at + len(value) : at + len(value) + 1].isalnum()


@given(ANY)
def test_what_is_outside_the_spans_is_untouched(text):
    spans = masking.find(text)
    kept, at = [], 0
    for span in spans:
        kept += [text[at : span.start], masking.KINDS[span.kind]]
        at = span.end
    assert masking.mask(text, spans) == "".join([*kept, text[at:]])


@given(ANY)
def test_the_same_text_always_gives_the_same_spans(text):
    assert masking.find(text) == masking.find(text)


@pytest.mark.parametrize("text", ["", " ", "\n", "\x00", "\ud800", "?", "👍🏽", "[illisible]", "a" * 5000])
def test_a_text_without_personal_data_comes_out_as_it_went_in(text):
    assert masking.mask(text) == text


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_texts_of_a_hundred_thousand_characters_come_out_whole(text):
    spans = masking.find(text)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(before.end <= after.start for before, after in itertools.pairwise(spans))
