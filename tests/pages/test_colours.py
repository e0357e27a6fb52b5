"""A city's colours can always be read, in light and in dark."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages import colours

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#777777", "#ffffff", 4.48),
        ("#0b5563", "#ffffff", 8.4),
        ("#123456", "#123456", 1.0),
    ],
)
def test_contrast_is_that_of_wcag(one, other, ratio):
    assert colours.contrast(one, other) == pytest.approx(ratio, abs=0.06)
    assert colours.contrast(other, one) == colours.contrast(one, other)


@given(COLOURS)
def test_the_colour_shown_instead_of_a_refused_one_passes(colour):
    assert colours.passes_as_main(colours.suggestion(colour, ratio=colours.TEXT))
    assert colours.passes_as_accent(colours.suggestion(colour, ratio=colours.LINE))


@given(COLOURS, COLOURS)
def test_every_derived_text_reads_on_its_ground(main, accent):
    main = colours.suggestion(main, ratio=colours.TEXT)
    accent = colours.suggestion(accent, ratio=colours.LINE)
    found = colours.palette(main, accent)
    for mode, ground in (("light", "#ffffff"), ("dark", "#172329")):
        tokens = found[mode]
        assert colours.contrast(tokens["brand"], tokens["on-brand"]) >= 4.5
        assert colours.contrast(tokens["brand-text"], ground) >= 4.5
        assert colours.contrast(tokens["accent-text"], ground) >= 4.5
        assert colours.contrast(tokens["accent"], ground) >= 3


def test_a_colour_that_passes_is_left_alone():
    assert colours.suggestion("#0b5563", ratio=colours.TEXT) == "#0b5563"
