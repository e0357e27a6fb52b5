"""The rules that an act may find broken. Views turn them into a sentence, the API into a problem document."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from pages.dates import long_moment


class RuleBroken(Exception):
    """The base: ``str(error)`` is a sentence for people."""


class PhaseClosed(RuleBroken):
    """The phase that allows this act is over, or not open yet. ``closed_at`` or ``opens_at`` says which, if any."""

    def __init__(self, *, closed_at: datetime | None = None, opens_at: datetime | None = None) -> None:
        self.closed_at, self.opens_at = closed_at, opens_at
        if opens_at is not None:
            said = _("Taking part is not open yet: it opens on %(moment)s.") % {"moment": long_moment(opens_at)}
        elif closed_at is not None:
            said = _("Taking part is now closed, since %(moment)s.") % {"moment": long_moment(closed_at)}
        else:
            said = _("This consultation does not take that.")
        super().__init__(said)


class NotForYou(RuleBroken):
    """The phase is open, to people of another level."""

    def __init__(self, level: str = "") -> None:
        self.level = level
        said = {
            "verified": _("This phase is open to verified accounts. Ask for yours to be verified, from your account."),
            "listed": _("This phase is open to the people on a list. If you should be on it, write to the contact."),
            "account": _("This phase is open to people with an account. Sign in, or open yours."),
        }
        super().__init__(said.get(level) or _("This phase is not open to your account."))


class HasAnAccount(RuleBroken):
    """Said to the reader of the mailbox alone: nobody else learns who has an account."""

    def __init__(self) -> None:
        super().__init__(_("You have an account with this address: sign in, and publish what you wrote."))


class SameMailbox(RuleBroken):
    """One mailbox is one person: « lea+quai@ » does not vote after « lea@ »."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Another account of the same mailbox already takes part: one mailbox is one person."
                " Sign in with that account; it has the same address, without what follows the “+”, or with it."
            )
        )


class CodeRefused(RuleBroken):
    """Unknown, or somebody else's: nobody learns which."""

    def __init__(self) -> None:
        super().__init__(_("This code gives no place here: it is unknown, or was used before. Check each character."))


class TooManyFiles(RuleBroken):
    """A proposition has so many files, and no more."""

    def __init__(self, most: int) -> None:
        super().__init__(_("Keep %(most)d files at most.") % {"most": most})


class NotAllowedNow(RuleBroken):
    """The state does not allow this (any more): somebody was faster, or the page was old."""

    def __init__(self, state: str = "") -> None:
        super().__init__(_("This can no longer be done: its state is now “%(state)s”.") % {"state": state})


class Unpublishable(RuleBroken):
    """What keeps a draft from being public. ``config.middleware`` says it to who publishes, whatever the button."""


class NotReady(Unpublishable):
    """A consultation does not open before its list is complete. ``missing`` says what is left."""

    def __init__(self, missing: Sequence[str]) -> None:
        self.missing = list(missing)
        super().__init__(_("This consultation cannot open yet. Missing: %(list)s.") % {"list": ", ".join(self.missing)})


class ReasonMissing(Unpublishable):
    """The dates of a consultation that is public do not move without a reason that people can read."""

    def __init__(self) -> None:
        super().__init__(_("The dates of a published consultation move: say why. Everybody will read it."))


class SectionInUse(Unpublishable):
    """People wrote in this section: it cannot be taken away from them."""

    def __init__(self, title: str) -> None:
        super().__init__(_("People wrote in the section “%(section)s”: it cannot be removed.") % {"section": title})


class StatementInUse(Unpublishable):
    """People answered this statement: the administration no longer takes it back, nor rewords it."""

    def __init__(self, number: int, text: str) -> None:
        super().__init__(
            _("People answered statement %(number)d, “%(text)s”: keep its line as it was.")
            % {"number": number, "text": text}
        )


class PromiseChanged(Unpublishable):
    """People answered while they were told that the file of answers would not be published."""

    def __init__(self) -> None:
        super().__init__(
            _("People have answered: whether the file of answers is published was told to them, and no longer changes.")
        )


class AlreadySaid(RuleBroken):
    """The same statement again. ``number``: the one that stands; 0 when it may not be read."""

    def __init__(self, number: int = 0) -> None:
        self.number = number
        said = _("This statement is already there: answer it instead.")
        super().__init__(said if number else _("This statement was already sent."))


class EnoughSaid(RuleBroken):
    """One person does not fill the map with their own sentences."""

    def __init__(self, most: int) -> None:
        super().__init__(
            _("You have proposed %(most)d statements: that is the most for one person. Answer those of others.")
            % {"most": most}
        )


class NotTaken(RuleBroken):
    """The section does not take this: no arguments, no votes, or not this opinion."""

    def __init__(self) -> None:
        super().__init__(_("This section does not take that."))


class NotYourOwn(RuleBroken):
    """Finding one's own argument useful says nothing."""

    def __init__(self) -> None:
        super().__init__(_("This argument is yours: others will say whether it is useful."))


class TalkedAbout(RuleBroken):
    """People argued or voted: a text does not change under them without a word."""

    def __init__(self) -> None:
        super().__init__(_("People have answered your proposition: say what changes, and why. Everybody will read it."))


class NothingChanged(RuleBroken):
    """The same text again is no new version."""

    def __init__(self) -> None:
        super().__init__(_("Your text is the same as before. Change it, or go back to your proposition."))


class ReadAlready(RuleBroken):
    """Where texts are read before they are published, one that was read does not change afterwards."""

    def __init__(self) -> None:
        super().__init__(
            _("A moderator read your text before it was published: it no longer changes. You may withdraw it.")
        )


class StillOpen(RuleBroken):
    """Nothing is decided in public while people still take part."""

    def __init__(self, closes_at: datetime) -> None:
        super().__init__(
            _("People take part until %(moment)s: decisions are published afterwards.")
            % {"moment": long_moment(closes_at)}
        )


class NothingToPublish(RuleBroken):
    """No decision is prepared, or somebody has just published them."""

    def __init__(self) -> None:
        super().__init__(_("No decision waits to be published. Somebody may have published them before you."))


class ChangedMeanwhile(RuleBroken):
    """What was confirmed is not what would be published."""

    def __init__(self) -> None:
        super().__init__(_("A decision changed since you opened this page. Read the list again, then confirm."))


class CorrectionUnexplained(RuleBroken):
    """A public decision is corrected with a reason that everybody reads. ``numbers``: the propositions concerned."""

    def __init__(self, numbers: Sequence[int]) -> None:
        self.numbers = sorted(numbers)
        said = ", ".join(f"#{number}" for number in self.numbers)
        super().__init__(
            _("Already public: %(numbers)s. Open each one, and say why its decision is corrected.") % {"numbers": said}
        )


class CitesTheUnknown(Unpublishable):
    """A synthesis cites what nobody may read. ``references``: « #99 »."""

    def __init__(self, references: Sequence[str]) -> None:
        self.references = list(references)
        said = ", ".join(self.references)
        super().__init__(_("Nobody may read %(numbers)s: correct these numbers.") % {"numbers": said})


class IsTheOneRead(RuleBroken):
    """The present text is judged with its proposition, not as a former version."""

    def __init__(self) -> None:
        super().__init__(_("This is the text that is read now: judge the proposition instead."))


class NameTaken(RuleBroken):
    """Another theme of the consultation has this name: they may be merged."""

    def __init__(self) -> None:
        super().__init__(_("Another theme has this name: choose another one, or merge them."))


class NotMergeable(RuleBroken):
    """These propositions cannot be merged: the sentence says which one and why."""


class StillAsking(RuleBroken):
    """Supporters were asked, and still have time to answer."""

    def __init__(self, until: datetime) -> None:
        super().__init__(
            _("Supporters may answer until %(moment)s. Decide afterwards.") % {"moment": long_moment(until)}
        )


class TooLateToUndo(RuleBroken):
    """A merging is undone until a date, or until something was decided or counted on it."""

    def __init__(self, until: datetime) -> None:
        super().__init__(
            _("This merging could be undone until %(moment)s, or until a decision about it was published.")
            % {"moment": long_moment(until)}
        )


class TookOthersIn(RuleBroken):
    """A proposition that took others in is not only its author's any more."""

    def __init__(self) -> None:
        super().__init__(_("Other propositions were merged into this one: it can no longer be withdrawn."))


class QuestionsWrong(Unpublishable):
    """A questionnaire does not open with questions that nobody could answer or meet. ``words``: what is wrong."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = list(words)
        super().__init__(_("This questionnaire cannot open yet. %(list)s") % {"list": " ".join(self.words)})


class QuestionsFrozen(Unpublishable):
    """People have answered these questions: another question would make them say what they did not."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "People have answered this questionnaire: put words right if you need to, and nothing else."
                " Same questions, same order, same answers."
            )
        )


class AnswersMissing(RuleBroken):
    """Questions that want an answer have none. ``labels``: which."""

    def __init__(self, labels: Sequence[str]) -> None:
        self.labels = list(labels)
        super().__init__(_("An answer is missing: %(questions)s") % {"questions": " ".join(self.labels)})


class NoRegistration(RuleBroken):
    """The meeting takes no registration: it is cancelled, taken down, or open to all."""

    def __init__(self) -> None:
        super().__init__(_("This meeting takes no registration."))


class MeetingOver(RuleBroken):
    """One registers, and gives a seat back, until the meeting begins."""

    def __init__(self, starts_at: datetime) -> None:
        super().__init__(
            _("This meeting began on %(moment)s: registrations are closed.") % {"moment": long_moment(starts_at)}
        )


class ListClosed(RuleBroken):
    """One volunteers until the hour that was announced. ``closed_at`` None: the panel is cancelled, or not public."""

    def __init__(self, closed_at: datetime | None = None) -> None:
        self.closed_at = closed_at
        if closed_at is None:
            super().__init__(_("This panel takes no volunteers."))
        else:
            super().__init__(
                _("The list of volunteers is closed, since %(moment)s.") % {"moment": long_moment(closed_at)}
            )


class ListOpen(RuleBroken):
    """The list is frozen once nobody can join it any more."""

    def __init__(self, closes_at: datetime) -> None:
        super().__init__(
            _("People volunteer until %(moment)s: freeze the list afterwards.") % {"moment": long_moment(closes_at)}
        )


class SeedKnown(RuleBroken):
    """A list that is not frozen yet would be frozen by somebody who knows the number."""

    def __init__(self, seed_at: datetime) -> None:
        super().__init__(
            _("The number that decides is known since %(moment)s, and the list is not frozen. Name a later one.")
            % {"moment": long_moment(seed_at)}
        )


class SeedUnknown(RuleBroken):
    """Nobody draws before the number that was announced is known."""

    def __init__(self, seed_at: datetime) -> None:
        super().__init__(_("The number that decides is known from %(moment)s.") % {"moment": long_moment(seed_at)})


class QuotasImpossible(RuleBroken):
    """No panel of these volunteers has these quotas. ``words``: which ones fail, as far as one alone does."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = list(words) or [_("They fail together: widen one of them, or call for more volunteers.")]
        said = _("No panel of these volunteers respects these quotas.")
        super().__init__(" ".join([said, *self.words]))


class CriteriaInUse(Unpublishable):
    """People volunteered and said where they stand: these answers stay."""

    def __init__(self) -> None:
        super().__init__(
            _("People have volunteered: criteria and their answers no longer change. The numbers of members may.")
        )


class CriteriaWrong(Unpublishable):
    """Criteria that nobody could answer, or quotas that no panel of this size has. ``words``: what is wrong."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = list(words)
        super().__init__(" ".join(self.words))


class ListFrozen(Unpublishable):
    """From then on, nothing that decides the draw changes."""

    def __init__(self) -> None:
        super().__init__(_("The list is frozen: the size, the quotas, the hours and the number no longer change."))
