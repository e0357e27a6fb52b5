"""The texts in which themes are looked for: propositions, cut into what each asks for, and the arguments under them."""

from collections import defaultdict
from dataclasses import dataclass

import clustering
from consult import policies, texts
from consult.models import Consultation, ThemeMember
from consult.themes import policies as theme_policies

MOST = 30_000  # passages read at once; beyond, the newest are left out and the page says so


@dataclass(frozen=True)
class Passage:
    """Some sentences of a proposition, under its ``title``; or an argument, whose key ``argument`` is."""

    proposition: int
    argument: int | None
    text: str
    title: str = ""

    @property
    def source(self) -> tuple[int, int | None]:
        return self.proposition, self.argument


def passages(consultation: Consultation) -> list[Passage]:
    """In the order of their keys. Only what everybody may read, and that stands."""
    listed = policies.propositions_to_list().filter(consultation=consultation).order_by("pk")
    found: list[Passage] = []
    for key, title, body in listed.values_list("pk", "title", "body").iterator(chunk_size=500):
        said = f"{title}. {texts.unmarked(body)}"
        pieces = [piece.text for piece in clustering.segment(said)] or [said]
        found += [Passage(key, None, piece, title) for piece in pieces]
    arguments = theme_policies.arguments_of_listed(consultation).order_by("pk")
    rows = arguments.values_list("proposition", "pk", "text").iterator(chunk_size=500)
    found += [Passage(proposition, key, text) for proposition, key, text in rows]
    return found[:MOST]


def former(consultation: Consultation) -> dict[tuple[int, int | None], set[int]]:
    """In which themes each text is now, by their keys; a theme that was merged counts as the one that took it."""
    held: dict[tuple[int, int | None], set[int]] = defaultdict(set)
    rows = ThemeMember.objects.filter(theme__consultation=consultation, is_out=False)
    for proposition, argument, theme, into in rows.values_list(
        "proposition", "argument", "theme", "theme__merged_into"
    ):
        held[proposition, argument].add(into or theme)
    return held
