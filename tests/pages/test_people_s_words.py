"""What people wrote is shown as they wrote it, and nothing they write becomes a page."""

import html
import re

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from pages.highlighting import highlighted

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)
SPANS = st.lists(st.tuples(st.integers(-5, 90), st.integers(-5, 90)), max_size=6)
MASKED = st.sampled_from(["[nom masqué]", "[adresse e-mail masquée]", "[numéros masqués]", ""])


def render(text: str, spans: list) -> str:
    return Template("{% load cahier %}{% highlight text spans %}").render(Context({"text": text, "spans": spans}))


def test_key_phrases_are_marked_and_the_rest_is_left() -> None:
    assert render("On redemande le RIB", [(3, 12), (16, 19)]) == "On <mark>redemande</mark> le <mark>RIB</mark>"


def test_markup_typed_by_people_is_shown_and_never_obeyed() -> None:
    assert render("<b onclick=x>&</b>", [(0, 3)]) == "<mark>&lt;b </mark>onclick=x&gt;&amp;&lt;/b&gt;"


def test_spans_that_overlap_touch_or_go_too_far_make_one_mark() -> None:
    assert render("justificatif", [(6, 99), (0, 4), (3, 7)]) == "<mark>justificatif</mark>"


def test_what_was_masked_is_said_and_never_marked() -> None:
    shown = render("Monsieur [nom masqué] m’a dit", [(0, 29)])
    assert shown == ('<mark>Monsieur </mark><span class="c-masked">nom masqué</span><mark> m’a dit</mark>')


@pytest.mark.parametrize("text", ["[masqué]", "[nom\nmasqué]", "[sic]", "tableau[0]"])
def test_other_brackets_are_people_s_own(text: str) -> None:
    assert render(text, []) == text


@given(before=TEXTS, masked=MASKED, after=TEXTS, spans=SPANS)
def test_no_letter_is_lost_whatever_the_spans(before: str, masked: str, after: str, spans: list) -> None:
    text = before + masked + after
    shown = highlighted(text, spans)
    bare = re.sub(r'<span class="c-masked">([^<]*)</span>', r"[\1]", shown)
    assert html.unescape(re.sub(r"</?mark>", "", bare)) == text
    assert not re.search(r"<(?!/?mark>|span class=\"c-masked\">|/span>)", shown)
