"""The number people keep, and the key that opens what stands behind it."""

import pytest
from django.test import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback import references
from feedback.actions.intake import submit_fiche
from feedback.references import MistypedReference, compose, normalise

ANY_REFERENCE = st.builds(compose, st.integers(0, 99), st.integers(1, 10**9))
ANY_CHARACTER = st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def _is_refused_or_same(typed: str, reference: str) -> bool:
    try:
        return normalise(typed) == reference
    except MistypedReference:
        return True


def test_a_reference_reads_like_the_one_on_the_paper_forms():
    reference = compose(26, 412)
    assert reference.startswith("F-26-0412-")
    assert len(reference) == len("F-26-0412-7K")
    assert not set(reference[-2:]) & set("01ILO")


@given(ANY_REFERENCE)
def test_what_we_write_is_what_we_read(reference):
    assert normalise(reference) == reference


@given(ANY_REFERENCE, st.sampled_from(["lower", "spaces", "bare", "no_f", "letters", "dots"]))
def test_people_may_type_it_their_own_way(reference, way):
    head, tail = reference[1:-2], reference[-2:]
    typed = {
        "lower": reference.lower(),
        "spaces": f"  {reference.replace('-', ' ')} ",
        "bare": reference.replace("-", ""),
        "no_f": reference[2:],
        "letters": "F" + head.replace("0", "o").replace("1", "l") + tail,
        "dots": reference.replace("-", "."),
    }[way]
    assert normalise(typed) == reference


@settings(max_examples=300)
@given(ANY_REFERENCE, st.data())
def test_any_one_wrong_character_is_caught(reference, data):
    compact = reference.replace("-", "")
    place = data.draw(st.integers(1, len(compact) - 1))
    typed = compact[:place] + data.draw(ANY_CHARACTER) + compact[place + 1 :]
    assert _is_refused_or_same(typed, reference)


@settings(max_examples=300)
@given(ANY_REFERENCE, st.data())
def test_any_two_neighbours_swapped_are_caught(reference, data):
    compact = reference.replace("-", "")
    place = data.draw(st.integers(1, len(compact) - 2))
    typed = compact[:place] + compact[place + 1] + compact[place] + compact[place + 2 :]
    assert _is_refused_or_same(typed, reference)


def test_the_checks_above_could_fail():
    """Control: without its check character, a reference with a wrong figure would be taken for another one."""
    reference = compose(26, 412).replace("-", "")
    with pytest.raises(MistypedReference):
        normalise(reference[:4] + "9" + reference[5:])
    assert references.SHAPE.fullmatch(reference[:4] + "9" + reference[5:])


@pytest.mark.parametrize(
    "typed", ["", "F", "bonjour", "F-26-0412", "é" * 40, "F-26--7K", "9" * 500, "F-26-0412-7K-extra"]
)
def test_what_cannot_be_a_reference_is_said_to_be_a_typing_mistake(typed):
    with pytest.raises(MistypedReference):
        normalise(typed)


@pytest.mark.django_db
def test_each_fiche_has_its_number_and_its_key():
    first, second = submit_fiche(text="Trop d'attente."), submit_fiche(text="Trop d'attente.")
    assert first.reference != second.reference
    key = references.tracking_key(first)
    assert len(key) == 8
    assert set(key) <= set(references.CLEAR)
    assert references.is_tracking_key(first, f" {key[:4].lower()}-{key[4:]}")
    assert not references.is_tracking_key(second, key)
    assert not references.is_tracking_key(first, "")
    assert not references.is_tracking_key(None, key)


@pytest.mark.django_db
def test_receipts_printed_before_the_secret_changed_still_open():
    fiche = submit_fiche(text="Trop d'attente.")
    with override_settings(SECRET_KEY="old"):
        key = references.tracking_key(fiche)
    assert not references.is_tracking_key(fiche, key)
    with override_settings(SECRET_KEY="new", SECRET_KEY_FALLBACKS=["older", "old"]):
        assert references.is_tracking_key(fiche, key)
