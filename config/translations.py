"""The messages of the code and of the templates, and the French catalogue: read and written with Babel.

No system package is needed: Python files are read by Babel, templates by Django's own ``templatize``.
"""

import os
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

CATALOGUE = Path("locale/fr/LC_MESSAGES/django.po")
_CODE = [
    "accounts",
    "config",
    "consult",
    "directory",
    "feedback",
    "ideas",
    "journal",
    "letters",
    "moderation",
    "pages",
    "search",
    "spreadsheets",
    "webhooks",
]
_KEYWORDS = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}

Key = tuple[str | None, str]


def messages() -> Catalog:
    """Every message of the project, as an empty catalogue."""
    found = Catalog(locale="fr", domain="django", charset="utf-8")
    for path, source in _sources():
        for line, message, comments, context in extract("python", BytesIO(source), keywords=_KEYWORDS):
            found.add(message, None, [(path, line)], auto_comments=comments, context=context)
    return found


def catalogue(path: Path | None = None) -> Catalog:
    """The French catalogue as committed; an empty one when there is none yet."""
    path = path or settings.ROOT / CATALOGUE
    if not path.exists():
        return Catalog(locale="fr", domain="django", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale="fr", domain="django")


def missing() -> list[Key]:
    """Messages without a French translation."""
    french = catalogue()
    return sorted(
        (
            (message.context, _text(message.id))
            for message in messages()
            if message.id and not _is_said(french, message)
        ),
        key=str,
    )


def unused() -> list[Key]:
    """Translations of messages that no longer exist."""
    found = messages()
    return sorted(
        (
            (message.context, _text(message.id))
            for message in catalogue()
            if message.id and found.get(_text(message.id), message.context) is None
        ),
        key=str,
    )


def update() -> None:
    """Write the French catalogue anew: the messages that exist, said as before; others wait to be translated."""
    found = messages()
    french = catalogue()
    for message in found:
        said = french.get(_text(message.id), message.context) if message.id else None
        if said is not None and said.string and any(_strings(said.string)) and not said.fuzzy:
            message.string = said.string
    found.header_comment = "# Cahier in French.\n"
    path = settings.ROOT / CATALOGUE
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, found, width=100, sort_output=True, include_lineno=False, ignore_obsolete=True)


def compile_catalogue() -> None:
    """Write the ``.mo`` beside the ``.po``; Django reads only that one, and never finds it half written."""
    compiled = (settings.ROOT / CATALOGUE).with_suffix(".mo")
    with NamedTemporaryFile(dir=compiled.parent, prefix=compiled.name, delete=False) as half:
        try:
            write_mo(half, catalogue())
            half.flush()
            os.chmod(half.name, 0o644)  # a temporary file is for its owner alone
            os.replace(half.name, compiled)
        except BaseException:
            os.unlink(half.name)
            raise


def _sources() -> Iterator[tuple[str, bytes]]:
    """Path from the root and Python source of every file that may hold messages."""
    for package in _CODE:
        for path in sorted((settings.ROOT / package).rglob("*.py")):
            yield str(path.relative_to(settings.ROOT)), path.read_bytes()
    for path in sorted((settings.ROOT / "templates").rglob("*")):
        if path.suffix in {".html", ".txt", ".xml", ".css"}:
            yield str(path.relative_to(settings.ROOT)), _flat(templatize(path.read_text("utf-8"), origin=str(path)))


def _flat(source: str) -> bytes:
    """``templatize`` keeps the indentation of the markup, which means nothing in Python."""
    return "\n".join(line.strip() for line in source.splitlines()).encode()


def _is_said(french: Catalog, message) -> bool:
    said = french.get(_text(message.id), message.context)
    return said is not None and not said.fuzzy and bool(said.string) and all(_strings(said.string))


def _text(identifier: str | tuple[str, ...]) -> str:
    return identifier[0] if isinstance(identifier, tuple) else identifier


def _strings(string: str | tuple[str, ...]) -> tuple[str, ...]:
    return string if isinstance(string, tuple) else (string,)
