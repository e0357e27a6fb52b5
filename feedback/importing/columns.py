"""Which column holds what: our fields, and the names that offices give them."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from feedback.importing.sheet import Sheet

_WORD = re.compile(r"[^\W_]+")
SAMPLE = 200  # rows looked at to find the column of the texts


@dataclass(frozen=True)
class Field:
    """One of our fields: ``heading`` finds its column among plain lower-case headings."""

    name: str
    label: Promise
    heading: re.Pattern[str]


def _field(name: str, label: Promise, heading: str) -> Field:
    return Field(name, label, re.compile(heading))


# In the order in which headings are tried: the most particular first, the texts last.
FIELDS = (
    _field(
        "occurred_on",
        _("Day it happened"),
        r"^(date|jour) (du|de la|des|de l) (fait|faits|visite|evenement|incident|passage)|^occurred|^survenu|^arrive",
    ),
    _field("received_on", _("Day received"), r"^(date|jour|received|recue?|depot|deposee?|cree|created)\b"),
    _field(
        "wants_answer",
        _("Wishes an answer"),
        r"(souhait|veut|voul|desire|demande|attend|want).*(reponse|answer)|^reponse (souhait|demand|voul)",
    ),
    _field("email", _("E-mail address"), r"^(e mail|email|mail|courriel|mel)$|adresse (e mail|email|mail|electron)"),
    _field("satisfaction", _("Satisfaction, from 1 to 5"), r"^(note|satisfaction|etoiles|score|rating)\b| 5$"),
    _field("office", _("Office"), r"^(lieu|guichet|site|agence|antenne|bureau|office|accueil|etablissement)\b"),
    _field("step", _("Step of the procedure"), r"^(etape|demarche|step|procedure|moment)\b"),
    _field(
        "text",
        _("What people wrote"),
        r"\b(texte?|message|verbatims?|commentaires?|comments?|avis|contenu|content|remarques?|observations?|description|"
        r"expression|fiches?|doleances?|reclamations?|suggestions?|propositions?|feedback|body)\b",
    ),
)


@dataclass(frozen=True)
class Mapping:
    """The column of each field, by name, and the day received of the lines that give none."""

    columns: dict[str, str] = field(default_factory=dict)
    received_on: date | None = None

    def stored(self) -> dict[str, Any]:
        """As JSON, for ``Import.mapping``."""
        return {"columns": self.columns, "received_on": self.received_on.isoformat() if self.received_on else None}

    @classmethod
    def of(cls, stored: dict[str, Any]) -> "Mapping":
        day = stored.get("received_on")
        return cls(stored.get("columns", {}), date.fromisoformat(day) if day else None)


def guess(sheet: Sheet) -> Mapping:
    """The columns recognised by their names; the texts, when no name tells, are the longest cells."""
    free = {name: plain(name) for name in sheet.names}
    columns: dict[str, str] = {}
    for one in FIELDS:
        found = next((name for name, heading in free.items() if one.heading.search(heading)), None)
        if found is not None:
            columns[one.name] = found
            del free[found]
    if "text" not in columns and free:
        columns["text"] = max(free, key=lambda name: sum(len(sheet.cell(row, name)) for row in sheet.rows[:SAMPLE]))
    return Mapping(columns)


def plain(words: str) -> str:
    """Lower case, no accent, words apart by one blank: « Note /5 » and « note 5 » are the same heading."""
    letters = unicodedata.normalize("NFKD", words.casefold())
    return " ".join(_WORD.findall("".join(one for one in letters if not unicodedata.combining(one))))
