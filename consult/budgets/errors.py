"""The rules that an act on a budget may find broken: ``str(error)`` is a sentence for people."""

from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.errors import RuleBroken, Unpublishable
from pages.dates import long_moment


class RegulationFrozen(RuleBroken):
    """The ballot is ready or open: what was promised to voters no longer changes."""

    def __init__(self) -> None:
        super().__init__(
            _("The regulation is frozen: the ballot is ready or open, and nothing of it changes any more.")
        )


class BudgetNotReady(Unpublishable):
    """A budget is not made public before its list is complete. ``missing`` says what is left."""

    def __init__(self, missing: list[str]) -> None:
        self.missing = missing
        super().__init__(_("This budget cannot be made public yet. Missing: %(list)s.") % {"list": ", ".join(missing)})


class PromiseBroken(Unpublishable):
    """A draft changes what was frozen. ``what``: words for people; ``parts``: names for the journal."""

    def __init__(self, broken: dict[str, str]) -> None:
        self.parts, self.what = list(broken), list(broken.values())
        super().__init__(
            _("The regulation is frozen. These no longer change: %(list)s.") % {"list": ", ".join(self.what)}
        )


class EnvelopeInUse(Unpublishable):
    """Ideas or projects stand in it."""

    def __init__(self, title: str) -> None:
        super().__init__(
            _("“%(envelope)s” holds ideas or projects: it can be renamed, not removed.") % {"envelope": title}
        )


class NotLater(RuleBroken):
    """A ballot is only ever prolonged, while it is open."""

    def __init__(self) -> None:
        super().__init__(_("A ballot that is open may be prolonged: choose a later moment than its closing hour."))


class NotReadyToFreeze(RuleBroken):
    """``missing``: sentences."""

    def __init__(self, missing: list[str]) -> None:
        self.missing = missing
        super().__init__(_("The ballot cannot be made ready. %(missing)s") % {"missing": " ".join(missing)})


class BallotNotReady(RuleBroken):
    """The hour has come, and the regulation was not frozen: nobody votes on rules that may still change."""

    def __init__(self) -> None:
        super().__init__(_("The ballot is not ready yet: its regulation is being checked. Come back in a moment."))


class MoveRefused(RuleBroken):
    """A project does not go from one of these states to the other."""

    def __init__(self, came_from: TextChoices, to: TextChoices) -> None:
        said = _("This project is “%(now)s”: it cannot become “%(then)s”.")
        super().__init__(said % {"now": came_from.label, "then": to.label})


class ReasonMissing(RuleBroken):
    def __init__(self) -> None:
        super().__init__(_("Say why: everybody reads the reason."))


class StudyOver(RuleBroken):
    """What is public no longer changes."""

    def __init__(self) -> None:
        super().__init__(_("This study is public: it no longer changes."))


class StudyIncomplete(RuleBroken):
    """``missing``: sentences."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__(_("The study cannot be signed. %(missing)s") % {"missing": " ".join(missing)})


class StudyChanged(RuleBroken):
    """Somebody wrote in it after the page was read: it is read again before it is signed."""

    def __init__(self) -> None:
        super().__init__(_("The study changed while you were reading it. Read it again, then sign."))


class NoStudyReady(RuleBroken):
    def __init__(self) -> None:
        super().__init__(_("No study is signed by everybody who must: nothing can be published."))


class CostAboveEnvelope(RuleBroken):
    """``titles`` of the projects that cost more than all the money of their envelope."""

    def __init__(self, titles: list[str]) -> None:
        said = _("These projects cost more than their envelope, and nobody could vote for them: %(titles)s.")
        super().__init__(said % {"titles": ", ".join(titles)})


class HourPassed(RuleBroken):
    def __init__(self) -> None:
        super().__init__(_("This hour has passed: choose a later one, or publish now."))


class NotBeingBuilt(RuleBroken):
    def __init__(self) -> None:
        super().__init__(_("This project is not being built: it was not funded, or it was given up."))


class PaperRefused(RuleBroken):
    """A ballot that the regulation does not allow. ``reasons``: a sentence each; what was typed is kept."""

    def __init__(self, reasons: list[str]) -> None:
        self.reasons = reasons
        super().__init__(" ".join(reasons))


class AlreadyVoted(RuleBroken):
    """``channel``: by which way; what was cast there can no longer be found."""

    def __init__(self, channel: str) -> None:
        said = {
            "paper": _("You have already voted, on paper: your ballot is in the box."),
            "kiosk": _("You have already voted, on the tablet of a counter: your ballot is in the box."),
        }
        super().__init__(said.get(channel) or _("You have already voted, and this ballot can no longer be changed."))


class TerritoryTaken(RuleBroken):
    """One votes for one territory."""

    def __init__(self) -> None:
        super().__init__(_("You have voted for another territory, and may vote for one. Take that ballot back first."))


class NothingCast(RuleBroken):
    def __init__(self) -> None:
        super().__init__(_("You have no ballot in the box for this envelope."))


class BallotMoved(RuleBroken):
    """The page that was sent is older than the ballot in the box."""

    def __init__(self) -> None:
        super().__init__(_("Your ballot changed since you opened this page. Look at it again, then cast it."))


class NotRegistered(RuleBroken):
    """Nobody votes before they said what the regulation asks of voters."""

    def __init__(self) -> None:
        super().__init__(_("Before you vote, say that you meet the conditions of this ballot."))


class MayNotVote(RuleBroken):
    """``reasons``: a sentence for each condition that is not met."""

    def __init__(self, reasons: list[str]) -> None:
        self.reasons = reasons
        super().__init__(" ".join(reasons))


class SomebodyElse(RuleBroken):
    """This line of the roll belongs to another account; nobody learns whose."""

    def __init__(self) -> None:
        super().__init__(
            _("Somebody of this name and date of birth already stands on the roll. Ask whoever answers questions.")
        )


class RollFileWrong(RuleBroken):
    """``lines``: the numbers of those that cannot be read."""

    def __init__(self, lines: list[int]) -> None:
        self.lines = lines
        told = ", ".join(str(line) for line in lines[:20])
        super().__init__(_("These lines of the file cannot be read: %(lines)s.") % {"lines": told})


class RollFileUnreadable(RuleBroken):
    """It is no table; the sentence says what to do."""


class RollNamedOtherwise(RuleBroken):
    """People stand on the roll by another name than those of the file: they could vote again under the new one."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This file names people another way than the roll already does (by names, or by numbers), and people"
                " already use that roll. Bring a file of the same kind."
            )
        )


class IdeaBecameProject(RuleBroken):
    """A project came of this idea: it is no longer only its author's."""

    def __init__(self) -> None:
        super().__init__(_("A project came of this idea: change the project first."))


class IdeaMissing(RuleBroken):
    """A project comes of ideas that stand. ``numbers``: those that do not; none when no idea was chosen."""

    def __init__(self, numbers: list[int]) -> None:
        self.numbers = numbers
        said = ", ".join(str(number) for number in numbers)
        super().__init__(
            _("These ideas are withdrawn, set aside or hidden: %(numbers)s. Choose others.") % {"numbers": said}
            if numbers
            else _("Choose at least one idea.")
        )


class StillVoting(RuleBroken):
    """``closes_at``: when the ballot is over, if it has a date."""

    def __init__(self, closes_at: datetime | None) -> None:
        super().__init__(
            _("People still vote, until %(moment)s: nothing is counted before.") % {"moment": long_moment(closes_at)}
            if closes_at
            else _("No ballot phase has dates.")
        )


class NothingFrozen(RuleBroken):
    def __init__(self) -> None:
        super().__init__(_("The regulation was never frozen: there is nothing to count."))


class CountSigned(RuleBroken):
    def __init__(self) -> None:
        super().__init__(_("The official count is signed: it no longer changes. Count again with the recount."))


class CountNotSigned(RuleBroken):
    def __init__(self) -> None:
        super().__init__(_("The official count is not signed yet: there is nothing to depart from."))


class CountChanged(RuleBroken):
    """What was read is not what would be signed."""

    def __init__(self) -> None:
        super().__init__(_("This count changed since you read it, or is not over. Read it again, then sign."))


class BallotsMoved(RuleBroken):
    def __init__(self) -> None:
        super().__init__(_("Ballots or projects changed since this count. Ask for another one, then sign it."))


class NoTie(RuleBroken):
    def __init__(self) -> None:
        super().__init__(_("The last count did not stop on equal projects, or lots are already recorded."))


class UnsignedAct(RuleBroken):
    def __init__(self) -> None:
        super().__init__(_("Say what was done, and who signs it: everybody reads both."))


class IdentityNotAsked(RuleBroken):
    """People are known by their account alone: somebody at a counter could vote a second time."""

    def __init__(self) -> None:
        super().__init__(
            _("In this budget, one person is one account: nobody can be let in at a counter. They vote online.")
        )


class CodeWrong(RuleBroken):
    """Unknown, used or too old: one sentence for the three."""

    def __init__(self) -> None:
        super().__init__(_("This code is not valid, or no longer is. Check the six figures, or ask for another code."))


class NothingLeft(RuleBroken):
    """``channels``: how this person voted, everywhere they may."""

    def __init__(self, channels: list[str]) -> None:
        said = ", ".join(channels)
        super().__init__(_("This person has already voted (%(channels)s): no code is given.") % {"channels": said})


class VotedMeanwhile(RuleBroken):
    """Said on the tablet. ``channels``: how, since the code was given."""

    def __init__(self, channels: list[str]) -> None:
        said = ", ".join(channels)
        super().__init__(_("You have already voted (%(channels)s): this code is of no use.") % {"channels": said})


class SessionOver(RuleBroken):
    """Nobody stands before this tablet any more, or somebody else does."""

    def __init__(self) -> None:
        super().__init__(_("This session is over. Ask for another code at the counter."))


class TabletClosed(RuleBroken):
    def __init__(self) -> None:
        super().__init__(_("This tablet is closed. A clerk can open it again."))


class MarkStays(RuleBroken):
    """The paper of the people marked is already in a batch."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This mark stays: as many paper ballots are in batches as people are marked."
                " Cancelling it would leave a ballot without a voter."
            )
        )


class NotMarkedHere(RuleBroken):
    def __init__(self) -> None:
        super().__init__(_("This person is not marked on paper for this envelope: there is nothing to cancel."))


class BatchOver(RuleBroken):
    """``number``: of the batch."""

    def __init__(self, number: int) -> None:
        super().__init__(
            _("Batch No. %(number)d is no longer being keyed: what you typed is not kept.") % {"number": number}
        )


class SheetDone(RuleBroken):
    """``rank``: its place in the stack."""

    def __init__(self, rank: int) -> None:
        super().__init__(
            _("Sheet %(rank)d was keyed twice: nobody changes it any more. A difference is settled apart.")
            % {"rank": rank}
        )


class NoSuchSheet(RuleBroken):
    def __init__(self, announced: int) -> None:
        super().__init__(_("This batch has sheets 1 to %(announced)d.") % {"announced": announced})


class NothingToSettle(RuleBroken):
    def __init__(self) -> None:
        super().__init__(_("The two readings of this sheet are the same, or it is already settled."))


class SettledByWhoKeyed(RuleBroken):
    """Somebody else looks, or the two who keyed look together and say so."""

    def __init__(self) -> None:
        super().__init__(
            _("You keyed this sheet. Somebody else settles it, or the two of you before the sheet: tick the box.")
        )


class BatchNotDone(RuleBroken):
    """``missing``: sheets not keyed twice; ``differing``: not settled."""

    def __init__(self, missing: int, differing: int) -> None:
        told = []
        if missing:
            said = ngettext("%(n)d sheet is not keyed twice.", "%(n)d sheets are not keyed twice.", missing)
            told.append(said % {"n": missing})
        if differing:
            said = ngettext("%(n)d difference is not settled.", "%(n)d differences are not settled.", differing)
            told.append(said % {"n": differing})
        super().__init__(" ".join([_("The batch cannot be closed."), *told]))


class MoreBallotsThanMarks(RuleBroken):
    """``over``: how many paper ballots nobody on the roll stands for."""

    def __init__(self, ballots: int, marks: int) -> None:
        self.over = ballots - marks
        said = ngettext(
            "There would be %(ballots)d paper ballots for %(marks)d person marked on paper: %(over)d too many."
            " Count the sheets again by hand.",
            "There would be %(ballots)d paper ballots for %(marks)d people marked on paper: %(over)d too many."
            " Count the sheets again by hand.",
            marks,
        )
        super().__init__(said % {"ballots": ballots, "marks": marks, "over": self.over})


class AnnouncedTooFew(RuleBroken):
    def __init__(self, rank: int) -> None:
        super().__init__(_("Sheet %(rank)d is already keyed: announce as many sheets at least.") % {"rank": rank})


class BatchesOpen(RuleBroken):
    """``numbers``: of the batches that are being keyed."""

    def __init__(self, numbers: list[int]) -> None:
        said = ", ".join(f"n°\N{NO-BREAK SPACE}{number}" for number in numbers)
        super().__init__(
            ngettext(
                "A batch of paper ballots is still being keyed (%(numbers)s). Close it, or give it up, then count.",
                "Batches of paper ballots are still being keyed (%(numbers)s). Close or give them up, then count.",
                len(numbers),
            )
            % {"numbers": said}
        )
