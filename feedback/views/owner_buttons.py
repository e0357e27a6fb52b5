"""What may be done from each page: the acts that the state allows, as buttons, and their keys."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from feedback.choices import FicheState, PainPointState
from feedback.models import Fiche, PainPoint
from feedback.views.clarity_words import is_unread


def bulk_acts() -> list[dict[str, str]]:
    labels = {"fusionner": (_("Merge"), "m"), "attribuer": (_("Assign"), "a"), "repondre": (_("Answer"), "r")}
    labels["confirmer"] = (_("Confirm"), "e")
    return [
        {"label": label, "key": key, "formaction": reverse("feedback:selection", args=[act])}
        for act, (label, key) in labels.items()
    ]


def board_keys() -> list[dict[str, str]]:
    words = {
        "j": _("next"),
        "k": _("previous"),
        "x": _("choose"),
        "o": pgettext("key", "open"),
        "m": _("merge what is chosen"),
        "a": _("assign what is chosen"),
        "r": _("answer what is chosen"),
        "e": _("confirm what is chosen"),
        "E": _("export"),
        "/": _("search"),
    }
    return [{"key": key, "label": label} for key, label in words.items()]


@dataclass(frozen=True)
class Button:
    """An act offered on a page: ``url`` leads to its small page; ``post`` does it at once."""

    label: str
    url: str
    icon: str
    kind: str = "secondary"
    key: str = ""
    post: bool = False


def answer_url(pain_point: PainPoint) -> str:
    return reverse("feedback:answer", args=[pain_point.number])


def acts_for(pain_point: PainPoint) -> list[Button]:
    """What may be done to it now, the main act first."""

    def act(slug: str, label: str, icon: str, **more: Any) -> Button:
        return Button(label, reverse("feedback:act", args=[pain_point.number, slug]), icon, **more)

    if pain_point.state == PainPointState.MERGED:
        return []
    if pain_point.state == PainPointState.DISMISSED:
        return [act("reprendre", _("Take up again"), "arrow-counterclockwise", kind="primary", key="e", post=True)]
    is_new, count = pain_point.state == PainPointState.SUGGESTED, pain_point.fiche_count
    answer = ngettext("Answer the %(count)d person", "Answer the %(count)d people", count) % {"count": count}
    offered = {
        "confirm": act("confirmer", _("Confirm"), "check-lg", kind="primary", key="e", post=True),
        "answer": Button(answer, "#repondre", "reply", kind="secondary" if is_new else "primary", key="r"),
        "reopen": act("rouvrir", _("Open again"), "arrow-counterclockwise", key="e"),
        "assign": act("attribuer", _("Assign"), "person-plus", key="a"),
        "merge": act("fusionner", _("Merge"), "sign-merge-right", key="m"),
        "transfer": act("transferer", _("Transfer"), "arrow-left-right", key="t"),
        "rename": act("renommer", _("Rename"), "pencil", key="n"),
        "theme": act("ranger", _("Theme"), "collection"),
        "prioritise": act("prioriser", _("Priority"), "bar-chart", key="p"),
        "publish": act("publier", _("Publish"), "globe2", post=True),
        "vouch": act("repondre-du-groupe", _("I have read them"), "check-lg", post=True),
        "unpublish": act("depublier", _("Withdraw from the public pages"), "eye-slash", post=True),
        "dismiss": act("ecarter", _("Not a pain point"), "slash-circle", kind="danger"),
        "refuse": Button(_("Refuse"), f"{answer_url(pain_point)}?outcome=refused", "x-circle", kind="danger"),
    }
    return [offered[name] for name in _offered_to(pain_point)]


def _offered_to(pain_point: PainPoint) -> list[str]:
    """Names of the acts that the state allows, in the order of the page."""
    usual = ["assign", "merge", "transfer", "rename", "theme", "prioritise"]
    visibility = "unpublish" if pain_point.is_public else "vouch" if is_unread(pain_point) else "publish"
    if pain_point.state == PainPointState.SUGGESTED:
        return ["confirm", "answer", *usual, "dismiss"]
    if pain_point.state == PainPointState.CONFIRMED:
        return ["answer", *usual, visibility, "dismiss", "refuse"]
    if pain_point.state == PainPointState.PLANNED:
        return ["answer", "reopen", *usual, visibility, "refuse"]
    return ["reopen", *usual, visibility]


def passage_acts(pain_point: PainPoint) -> list[dict[str, str]]:
    """What may be done with the passages chosen on the page of a pain point."""
    if pain_point.state in (PainPointState.MERGED, PainPointState.DISMISSED):
        return []
    labels = {
        "separer": (_("Split into a new pain point"), "s"),
        "deplacer": (_("Move"), "d"),
        "sortir": (_("Does not belong here"), "h"),
        "citer": (_("Quote in public"), "c"),
        "ne-plus-citer": (_("No longer quote"), ""),
    }
    return [
        {"label": label, "key": key, "formaction": reverse("feedback:act", args=[pain_point.number, act])}
        for act, (label, key) in labels.items()
    ]


def pain_point_keys(pain_point: PainPoint) -> list[dict[str, str]]:
    words = {"j": _("next passage"), "k": _("previous passage"), "x": _("choose"), "o": _("read the fiche")}
    words |= {button.key: button.label for button in acts_for(pain_point) if button.key}
    words |= {act["key"]: act["label"] for act in passage_acts(pain_point) if act["key"]}
    words |= {"E": _("export the passages")}
    return [{"key": key, "label": label} for key, label in words.items()]


def passage_orders() -> list[tuple[str, str]]:
    return [("typical", _("The most typical")), ("newest", _("The newest")), ("far", _("Far from the group"))]


def sorting_acts() -> list[dict[str, str]]:
    labels = {
        "rattacher": (_("Attach to a pain point"), "a"),
        "fonder": (_("New pain point"), "n"),
        "ecarter": (_("Set aside"), "h"),
        "orienter": (_("Send to another service"), "t"),
    }
    return [
        {"label": label, "key": key, "formaction": reverse("feedback:sort", args=[act])}
        for act, (label, key) in labels.items()
    ]


def sorting_keys() -> list[dict[str, str]]:
    words = {"j": _("next passage"), "k": _("previous passage"), "x": _("choose"), "o": _("read the fiche")}
    return [
        *({"key": key, "label": label} for key, label in words.items()),
        *({"key": act["key"], "label": act["label"]} for act in sorting_acts()),
    ]


def fiche_acts(fiche: Fiche) -> list[Button]:
    def act(slug: str, label: str, icon: str, **more: Any) -> Button:
        return Button(label, reverse("feedback:fiche_act", args=[fiche.reference, slug]), icon, **more)

    if fiche.state == FicheState.DISMISSED:
        return [act("reprendre", _("Take up again"), "arrow-counterclockwise", post=True)]
    if fiche.state in (FicheState.ANSWERED, FicheState.CLOSED):
        return []
    return [
        act("orienter", _("Send to another service"), "arrow-left-right"),
        act("ecarter", _("Set aside"), "slash-circle", kind="danger"),
    ]
