"""The tool by which ``tests/test_house_rules.py`` knows that every message is in French can say no."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import gettext, override

from config import translations


@pytest.fixture
def elsewhere(tmp_path, settings):
    """A project of one file and no catalogue."""
    settings.ROOT = tmp_path
    (tmp_path / "pages").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "pages" / "words.py").write_text('from x import gettext as _\nA = _("Hello")\n')
    (tmp_path / "templates" / "a.html").write_text(
        '{% load i18n %}<p>\n   {% translate "Bye" context "polite" %}</p>{% blocktranslate count n=n %}one{% plural %}'
        "{{ n }} many{% endblocktranslate %}"
    )
    return tmp_path


def test_a_missing_translation_fails(elsewhere):
    with pytest.raises(CommandError, match="Hello"):
        call_command("translations", "check")


def test_messages_of_templates_are_found_with_their_context_and_plural(elsewhere):
    assert set(translations.missing()) == {(None, "Hello"), ("polite", "Bye"), (None, "one")}


def test_a_translation_that_serves_no_more_fails(elsewhere):
    write(elsewhere, 'msgid "Hello"\nmsgstr "Bonjour"\n\nmsgid "Gone"\nmsgstr "Parti"\n')
    assert translations.unused() == [(None, "Gone")]


def test_updating_keeps_what_is_said_and_drops_what_serves_no_more(elsewhere):
    write(elsewhere, 'msgid "Hello"\nmsgstr "Bonjour"\n\nmsgid "Gone"\nmsgstr "Parti"\n')
    translations.update()
    assert set(translations.missing()) == {("polite", "Bye"), (None, "one")}
    assert translations.unused() == []


def test_the_compiled_catalogue_is_what_people_read():
    translations.compile_catalogue()
    with override("fr"):
        assert gettext("Very well") == "Très bien"


def test_the_compiled_catalogue_is_never_found_half_written(elsewhere, monkeypatch):
    write(elsewhere, 'msgid "Hello"\nmsgstr "Bonjour"\n')
    translations.compile_catalogue()
    compiled = (elsewhere / translations.CATALOGUE).with_suffix(".mo")
    whole = compiled.read_bytes()

    def stop_halfway(file, catalogue):
        file.write(b"\xde\x12")
        assert compiled.read_bytes() == whole
        raise KeyboardInterrupt

    monkeypatch.setattr(translations, "write_mo", stop_halfway)
    with pytest.raises(KeyboardInterrupt):
        translations.compile_catalogue()
    assert compiled.read_bytes() == whole
    assert {one.name for one in compiled.parent.iterdir()} == {"django.mo", "django.po"}


def write(folder: Path, entries: str) -> None:
    path = folder / translations.CATALOGUE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(entries, "utf-8")
