"""Which column holds what, in the exports of Decidim, CONSUL, Cap Collectif and Cahier, or in a table made by hand."""

import re
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consult.choices import ImportedKind
from consult.importing.tables import Table

BOTH = (ImportedKind.PROPOSITIONS, ImportedKind.ARGUMENTS)


@dataclass(frozen=True)
class Field:
    """``headings``: plain names, the surest first; an expression each."""

    name: str
    label: Promise
    headings: tuple[str, ...]
    kinds: tuple[ImportedKind, ...] = BOTH
    is_required: bool = False


FIELDS = (
    Field(
        "about",
        _("Identifier of its proposition"),
        (
            r"contributions_arguments_related_id",
            r"commentable_id",
            r"proposition(_id)?|numero de (la )?proposition|proposal(_id)?",
            r"contributions_id",
        ),
        kinds=(ImportedKind.ARGUMENTS,),
        is_required=True,
    ),
    Field(
        "side",
        _("For or against"),
        (r"contributions_arguments_type", r"alignment", r"side|sens|cote|position|pour ou contre"),
        kinds=(ImportedKind.ARGUMENTS,),
        is_required=True,
    ),
    Field(
        "source_id",
        _("Identifier there"),
        (r"contributions_arguments_id", r"id", r"number|numero|reference|identifiant", r"contributions_id"),
        is_required=True,
    ),
    Field(
        "title",
        _("Title"),
        (r"title/fr|titre", r"contributions_title", r"title(/\w+)?"),
        kinds=(ImportedKind.PROPOSITIONS,),
        is_required=True,
    ),
    Field(
        "text",
        _("Text"),
        (
            r"contributions_arguments_body",
            r"body/fr|texte?",
            r"contributions_bodytext",
            r"body(/\w+)?|description|summary|contenu|argument",
        ),
        is_required=True,
    ),
    Field(
        "section",
        _("Section"),
        (r"category/name/fr|rubrique|section", r"contributions_section_title", r"category(/name(/\w+)?)?|tags|theme"),
        kinds=(ImportedKind.PROPOSITIONS,),
    ),
    Field(
        "date",
        _("Day it was written"),
        (
            r"published_at",
            r"contributions_arguments_createdat",
            r"created_at|filed_on|date|depose(e)? le",
            r"contributions_createdat",
        ),
    ),
    Field(
        "url",
        _("Address there"),
        (r"contributions_arguments_url", r"url|adresse|lien|link|root_commentable_url", r"contributions_url"),
    ),
    Field(
        "votes",
        _("Votes counted there"),
        (
            r"supports|votes|soutiens|proposal_votes_count",
            r"cached_votes_up|votes_agree",
            r"contributions_votescountok|contributions_votescount",
            r"endorsements/total_count",
        ),
        kinds=(ImportedKind.PROPOSITIONS,),
    ),
)
# Columns that only one platform has.
_SIGNS = {
    "Cap Collectif": ("contributions_id",),
    "Decidim": ("participatory_space/id", "commentable_type", "participatory_space/url", "component/id"),
    "CONSUL": ("cached_votes_up", "cached_votes_total"),
    "Cahier": ("votes_agree", "threshold_reached_on", "replies"),
}


def fields_of(kind: ImportedKind | str) -> list[Field]:
    return [field for field in FIELDS if kind in field.kinds]


def guess(table: Table, kind: ImportedKind | str) -> dict[str, str]:
    """The column of each field that is recognised; a column serves once."""
    free = {name: name.strip().casefold() for name in table.names}
    if kind == ImportedKind.PROPOSITIONS:  # Cap Collectif lays both on one line
        free = {name: low for name, low in free.items() if not low.startswith("contributions_arguments_")}
    found: dict[str, str] = {}
    for field in fields_of(kind):
        name = next((one for heading in field.headings for one, low in free.items() if re.fullmatch(heading, low)), "")
        if name:
            found[field.name] = name
            del free[name]
    return found


def platform_of(table: Table) -> str:
    """The platform whose columns these are; "" for a table made by hand."""
    names = {name.casefold() for name in table.names}
    return next((platform for platform, signs in _SIGNS.items() if names & set(signs)), "")
