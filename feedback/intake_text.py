"""From what somebody typed to what everybody may read: masking, before anything else."""

import logging
import re
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

import masking

logger = logging.getLogger(__name__)

TEXT_LIMIT = 10_000
# What stands where a text was. Like the masks, it is part of the text and stays in the language of the place.
ERASED = "[texte effacé par son auteur]"
EXPIRED = "[texte effacé à son échéance]"
KINDS = {
    "nir": _("a social security number"),
    "iban": _("a bank account number"),
    "card": _("a bank card number"),
    "email": _("an e-mail address"),
    "phone": _("a telephone number"),
    "plate": _("a number plate"),
    "birthdate": _("a date of birth"),
    "address": _("an address"),
    "file_number": _("a file number"),
    "profile": _("a profile on a network"),
    "name": _("a name"),
}
ENGLISH = re.compile(r"\b(?:the|and|is|was|were|my|of|to|with|not|have|had|they|for|you|this)\b", re.IGNORECASE)
FRENCH = re.compile(r"\b(?:le|la|les|des|du|et|est|un|une|pour|pas|que|qui|je|on|mon|ma|dans|au)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Masked:
    """``text`` is None when masking failed: then nobody but its author may see what was written."""

    text: str | None
    spans: list[dict[str, Any]] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    version: str = ""


def masked(text: str) -> Masked:
    """The text without personal data, and where it was found. Never raises: a failure is logged, without the text."""
    try:
        spans = masking.find(text)
        return Masked(
            text=masking.mask(text, spans),
            spans=[span._asdict() for span in spans],
            flags=sorted(masking.flags(text)),
            version=str(masking.VERSION),
        )
    except Exception as error:  # noqa: BLE001  (whatever breaks in the detector, the fiche is kept and waits, unread)
        logger.error("masking failed: %s", type(error).__name__)
        return Masked(text=None)


def tidied(text: str) -> str:
    """The text as it is kept: one kind of line end, nothing around it."""
    return "\n".join(text.splitlines()).strip()


def personal_data_in(text: str) -> list[str]:
    """In words, the kinds of personal data found, for the warning before sending; empty when the detector is down."""
    return in_words(masked(text).spans)


def in_words(spans: list[dict[str, Any]]) -> list[str]:
    """What these spans hold, each kind once, as people call it."""
    return [str(KINDS[kind]) for kind in dict.fromkeys(span["kind"] for span in spans)]


def guess_language(text: str, *, otherwise: str = "fr") -> str:
    """``en`` or ``fr``, whichever has more little words in the text; ``otherwise`` when it has as many of both."""
    english, french = len(ENGLISH.findall(text)), len(FRENCH.findall(text))
    return otherwise if english == french else "en" if english > french else "fr"


def masked_line(text: str) -> str:
    """A short optional answer, masked; left out when masking fails, because nothing unmasked is ever shown."""
    return (masked(text).text or "") if text else ""
