"""Themes in words: how much each holds, what waits, how far the search is."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from consult import texts
from consult.choices import RunState, ThemeState
from consult.models import Theme, ThemeMember, ThemeRun
from consult.public import Asked
from consult.themes.counting import Held
from consult.views.page_words import figure
from pages.dates import long_moment

LOOKS = {ThemeState.SUGGESTED: "suggested", ThemeState.VALIDATED: "public"}
EXCERPT = 220  # characters of a text in the list of a theme


def address(name: str, asked: Asked, *more: int) -> str:
    return reverse(f"consult:{name}", args=[asked.consultation.page.slug, *more])


def line(theme: Theme, held: dict[int, Held], asked: Asked) -> dict[str, Any]:
    """A theme in the list of those who validate."""
    counts = held.get(theme.pk, Held())
    waiting = counts.waiting if theme.state == ThemeState.VALIDATED else 0
    return {
        "name": theme.name,
        "url": address("theme", asked, theme.pk),
        "pill": {"state": LOOKS[ThemeState(theme.state)], "label": str(theme.get_state_display()).capitalize()},
        "counts": how_much(counts),
        "keyphrases": ", ".join(theme.keyphrases[:5]),
        "waiting": ngettext("%(n)s new text to validate", "%(n)s new texts to validate", waiting)
        % {"n": figure(waiting)}
        if waiting
        else "",
    }


def how_much(held: Held) -> str:
    """« 12 propositions, 40 arguments »."""
    propositions = ngettext("%(n)s proposition", "%(n)s propositions", held.propositions)
    arguments = ngettext("%(n)s argument", "%(n)s arguments", held.arguments)
    said = [propositions % {"n": figure(held.propositions)}]
    if held.arguments:
        said.append(arguments % {"n": figure(held.arguments)})
    return ", ".join(said)


def member(one: ThemeMember, asked: Asked) -> dict[str, Any]:
    """A text of a theme: a proposition, or an argument under one."""
    proposition, argument = one.proposition, one.argument
    url = address("proposition", asked, proposition.number)
    text = argument.text if argument else texts.unmarked(proposition.body)
    return {
        "pk": one.pk,
        "number": f"#{proposition.number}-{argument.number}" if argument else f"#{proposition.number}",
        "title": proposition.title,
        "text": text[:EXCERPT] + ("…" if len(text) > EXCERPT else ""),
        "url": f"{url}arguments/{argument.number}/" if argument else url,
        "is_new": not one.is_validated,
        "is_human": one.is_human,
    }


def run(search: ThemeRun | None) -> dict[str, Any] | None:
    """How far the last search is, or what it gave."""
    if search is None:
        return None
    if search.state == RunState.FAILED:
        return {"title": _("The search failed. Nothing changed."), "text": "", "failed": True}
    if search.state == RunState.DONE:
        told = search.figures
        text = _("%(texts)s passages and arguments read, %(themes)s themes suggested, %(more)s texts to validate.") % {
            "texts": figure(told.get("texts", 0)),
            "themes": figure(told.get("themes", 0)),
            "more": figure(told.get("to_validate", 0)),
        }
        day = long_moment(search.finished_at)
        return {"title": _("Last search: %(moment)s") % {"moment": day}, "text": text, "is_over": True}
    steps = {
        "reading": _("%(done)s texts read out of %(total)s.")
        % {"done": figure(search.done), "total": figure(search.total)},
        "grouping": pgettext("search", "The texts are being grouped."),
    }
    said = steps.get(search.step, _("The worker begins soon."))
    title = _("Themes are being looked for")
    return {"title": title, "text": said, "done": search.done, "total": search.total}
