"""The acts of a service owner, one line each: what its page says, what it asks, and what does it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from feedback.actions import alerts, reshaping, sorting, themes, triage
from feedback.forms import owner as forms
from feedback.models import Fiche, Segment


def _each_fiche(segments: Sequence[Segment], perform: Callable[[Fiche], Any]) -> None:
    for fiche in {segment.fiche_id: segment.fiche for segment in segments}.values():
        perform(fiche)


@dataclass(frozen=True)
class Act:
    """One act: what its page says, what it asks, and what does it. ``perform`` may return the object to go to.

    ``with_copies``: chosen in a folded list, a passage takes the near-identical ones along.
    """

    title: Any
    button: Any
    done: Any
    perform: Callable[..., Any]
    form: type[Any] = forms.ActForm
    explains: Any = ""
    on_passages: bool = False
    with_copies: bool = False
    is_danger: bool = False

    @property
    def asks(self) -> bool:
        return bool(self.form.base_fields)


ACTS = {
    "confirmer": Act(
        _("Confirm this pain point"),
        _("Confirm"),
        _("Confirmed. You can now answer."),
        lambda one, chosen, by: triage.confirm(one, by=by),
        explains=_("You agree that people meet this problem. You can then answer them."),
    ),
    "renommer": Act(
        _("Rename this pain point"),
        _("Rename"),
        _("Renamed. No regrouping will change this title."),
        lambda one, chosen, by, **typed: triage.rename(one, by=by, **typed),
        forms.RenameForm,
    ),
    "ecarter": Act(
        _("This is not a pain point"),
        _("Not a pain point"),
        _("Set aside. Its fiches are read one by one."),
        lambda one, chosen, by, **typed: triage.dismiss(one, by=by, **typed),
        forms.ReasonForm,
        explains=_("No fiche will join it any more. You can take it up again later."),
        is_danger=True,
    ),
    "reprendre": Act(
        _("Take this pain point up again"),
        _("Take up again"),
        _("It is a suggestion again, with the same fiches."),
        lambda one, chosen, by: triage.restore(one, by=by),
    ),
    "rouvrir": Act(
        _("Open this pain point again"),
        _("Open again"),
        _("Open again. The answers already given stay."),
        lambda one, chosen, by, **typed: triage.reopen(one, by=by, **typed),
        forms.ReasonForm,
        explains=_("Its fiches wait for a new answer."),
    ),
    "attribuer": Act(
        _("Say who follows this pain point"),
        _("Assign"),
        _("Assigned."),
        lambda one, chosen, by, **typed: triage.assign(one, by=by, **typed),
        forms.AssignForm,
    ),
    "prioriser": Act(
        _("Give the priority"),
        _("Save"),
        _("Priority saved."),
        lambda one, chosen, by, **typed: triage.prioritise(one, by=by, **typed),
        forms.PrioritiseForm,
        explains=_("What does much good for little effort comes first on the board."),
    ),
    "publier": Act(
        _("Publish this pain point"),
        _("Publish"),
        _("Published. Everybody can read it under “You said”."),
        lambda one, chosen, by: triage.publish(one, by=by),
        explains=_("Its title, its figures, its answers and the passages you chose become public."),
    ),
    "repondre-du-groupe": Act(
        _("These passages do say the same thing"),
        _("I have read them"),
        _("Noted. You can publish this pain point."),
        lambda one, chosen, by: triage.vouch(one, by=by),
        explains=_("The machine finds this group weak. You have read its passages and you vouch for it."),
    ),
    "depublier": Act(
        _("Withdraw this pain point from the public pages"),
        _("Withdraw"),
        _("Withdrawn from the public pages."),
        lambda one, chosen, by: triage.unpublish(one, by=by),
    ),
    "vu": Act(
        _("You have seen that this pain point is rising"),
        _("I have seen it"),
        _("Noted. The line leaves the top of the board."),
        lambda one, chosen, by: alerts.acknowledge(one, by=by),
        explains=_("Your colleagues read that you have seen it. Nothing else changes."),
    ),
    "ranger": Act(
        _("Choose the theme of this pain point"),
        _("Put it there"),
        _("Noted. No regrouping will move it to another theme."),
        lambda one, chosen, by, **typed: themes.choose(one, by=by, **typed),
        forms.ThemeForm,
    ),
    "noter": Act(
        _("Write an internal note"),
        _("Write the note"),
        _("Note written."),
        lambda one, chosen, by, **typed: triage.note(one, by=by, **typed) and None,
        forms.NoteForm,
    ),
    "transferer": Act(
        _("Transfer this pain point"),
        _("Transfer"),
        _("Transferred. The members of that service are told by e-mail."),
        lambda one, chosen, by, **typed: triage.transfer(one, by=by, **typed).pain_point,
        forms.TransferForm,
        explains=_("The other service takes charge of it. You can still read it if your fiches are in it."),
    ),
    "fusionner": Act(
        _("Merge this pain point into another"),
        _("Merge"),
        _("Merged. This is the one that keeps its number."),
        lambda one, chosen, by, target, words: reshaping.merge(one, into=target, by=by),
        forms.TargetForm,
        explains=_("All its passages join the other one. This cannot be undone in one move."),
    ),
    "separer": Act(
        _("Split these passages into a new pain point"),
        _("Split"),
        _("Split. This is the new pain point."),
        lambda one, chosen, by, title: reshaping.split(one, segments=chosen, title=title, by=by),
        forms.TitleForm,
        on_passages=True,
        with_copies=True,
    ),
    "deplacer": Act(
        _("Move these passages to another pain point"),
        _("Move"),
        _("Moved. No regrouping will bring them back."),
        lambda one, chosen, by, target, words: reshaping.move_passages(chosen, from_=one, to=target, by=by),
        forms.TargetForm,
        on_passages=True,
        with_copies=True,
    ),
    "sortir": Act(
        _("These passages do not belong here"),
        _("Take them out"),
        _("Taken out. They wait among the fiches to sort."),
        lambda one, chosen, by: reshaping.set_apart(one, segments=chosen, by=by),
        on_passages=True,
        with_copies=True,
    ),
    "citer": Act(
        _("Quote these passages in public"),
        _("Quote"),
        _("Quoted. They show once the pain point is public."),
        lambda one, chosen, by: triage.quote(one, segments=chosen, by=by),
        on_passages=True,
    ),
    "ne-plus-citer": Act(
        _("No longer quote these passages"),
        _("No longer quote"),
        _("No longer quoted."),
        lambda one, chosen, by: triage.unquote(one, segments=chosen, by=by),
        on_passages=True,
    ),
}

SORTING_ACTS = {
    "rattacher": Act(
        _("Attach these passages to a pain point"),
        _("Attach"),
        _("Attached. This is the pain point that holds them."),
        lambda chosen, by, target, words: reshaping.attach(chosen, to=target, by=by) or target,
        forms.TargetForm,
    ),
    "fonder": Act(
        _("Make a new pain point of these passages"),
        _("Create"),
        _("Created. The next similar fiches will join it."),
        lambda chosen, by, title: reshaping.found(chosen, title=title, by=by),
        forms.TitleForm,
    ),
    "ecarter": Act(
        _("Set these fiches aside"),
        _("Set aside"),
        _("Set aside. Their authors read why."),
        lambda chosen, by, reason: _each_fiche(chosen, lambda one: sorting.dismiss_fiche(one, reason=reason, by=by)),
        forms.SetAsideForm,
        is_danger=True,
    ),
    "orienter": Act(
        _("Send these fiches to another service"),
        _("Send"),
        _("Sent. That service finds them among its own."),
        lambda chosen, by, service: _each_fiche(chosen, lambda one: sorting.route_fiche(one, service=service, by=by)),
        forms.RouteForm,
    ),
}

FICHE_ACTS = {
    "ecarter": Act(
        _("Set this fiche aside"),
        _("Set aside"),
        _("Set aside. Its author reads why."),
        lambda fiche, by, reason: sorting.dismiss_fiche(fiche, reason=reason, by=by),
        forms.SetAsideForm,
        is_danger=True,
    ),
    "reprendre": Act(
        _("Take this fiche up again"),
        _("Take up again"),
        _("It is read again, among the fiches to sort."),
        lambda fiche, by: sorting.restore_fiche(fiche, by=by),
    ),
    "orienter": Act(
        _("Send this fiche to the service it is about"),
        _("Send"),
        _("Sent. That service finds it among its own."),
        lambda fiche, by, service: sorting.route_fiche(fiche, service=service, by=by),
        forms.RouteForm,
    ),
}

BULK_ACTS = {
    "confirmer": Act(
        _("Confirm these pain points"),
        _("Confirm"),
        _("Confirmed."),
        lambda one, by: triage.confirm(one, by=by),
        forms.SelectionForm,
    ),
    "attribuer": Act(
        _("Say who follows these pain points"),
        _("Assign"),
        _("Assigned."),
        lambda one, by, to: triage.assign(one, to=to, by=by),
        forms.AssignAllForm,
    ),
    "fusionner": Act(
        _("Merge these pain points into one"),
        _("Merge"),
        _("Merged."),
        lambda one, by, into: one.pk == into.pk or reshaping.merge(one, into=into, by=by),
        forms.MergeAllForm,
        explains=_("All their passages join the one you choose. This cannot be undone in one move."),
    ),
    "repondre": Act(_("Answer these pain points"), _("Answer"), "", lambda one, by: None, forms.SelectionForm),
}
