"""What people type, whatever they type, becomes a few tags and nothing else."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult import texts

HOSTILE = (
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "javascript:alert(1)",
    '<a href="javascript:alert(1)">ici</a>',
    "<svg/onload=alert(1)>",
    'https://x.example/"onmouseover=alert(1)//',
    "<style>*{display:none}</style>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "**<b onclick=alert(1)>**",
)
ALLOWED = re.compile(r'</?(?:p|ul|ol|li|strong|em)>|<br>|</a>|<a (?:href="https?://[^"<>]*" )?rel="[a-z ]+">')


def tags(html: str) -> list[str]:
    return re.findall(r"<[^>]*>", html)


def test_paragraphs_lists_marks_and_addresses():
    typed = "Un **arbre** et *deux* :\n\n- un tilleul\n- un frêne\n1. planter\n2. arroser\n\nVoir https://ville.example/a?b=1."
    rel = f'rel="{texts.REL}"'
    assert texts.body_of(typed) == (
        "<p>Un <strong>arbre</strong> et <em>deux</em> :</p><ul><li>un tilleul</li><li>un frêne</li></ul>"
        "<ol><li>planter</li><li>arroser</li></ol>"
        f'<p>Voir <a href="https://ville.example/a?b=1" {rel}>https://ville.example/a?b=1</a>.</p>'
    )


@pytest.mark.parametrize("payload", HOSTILE)
def test_nothing_typed_is_a_tag(payload):
    for html in (texts.body_of(payload), texts.cleaned(payload)):
        assert all(ALLOWED.fullmatch(tag) for tag in tags(html)), html


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_whatever_is_typed_the_tags_are_those_allowed(typed):
    html = texts.body_of(typed)
    assert all(ALLOWED.fullmatch(tag) for tag in tags(html))
    assert texts.cleaned(html) == html


@given(st.lists(st.sampled_from(["Un arbre.", "- un", "1. deux", "**fort**", "*doux*", "", "a < b & c"]), max_size=12))
def test_what_is_given_back_to_be_changed_says_the_same(lines):
    html = texts.body_of("\n".join(lines))
    assert texts.plain(texts.body_of(texts.typed_of(html))) == texts.plain(html)


def test_what_no_eye_sees_is_left_out():
    assert texts.line("Plan\u202eter\x00 un\r\n arbre\ufeff ") == "Planter un arbre"
    assert texts.said("\ud800") == "?"


def test_a_text_to_be_read_has_no_signs_and_keeps_its_lists():
    html = texts.body_of("Il en faut **104 places** et *vite*.\n\n- un banc\n- une **rampe**")
    assert "**104 places**" in texts.typed_of(html)
    spaced = "Un :\n\n- deux\n- trois\n\nQuatre."
    assert texts.typed_of(texts.body_of(spaced)) == spaced
    assert texts.unmarked(html) == "Il en faut 104 places et vite.\n\n- un banc\n- une rampe"
