"""Who may read what: the list first, the yes/no derived from it, so that they cannot disagree."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import (
    CharField,
    Count,
    DateTimeField,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    Window,
)
from django.db.models.functions import RowNumber
from wagtail.images.models import Image
from wagtail.models import Page

from accounts.choices import RoleKind
from accounts.models import User
from accounts.policies import holds
from consult.choices import MergeState, Opinion, PropositionState
from consult.models import (
    Argument,
    Attachment,
    Citation,
    Consultation,
    ConsultationIndexPage,
    ConsultationPage,
    Decision,
    DecisionNote,
    Draft,
    Edition,
    Follow,
    ListPlace,
    Merge,
    MergeVoice,
    OpinionMap,
    Participant,
    Proposition,
    Publication,
    ReferenceLink,
    Reply,
    Section,
    Statement,
    SynthesisPage,
    Version,
    VisitorAct,
    Vote,
)
from directory.models import Service
from moderation.choices import CaseState
from moderation.policies import may_moderate
from prepared import Given, Prepared


def consultations_to_read() -> QuerySet[Consultation]:
    """Those whose first page is live: a draft, or a page taken down, does not exist for the public."""
    return Consultation.objects.filter(page__live=True).select_related(
        "page__locale", "page__administration", "page__charter", "page__picture"
    )


def consultations_to_read_now() -> QuerySet[Consultation]:
    """The same without their pages, each with the moment at which it is read (``read_at``), by the database's clock.

    ``edition`` is the word under which what an editor set up may be kept (``Edition``); ``is_decided`` says whether
    decisions were published.
    """
    now = Func(function="STATEMENT_TIMESTAMP", output_field=DateTimeField())
    edition = Edition.objects.filter(translation_key=OuterRef("translation_key")).values("word")[:1]
    decided = Exists(Publication.objects.filter(consultation=OuterRef("pk")))
    return Consultation.objects.filter(page__live=True).annotate(
        read_at=now, edition=Subquery(edition), is_decided=decided
    )


def consultation_to_read_now(slug: str) -> Consultation | None:
    """The one of ``consultations_to_read_now`` at this address."""
    return _AT_AN_ADDRESS.first(slug=slug)


_AT_AN_ADDRESS = Prepared(lambda: consultations_to_read_now().filter(page__slug=Given("slug")))


def first_page_of(consultation: Consultation) -> ConsultationPage:
    """The page that was written first, with all that is drawn from it."""
    pages = ConsultationPage.objects.select_related("locale", "administration", "charter", "picture")
    return pages.get(pk=consultation.page_id)


def consultation_of(page: ConsultationPage) -> Consultation:
    """The one of this page, draft or not, for those who edit it; one not saved yet while the page is not."""
    found = Consultation.objects.filter(translation_key=page.translation_key).select_related("page__locale").first()
    return found or Consultation(page=page)


def translations_to_read(consultation: Consultation) -> QuerySet[ConsultationPage]:
    """Its pages in other languages than the first's."""
    pages = ConsultationPage.objects.live().filter(translation_key=consultation.translation_key)
    return pages.exclude(pk=consultation.page_id).select_related("locale", "administration", "charter", "picture")


def pages_in(language: str, consultations: Iterable[Consultation]) -> QuerySet[ConsultationPage]:
    """The live pages of these consultations in one language."""
    keys = [consultation.translation_key for consultation in consultations]
    pages = ConsultationPage.objects.live().filter(translation_key__in=keys, locale__language_code=language)
    return pages.select_related("administration", "picture")


def lists_to_read() -> QuerySet[ConsultationIndexPage]:
    """The list of consultations, in each language."""
    return ConsultationIndexPage.objects.live().select_related("locale")


def propositions_to_read() -> QuerySet[Proposition]:
    """Those with a page of their own, of the consultations above, whatever became of them."""
    return Proposition.objects.public().filter(consultation__page__live=True)


def of(reader: Any, column: str) -> Q | None:
    """That a participant's ``column`` is of this reader: an account, a visitor (their row); None for nobody."""
    if isinstance(reader, Participant):
        return Q(**{column: reader.pk})
    return Q(**{f"{column}__user": reader.pk}) if reader.is_authenticated else None


def propositions_to_read_by(reader: Any) -> QuerySet[Proposition]:
    """The same, and those of this account, or of this visitor, that wait for a moderator."""
    theirs = of(reader, "author")
    if theirs is None:
        return propositions_to_read()
    waiting = theirs & Q(case__state=CaseState.WAITING)
    return Proposition.objects.filter(Q(is_shown=True) | waiting, consultation__page__live=True)


def propositions_of(reader: Any) -> QuerySet[Proposition]:
    """Those that this account, or this visitor, wrote and may still read: not what a moderator took out."""
    theirs = of(reader, "author")
    return Proposition.objects.none() if theirs is None else propositions_to_read_by(reader).filter(theirs)


def arguments_of(person: Participant) -> QuerySet[Argument]:
    """Those that they wrote and may still read, the newest first, with where they stand."""
    readable = Q(is_shown=True) | Q(case__state=CaseState.WAITING)
    mine = Argument.objects.filter(readable, author=person, proposition__consultation__page__live=True)
    return mine.select_related("proposition__consultation__page").order_by("-pk")


def votes_of(person: Participant) -> QuerySet[Vote]:
    return Vote.objects.filter(participant=person)


def lists_kept_by(user: Any) -> QuerySet[Consultation]:
    """The consultations whose list of people this person may bring: editors and administrators."""
    return Consultation.objects.select_related("page") if may_decide(user) else Consultation.objects.none()


def places_counted(consultation: Consultation) -> dict[str, int]:
    """``named``: people whom its list names; ``came``: those who took their place."""
    rows = ListPlace.objects.filter(consultation=consultation)
    return rows.aggregate(named=Count("pk"), came=Count("participant"))


def acts_to_confirm() -> QuerySet[VisitorAct]:
    """What a visitor wrote, for whoever holds the link of the letter."""
    return VisitorAct.objects.select_related("consultation__page")


def drafts_of(user: Any) -> QuerySet[Draft]:
    return Draft.objects.filter(user=user.pk) if user.is_authenticated else Draft.objects.none()


def drafts_of_a_browser(key: str) -> QuerySet[Draft]:
    """The draft whose key a browser keeps, signed: never one of an account."""
    return Draft.objects.filter(key=key, user=None)


def versions_to_read(proposition: Proposition) -> QuerySet[Version]:
    """Every text that this proposition had, the first one first."""
    return Version.objects.filter(proposition=proposition).order_by("number")


def sources_to_read(proposition: Proposition) -> QuerySet[ReferenceLink]:
    return ReferenceLink.objects.filter(proposition=proposition).order_by("pk")


def attachments_to_read(proposition: Proposition) -> QuerySet[Attachment]:
    """Its files, for whoever reads it."""
    return Attachment.objects.filter(proposition=proposition).order_by("pk")


def attachments_to_read_by(reader: Any, *, moderator: Any) -> QuerySet[Attachment]:
    """The files of what this reader may read; every file for a moderator, who judges them with the text."""
    readable = Attachment.objects.filter(proposition__consultation__page__live=True)
    if may_moderate(moderator):
        return readable
    return readable.filter(proposition__in=propositions_to_read_by(reader))


def merged_into(proposition: Proposition) -> QuerySet[Proposition]:
    """Those that this one took in, and that everybody may read."""
    return Proposition.objects.public().filter(merged_into=proposition).order_by("number")


def proposition_removed(consultation: Consultation, number: int) -> Proposition | None:
    """The one of this number when moderators removed it: everybody may know that, and why."""
    removed = Proposition.objects.filter(consultation=consultation, number=number, case__state=CaseState.REMOVED)
    return removed.select_related("case").first()


def propositions_to_list() -> QuerySet[Proposition]:
    """Those that stand in lists and counts: neither merged nor withdrawn."""
    return Proposition.objects.listed().filter(consultation__page__live=True)


def propositions_that_count() -> QuerySet[Proposition]:
    """The same, and those that were merged into one of them: their arguments and the votes left there count."""
    states = [PropositionState.PUBLISHED, PropositionState.MERGED]
    return Proposition.objects.public().filter(consultation__page__live=True, state__in=states)


def sections_in_use(page: ConsultationPage) -> dict[int, str]:
    """The sections of this page in which people wrote, by key, with their titles."""
    used = Section.objects.filter(page=page, pk__in=Proposition.objects.values("section"))
    return dict(used.values_list("pk", "title"))


def dates_announced(page: ConsultationPage) -> dict[str, dict]:
    """The dates that this page last made public; none before it is published, none for a translation."""
    return Consultation.objects.filter(page=page.pk).values_list("announced", flat=True).first() or {}


def consultations_under(pages: Iterable[Page]) -> QuerySet[Consultation]:
    """Those whose first page is one of these, or stands below one of them."""
    below = Q(pk=None)
    for page in pages:
        below |= Q(page__path__startswith=page.path)
    return Consultation.objects.filter(below)


def written_in(pages: Iterable[Page]) -> QuerySet[Proposition]:
    """What people wrote in these pages or below: they can then be taken down, not deleted."""
    return Proposition.objects.filter(consultation__in=consultations_under(pages))


def arguments_to_read(proposition: Proposition) -> QuerySet[Argument]:
    """Those that stand: shown by moderators, not withdrawn by their author."""
    return Argument.objects.filter(proposition=proposition, is_shown=True, withdrawn_at=None)


def arguments_with_a_page(proposition: Proposition, reader: Any) -> QuerySet[Argument]:
    """The same, those that were withdrawn (without their text), and ``reader``'s own that wait for a moderator."""
    readable, theirs = Q(is_shown=True), of(reader, "author")
    if theirs is not None:
        readable |= theirs & Q(case__state=CaseState.WAITING)
    return Argument.objects.filter(readable, proposition=proposition)


def replies_to_read() -> QuerySet[Reply]:
    return Reply.objects.filter(is_shown=True, withdrawn_at=None)


def with_the_opinion_of(reader: Any, propositions: QuerySet[Proposition]) -> QuerySet[Proposition]:
    """``my_opinion``: what this account, or this visitor, voted, None if it did not; told to nobody else."""
    theirs = of(reader, "participant")
    if theirs is None:
        return propositions.annotate(my_opinion=Value(None, output_field=CharField()))
    mine = Vote.objects.filter(theirs, proposition=OuterRef("pk")).values("opinion")[:1]
    return propositions.annotate(my_opinion=Subquery(mine))


def pictures_to_show(keys: Iterable[int]) -> QuerySet[Image]:
    """The pictures that pages show: an editor put them there."""
    return Image.objects.filter(pk__in=list(keys))


def may_decide(user: Any) -> bool:
    """Whether this person prepares and publishes what the administration decides: editors and administrators."""
    return holds(user, RoleKind.EDITOR, RoleKind.ADMINISTRATOR)


def propositions_to_decide(consultation: Consultation) -> QuerySet[Proposition]:
    """Those that wait for a decision or have one: shown, neither merged nor withdrawn."""
    return Proposition.objects.listed().filter(consultation=consultation)


def decisions_of(proposition: Proposition) -> QuerySet[Decision]:
    """Prepared and public, the first one first: for those who decide."""
    return Decision.objects.filter(proposition=proposition).select_related("service", "publication", "prepared_by")


def notes_of(proposition: Proposition) -> QuerySet[DecisionNote]:
    """What colleagues told each other, for those who decide."""
    return DecisionNote.objects.filter(proposition=proposition).select_related("by")


def notes_about(proposition: Any) -> QuerySet[DecisionNote]:
    """The same, about the proposition of an outer query."""
    return DecisionNote.objects.filter(proposition=proposition)


def decisions_to_read() -> QuerySet[Decision]:
    """What was published about propositions that everybody may read; corrected ones too."""
    shown = {"proposition__is_shown": True, "proposition__consultation__page__live": True}
    return Decision.objects.public().filter(**shown).select_related("service", "publication")


def services_that_answer() -> QuerySet[Service]:
    """Those in whose name a decision may be given."""
    return Service.objects.order_by("name")


def merges_to_decide(consultation: Consultation) -> QuerySet[Merge]:
    """Proposed, asked about, done or over: for those who decide, the latest first."""
    return Merge.objects.filter(consultation=consultation).select_related("into", "section").order_by("-pk")


def merges_to_tell(proposition: Proposition) -> QuerySet[Merge]:
    """Those that the page of this proposition tells of: supporters are asked about it."""
    asked = Merge.objects.filter(Q(sources=proposition) | Q(into=proposition), state=MergeState.ASKED)
    return asked.select_related("into").distinct()


def voices_to_hear() -> QuerySet[MergeVoice]:
    """What a link of a letter opens: somebody who is asked, of a consultation that everybody may read."""
    rows = MergeVoice.objects.filter(merge__consultation__page__live=True)
    return rows.select_related("merge__into", "merge__consultation__page", "participant")


def propositions_to_merge_with(proposition: Proposition) -> QuerySet[Proposition]:
    """Those that its author may propose to put it into."""
    return propositions_to_list().filter(consultation=proposition.consultation_id).exclude(pk=proposition.pk)


def arguments_of_merged(proposition: Proposition, *, most: int) -> QuerySet[Argument]:
    """The ``most`` most useful that stand under each proposition that this one took in, and that everybody may read."""
    taken = merged_into(proposition).order_by().values("pk")
    standing = Argument.objects.filter(proposition__in=taken, is_shown=True, withdrawn_at=None)
    first = [F("useful_score").desc(), F("number").asc()]
    ranked = standing.annotate(place=Window(RowNumber(), partition_by=F("proposition"), order_by=first))
    return ranked.filter(place__lte=most).order_by("proposition__number", "place")


def consultation_above(page: Page) -> Consultation:
    """The consultation of a questionnaire or a meeting: the one whose page stands above."""
    return Consultation.objects.select_related("page").get(page__path=page.path[: -page.steplen])


def people_who(opinion: Opinion, propositions: Iterable[Proposition]) -> int:
    """How many people hold this opinion on one or another of these, each counted once."""
    rows = Vote.objects.filter(proposition__in=[one.pk for one in propositions], opinion=opinion)
    return rows.order_by().values("participant").distinct().count()


def statement_removed(consultation: Consultation, number: int) -> Statement | None:
    """The one of this number when moderators removed it: everybody may know that, and why."""
    removed = Statement.objects.filter(consultation=consultation, number=number, case__state=CaseState.REMOVED)
    return removed.select_related("case").first()


def statements_to_read_by(person: Participant | None, consultation: Consultation) -> QuerySet[Statement]:
    """Those that stand, and this person's own, whatever became of them but their removal."""
    readable = Q(is_shown=True, withdrawn_at=None)
    if person:
        readable |= Q(author=person, case__state__in=(CaseState.SHOWN, CaseState.WAITING))
    return Statement.objects.filter(readable, consultation=consultation)


def maps_of(consultation: Consultation) -> QuerySet[OpinionMap]:
    """The runs of its opinion map; whether their result is hidden is for ``maps.reading``."""
    return OpinionMap.objects.filter(consultation=consultation)


def participant_behind(user: Any) -> Participant | None:
    """The row of this account, if it ever took part: reading makes none."""
    return Participant.objects.filter(user=user).first() if user.is_authenticated else None


def stated_in(pages: Iterable[Page]) -> QuerySet[Statement]:
    """Statements that people wrote or answered in these pages or below."""
    theirs = Q(author__isnull=False) | Q(answers__isnull=False)
    return Statement.objects.filter(theirs, consultation__in=consultations_under(pages))


def statements_sown_and_answered(page: ConsultationPage) -> QuerySet[Statement]:
    """What the administration wrote for this map and people answered: it no longer changes."""
    sown = Statement.objects.filter(consultation__page=page, author=None, withdrawn_at=None)
    return sown.filter(answers__isnull=False).distinct().order_by("number")


def promise_kept(page: ConsultationPage) -> bool | None:
    """Whether the file of answers is published, as it was told to those who answered; None while nobody has."""
    told = Statement.objects.filter(consultation__page=page, answers__isnull=False)
    return told.values_list("consultation__opens_answers", flat=True).first()


def followed_by(reader: Any) -> QuerySet[Follow]:
    """What this account, or this visitor, follows and may still read; told to nobody else."""
    theirs = of(reader, "participant")
    if theirs is None:
        return Follow.objects.none()
    live = Q(consultation__page__live=True) | Q(proposition__is_shown=True, proposition__consultation__page__live=True)
    return Follow.objects.filter(live, theirs, stopped_at=None)


def consultation_around(page: Any) -> Consultation:
    """The one of this page, or of the page above it when it stands below a consultation."""
    return consultation_of(page) if isinstance(page, ConsultationPage) else consultation_above(page)


def syntheses_to_read(consultation: Consultation) -> QuerySet[SynthesisPage]:
    """The one of this consultation, once it is live."""
    if consultation.pk is None:  # the preview of a page not saved yet
        return SynthesisPage.objects.none()
    pages = SynthesisPage.objects.live().child_of(consultation.page)
    return pages.order_by("pk")


def citations_to_read() -> QuerySet[Citation]:
    """Those of the syntheses that everybody may read."""
    return Citation.objects.filter(page__live=True).order_by("pk")


def arguments_to_cite(propositions: Iterable[Proposition]) -> QuerySet[Argument]:
    """Those that everybody may read under these propositions."""
    keys = [one.pk for one in propositions]
    return Argument.objects.filter(proposition__in=keys, is_shown=True, withdrawn_at=None)


def told_what_became_on(consultation: Consultation) -> datetime | None:
    """When something was first made public of what became of the contributions: decisions, or a synthesis."""
    if consultation.pk is None:  # the preview of a page not saved yet
        return None
    decided = consultation.publications.order_by().values_list("published_at")
    synthesised = syntheses_to_read(consultation).order_by().values_list("first_published_at")
    first = decided.union(synthesised).order_by("published_at").first()
    return first[0] if first else None


def has_said_what_became(consultation: Consultation) -> bool:
    return told_what_became_on(consultation) is not None


def people_who_decide() -> QuerySet[User]:
    """Editors, who promise the follow-up; administrators while there is no editor."""
    editors = User.objects.filter(is_active=True, roles__kind=RoleKind.EDITOR).distinct()
    if editors.exists():
        return editors.order_by("pk")
    return User.objects.filter(is_active=True, roles__kind=RoleKind.ADMINISTRATOR).distinct().order_by("pk")


def consultations_to_import(user: Any) -> QuerySet[Consultation]:
    """Those into which this person brings the contributions of another platform: drafts too."""
    all_of_them = Consultation.objects.select_related("page")
    return all_of_them if may_decide(user) else all_of_them.none()


def decisions_counted(consultation: Any) -> QuerySet[Any]:
    """How many decisions stand, of the consultation of an outer query; no row without any."""
    standing = decisions_to_read().standing().filter(proposition__consultation=consultation).select_related(None)
    counted = standing.order_by().values("proposition__consultation").annotate(n=Count("pk"))
    return counted.values("n")


def argument_removed(proposition: Proposition, number: int) -> Argument | None:
    """The one of this number when moderators removed it: everybody may know that, and why."""
    removed = Argument.objects.filter(proposition=proposition, number=number, case__state=CaseState.REMOVED)
    return removed.select_related("case").first()


def old_versions_to_take_out(user: Any, proposition: Proposition) -> QuerySet[Version]:
    """For moderators: the texts that are no longer the one read, and still have words."""
    old = Version.objects.filter(proposition=proposition, removed_at=None).exclude(number=proposition.version)
    return old if may_moderate(user) else old.none()
