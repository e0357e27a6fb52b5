"""One line of a list of propositions: its number, its words, who wrote it, how many voted and argued."""

from dataclasses import dataclass
from functools import lru_cache

from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from consult.choices import VoteWidget
from consult.models import Proposition, Section
from consult.views.page_words import figure
from consult.views.verdicts import pill
from pages.dates import long_date

KEPT = 4096  # lines a process


@dataclass(frozen=True)
class Share:
    """The votes of one proposition as a bar: places in hundredths of its width."""

    agree: float
    mixed: float
    disagree: float
    sentence: str

    @property
    def mixed_from(self) -> float:
        return self.agree

    @property
    def disagree_from(self) -> float:
        return self.agree + self.mixed


@dataclass(frozen=True)
class Pill:
    state: str
    label: str


@dataclass(frozen=True)
class Row:
    number: int
    title: str
    url: str
    author: str
    is_verified: bool
    votes: str
    share: Share | None
    arguments: str
    reached: str
    decision: Pill | None = None  # once it is public

    @property
    def html(self) -> SafeString:
        """The line drawn, once for everybody: it depends on what stands above and on the language."""
        return _html(self, get_language() or "")


def row(proposition: Proposition, *, section: Section, slug: str, hides_votes: bool, verdict: str = "") -> Row:
    """``hides_votes``: neither the votes nor anything that follows from them is told. ``verdict``: the public one."""
    votes = 0 if hides_votes else sum(_counts(proposition))
    arguments = proposition.for_count + proposition.against_count
    reached = None if hides_votes else proposition.threshold_reached_at
    return Row(
        number=proposition.number,
        title=proposition.title,
        url=f"/consultations/{slug}/propositions/{proposition.number}/",
        author=proposition.author.name,
        is_verified=proposition.author.is_verified,
        votes=ngettext("%(n)s vote", "%(n)s votes", votes) % {"n": figure(votes)} if votes else "",
        share=share(proposition, section) if votes else None,
        arguments=_arguments(arguments) if section.takes_arguments or arguments else "",
        reached=_("Threshold reached on %(day)s") % {"day": long_date(reached)} if reached else "",
        decision=Pill(**said) if (said := pill(verdict)) else None,
    )


@lru_cache(maxsize=KEPT)
def _html(row: Row, _language: str) -> SafeString:
    return get_template("consult/_row.html").render({"row": row})


def _counts(proposition: Proposition) -> tuple[int, int, int]:
    return proposition.agree_count, proposition.mixed_count, proposition.disagree_count


def _arguments(count: int) -> str:
    if not count:
        return _("No argument")
    return ngettext("%(n)s argument", "%(n)s arguments", count) % {"n": figure(count)}


def share(proposition: Proposition, section: Section) -> Share | None:
    """The bar of a vote that has several answers; a count says enough of « agree only »."""
    if section.vote != VoteWidget.THREE:
        return None
    return _share(*_counts(proposition), get_language() or "")


@lru_cache(maxsize=KEPT)
def _share(agree: int, mixed: int, disagree: int, _language: str) -> Share:
    total = agree + mixed + disagree
    sentence = _("%(agree)s agree, %(mixed)s mixed, %(disagree)s disagree, out of %(total)s votes") % {
        "agree": figure(agree),
        "mixed": figure(mixed),
        "disagree": figure(disagree),
        "total": figure(total),
    }
    return Share(*(round(100 * part / total, 1) for part in (agree, mixed, disagree)), sentence)
