"""The French that people read keeps what the code gives it, and is set as French is: each rule over every sentence."""

import re
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from config import translations

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")
TAG = re.compile(r"<[^>]+>")
SENTENCE_END = re.compile(r"(?<=[.?:;])\s+|\n")
WORDS_AT_MOST = 20


def spoken() -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """What the code says and what people read, each in all its plural forms."""
    for message in translations.catalogue():
        if message.id:
            yield _forms(message.id), _forms(message.string)


def sentences() -> Iterator[str]:
    return (form for _, french in spoken() for form in french)


def _forms(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def test_the_catalogue_is_not_empty():
    assert sum(1 for _ in spoken()) > 1000


def test_plural_forms_are_all_given():
    assert [english for english, french in spoken() if len(french) != len(english) or not all(french)] == []


def holes(text: str) -> Counter[str]:
    return Counter(PLACEHOLDER.findall(text))


def tags(text: str) -> Counter[str]:
    return Counter(TAG.findall(text))


@pytest.mark.parametrize("kept", [holes, tags])
def test_each_sentence_keeps_the_values_and_the_tags_that_the_code_gives(kept: Callable[[str], Counter[str]]):
    """A singular may say « une » where the other language counts: it keeps what one of the forms has."""
    lost = [
        (english, form)
        for english, french in spoken()
        for rank, form in enumerate(french)
        if kept(form) not in [kept(said) for said in (english[-1:] if rank else english)]
    ]
    assert lost == []


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        ("U+00A0 before ; ? ! and »", r"(?<!\u00a0)[;?!»]"),
        ("U+00A0 before a colon", r"(?<![\u00a0\d]):(?=\s|$)"),
        ("U+00A0 after «", r"«(?!\u00a0)"),
        ("U+00A0 after n°", r"\b[nN]°(?!\u00a0)"),
        ("U+00A0 between a number and its unit", r"\d (?:h|j|€|%)(?!\w)"),
        ("the curly apostrophe", r"\w'\w"),
        ("no exclamation mark", r"!"),
        ("guillemets, not the quotation marks of others", r"[“”\"]"),
        ("one character for the ellipsis", r"\.\.\."),
        ("no narrow space, which the fonts do not have", r"\u202f"),
        ("no space doubled or before a comma", r"[^\S\n]{2}| [,.](?!\w)"),
    ],
)
def test_the_typography_is_french(rule: str, fault: str):
    assert [said for said in sentences() if re.search(fault, TAG.sub("", said))] == [], rule


def test_a_sentence_has_twenty_words_at_most():
    long = [
        part
        for said in sentences()
        for part in SENTENCE_END.split(said.replace("\u00a0", " "))
        if sum(bool(re.search(r"\w", word)) for word in part.split()) > WORDS_AT_MOST
    ]
    assert long == []


@pytest.mark.parametrize(
    ("never", "but"),
    [
        (r"fusionn", "réunir"),
        # That of a ballot is a « récépissé ».
        (r"récépissé[^.]*fiche|fiche[^.]*récépissé", "reçu, for a fiche"),
        (r"mettre de côté|mise? de côté", "écarter"),
        # Alone, « doléance » is one of the three names of what people write in a consultation.
        (r"ticket|doléance(?!s?$| #)|réclamation", "fiche"),
        (r"propriétaire|pilote(?! de service)", "pilote de service"),
        (r"veuillez|merci de|s’il vous plaît", "the verb alone"),
        (r"\b(?:tu|ton|ta|tes)\b", "vous"),
    ],
)
def test_one_thing_has_one_name(never: str, but: str):
    assert [said for said in sentences() if re.search(never, said, re.I)] == [], f"say « {but} »"
