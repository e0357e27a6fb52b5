"""What a visitor did, in words: while it waits, once it is confirmed, when it is refused."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from consult import awaiting, texts
from consult.awaiting import typed_of
from consult.choices import Act, Awaited, Side, Stance
from consult.models import VisitorAct
from consult.public import Asked
from consult.views import who
from consult.views.debate_words import opinion_words

# What is found again, filled in, by whoever comes back from signing in.
GIVEN_BACK = {
    Awaited.VOTE,
    Awaited.ARGUMENT,
    Awaited.REPLY,
    Awaited.PROPOSITION,
    Awaited.STANCE,
    Awaited.STATEMENT,
}


def crumbs(title: str, base: str) -> list[dict[str, str]]:
    return [{"label": title, "url": base}, {"label": _("Your e-mail address")}]


def then_for_text(request: HttpRequest, asked: Asked, act: Act) -> str:
    """What comes after writing, for somebody who is not known yet; "" for the others."""
    if who.may_act(request, asked, act):
        return ""
    if who.takes_visitors(asked, act):
        return _("You write, then you confirm with an e-mail address: no account is needed.")
    return _("You write, then you sign in: your text is kept.")


def then_for_choice(request: HttpRequest, asked: Asked, act: Act) -> str:
    """The same after choosing."""
    if who.may_act(request, asked, act):
        return ""
    if who.takes_visitors(asked, act):
        return _("You choose, then you confirm with an e-mail address: no account is needed.")
    return _("You choose, then you sign in: your choice is kept.")


def kept(kind: Awaited) -> str:
    """Said while the address is asked for: what the person did is not lost."""
    return {
        Awaited.PROPOSITION: _("Your proposition is kept."),
        Awaited.ARGUMENT: _("Your argument is kept."),
        Awaited.REPLY: _("Your answer is kept."),
        Awaited.VOTE: _("Your vote is kept."),
        Awaited.USEFUL: _("Your choice is kept."),
        Awaited.SURVEY: _("Your answers are kept."),
        Awaited.SEAT: _("Your registration waits for your address."),
        Awaited.VOLUNTEER: _("Your registration waits for your address."),
        Awaited.STANCE: _("Your answer is kept."),
        Awaited.STATEMENT: _("Your statement is kept."),
        Awaited.IDEA: _("Your idea is kept."),
        Awaited.SUPPORT: _("Your support is kept."),
        Awaited.RECOGNISE: "",
    }[kind]


def confirmed(kind: Awaited) -> str:
    return {
        Awaited.PROPOSITION: _("Your proposition is filed."),
        Awaited.ARGUMENT: _("Your argument is filed."),
        Awaited.REPLY: _("Your answer is filed."),
        Awaited.VOTE: _("Your vote is recorded."),
        Awaited.USEFUL: _("Your choice is recorded."),
        Awaited.SURVEY: _("Your answers are recorded."),
        Awaited.SEAT: _("Your registration is recorded."),
        Awaited.VOLUNTEER: _("You are in the list. A letter gives you your number."),
        Awaited.STANCE: _("Your answer is recorded. You may go on."),
        Awaited.STATEMENT: _("Your statement is filed."),
        Awaited.IDEA: _("Your idea is filed."),
        Awaited.SUPPORT: _("Your support is recorded."),
        Awaited.RECOGNISE: _("This device takes part with your address."),
    }[kind]


def vote(opinion: str) -> str:
    """« D’accord »: what a button said."""
    return _("Withdraw my vote") if opinion == "none" else str(opinion_words()[opinion])


def stance(chosen: int, words: str) -> str:
    """« D’accord : Fermer le quai aux voitures. »"""
    return _("%(answer)s: %(statement)s") % {"answer": Stance(chosen).label, "statement": words}


def answered(label: str, answer: str) -> str:
    """« Votre âge : 16 à 29 ans »."""
    return _("%(label)s: %(answer)s") % {"label": label, "answer": answer}


def said(act: VisitorAct) -> str:
    """Their words, for their eyes alone."""
    typed = typed_of(act)
    if door := awaiting.door_of(act.kind):
        return door.said(typed)
    if act.kind == Awaited.VOTE:
        return vote(typed["opinion"])
    if act.kind == Awaited.USEFUL:
        return _("Useful") if typed["useful"] else _("No longer useful")
    if act.kind == Awaited.STANCE:
        return stance(typed["stance"], typed["words"])
    if act.kind == Awaited.PROPOSITION:
        return f"{typed['title']}\n\n{typed['body']}"
    if act.kind == Awaited.VOLUNTEER:
        return "\n".join(answered(label, answer) for label, answer in typed.get("answers", {}).items())
    return typed.get("text", "")


def waiting(act: VisitorAct) -> dict[str, Any]:
    typed, kind, page = typed_of(act), Awaited(act.kind), awaiting.page_of(act)
    number = typed.get("number")
    side = {Side.FOR: _("Argument for"), Side.AGAINST: _("Argument against")}.get(typed.get("side", ""))
    what = str(side or kind.label).capitalize()
    return {
        "pk": act.pk,
        "what": _("%(what)s, on #%(number)d") % {"what": what, "number": number} if number else what,
        "where": page.title if page else "",
        "text": "" if kind == Awaited.RECOGNISE else texts.said(said(act)),
        "name": act.name,
    }


def left(act: VisitorAct, why: str) -> dict[str, Any]:
    """One that a rule refused: why, and its words, to keep."""
    return {**waiting(act), "why": why}
