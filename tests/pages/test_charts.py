"""Charts tell the numbers they are given: from zero, to scale, readable as a table."""

from django.template.loader import get_template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from pages import charts

COUNTS = st.lists(st.integers(0, 10_000), max_size=60)


def show(name: str, **context: object) -> str:
    return get_template(f"components/{name}.html").render(context)


@given(COUNTS)
def test_bars_are_to_scale_from_zero(counts: list[int]) -> None:
    rows = [{"label": str(i), "value": count} for i, count in enumerate(counts)]
    top = max(counts, default=0)
    for count, lying, standing in zip(counts, charts.lying_bars(rows), charts.standing_bars(rows), strict=True):
        assert abs(float(lying.width) - (100 * count / top if top else 0)) < 0.06
        assert abs(float(standing.height) - (80 * count / top if top else 0)) < 0.06


@given(COUNTS)
def test_a_line_stays_in_its_box(counts: list[int]) -> None:
    line = charts.spark(counts)
    if len(counts) < 2:
        assert line is None
        return
    for point in line.points.split():
        x, y = map(float, point.split(","))
        assert 0 <= x <= charts.SPARK_WIDTH
        assert 0 <= y <= charts.SPARK_HEIGHT


def test_french_writes_no_comma_in_a_drawing() -> None:
    with translation.override("fr"):
        html = show("sparkline", values=[1, 2, 7], label="De 1 à 7") + show(
            "bar_chart", rows=[{"label": "a", "value": 1}, {"label": "b", "value": 3}], standing=True, label="x"
        )
    assert 'points="4,' in html
    assert not any("," in value for value in _attributes(html, "width", "height", "x", "y", "cx", "cy"))


def test_a_chart_has_a_name_and_a_table_with_shares() -> None:
    html = show(
        "bar_chart", label="Surtout la cantine", rows=[{"label": "Cantine", "value": 3}, {"label": "Bus", "value": 1}]
    )
    assert 'aria-label="Surtout la cantine"' in html
    assert '<th scope="row">Cantine</th><td class="r num">3</td><td class="r num">75\N{NO-BREAK SPACE}%</td>' in html


def test_a_bar_of_nothing_out_of_nothing_is_not_drawn() -> None:
    assert "<svg" not in show("share_bar", question="?", part=0, whole=0, sentence="Personne.")


def _attributes(html: str, *names: str) -> list[str]:
    return [piece.split('"')[0] for name in names for piece in html.split(f' {name}="')[1:]]
