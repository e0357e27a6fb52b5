"""One character for one: the same text in plainer clothes, so that offsets hold in the original."""

import sys
import unicodedata

_APOSTROPHES = "\u2019\u2018\u02bc\u00b4\u2032\u201b"
_DASHES = "\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63"
_SPACES = "\u00a0\u1680\u202f\u205f\u2060\u3000\ufeff" + "".join(map(chr, range(0x2000, 0x200E)))


def _tidy_table() -> dict[int, str]:
    table = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}  # full-width forms
    table |= dict.fromkeys(map(ord, _APOSTROPHES), "'")
    table |= dict.fromkeys(map(ord, _DASHES), "-")
    table |= dict.fromkeys(map(ord, _SPACES), " ")
    for code in range(0x80, sys.maxunicode + 1):
        if (digit := unicodedata.decimal(chr(code), None)) is not None:
            table[code] = str(digit)
    return table


def _plain_table() -> dict[int, str]:
    table = _tidy_table()
    for code in [*range(0x41, 0x250), *range(0x1E00, 0x1F00)]:
        base = unicodedata.normalize("NFD", chr(code).lower())[0]
        if base != chr(code):
            table[code] = base
    return table


_TIDY = _tidy_table()
_PLAIN = _plain_table()


def tidy(text: str) -> str:
    """ASCII digits, spaces, dashes and apostrophes; case and accents kept. Same length."""
    return text if text.isascii() else text.translate(_TIDY)


def plain(text: str) -> str:
    """``tidy``, in lower case and without accents. Same length."""
    return text.lower() if text.isascii() else text.translate(_PLAIN)
