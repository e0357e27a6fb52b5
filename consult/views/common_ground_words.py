"""What all groups of the opinion map say, in a sentence, in bars and in a table."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.maps.common_ground import CommonGround
from consult.views import map_words as words
from consult.views.page_words import figure


def shown(found: CommonGround) -> dict[str, Any]:
    """What ``consult/_common_ground.html`` reads."""
    return {
        "sentence": sentence(found),
        "said": [
            {
                "statement": one.statement,
                "side": one.side,
                "share": round(100 * one.share),
                "sentence": words.said_by({"side": one.side, "count": one.count, "seen": one.seen}),
            }
            for one in found.said
        ],
        "columns": [
            {"label": _("Statement")},
            {"label": _("Answer of all groups")},
            *(
                {"label": _("People of group %(name)s who give it") % {"name": name}, "number": True}
                for name in found.groups
            ),
        ],
        "table": [
            [str(one.statement), str(words.NAMES[one.side].label), *map(words.cell, one.by_group.values())]
            for one in found.said
        ],
    }


def sentence(found: CommonGround) -> str:
    """« Les 3 groupes de la carte donnent la même réponse à 4 affirmations. »"""
    groups = ngettext("%(n)s group of the opinion map", "%(n)s groups of the opinion map", len(found.groups))
    named = groups % {"n": figure(len(found.groups))}
    if not found.said:
        return _("The %(groups)s give the same answer to no statement.") % {"groups": named}
    said = ngettext(
        "The %(groups)s give the same answer to %(n)s statement.",
        "The %(groups)s give the same answer to %(n)s statements.",
        len(found.said),
    )
    return said % {"groups": named, "n": figure(len(found.said))}
