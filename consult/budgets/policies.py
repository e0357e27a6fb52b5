"""Who may read what of a budget, and who may act: the list first, the yes/no derived from it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Count as Number
from django.db.models import Exists, F, Max, OuterRef, Prefetch, Q, QuerySet

from accounts.choices import RoleKind
from accounts.models import User
from accounts.policies import holds
from consult.budgets.choices import (
    PROJECT_MOVES,
    BudgetPhaseKind,
    CountKind,
    EnvelopeKind,
    ProjectState,
    SuggestionState,
)
from consult.budgets.models import (
    BallotOption,
    Budget,
    BudgetFollow,
    BudgetIndexPage,
    BudgetPage,
    BudgetPhase,
    Count,
    Envelope,
    FrozenRegulation,
    Milestone,
    PaperBatch,
    PaperSheet,
    Project,
    ProjectFollow,
    ProjectMove,
    ProjectNews,
    ProjectOrigin,
    RollEntry,
    Spending,
    Study,
    StudyNote,
    StudyPublication,
    StudySignature,
    Suggestion,
    SuggestionDraft,
    Support,
)
from consult.models import Participant
from consult.policies import of
from directory.models import Service
from journal.models import Entry
from moderation.choices import CaseState
from moderation.policies import may_moderate

MOST_SHOWN = 200  # of what one person did
MOVED = ("budget.phase_moved", "budget.phase_added", "budget.phase_removed", "budget.prolonged")


def pages() -> QuerySet[BudgetPage]:
    """The pages that everybody may read, in every language."""
    return BudgetPage.objects.live().public()


def index_pages() -> QuerySet[BudgetIndexPage]:
    return BudgetIndexPage.objects.live().public()


def budgets() -> QuerySet[Budget]:
    """Those that everybody may read: the page written first is live."""
    return Budget.objects.filter(page__live=True)


def budget_of(page: BudgetPage) -> Budget:
    """What a page, its draft or its translation is about; not kept yet (no key) for a page that never was."""
    known = Budget.objects.filter(translation_key=page.translation_key).select_related("page__locale").first()
    return known or Budget(translation_key=page.translation_key, page=page)


def phases_of(budgets: Iterable[Budget]) -> dict[int, list[BudgetPhase]]:
    """By key of the page, in the order of their dates."""
    rows = BudgetPhase.objects.filter(page__in=[one.page_id for one in budgets]).order_by("opens_at")
    return _by_page(rows)


def envelopes_of(budgets: Iterable[Budget]) -> dict[int, list[Envelope]]:
    """By key of the page, in the order of the editor."""
    rows = Envelope.objects.filter(page__in=[one.page_id for one in budgets]).order_by("sort_order", "pk")
    return _by_page(rows)


def _by_page(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.page_id, []).append(row)
    return found


def words_of(budgets: Iterable[Budget], language: str) -> dict[Any, BudgetPage]:
    """The public pages of these budgets in a language, by translation key."""
    keys = [one.translation_key for one in budgets]
    found = pages().filter(translation_key__in=keys, locale__language_code=language)
    return {page.translation_key: page for page in found.select_related("locale", "administration")}


def envelopes_in_use(page: BudgetPage) -> QuerySet[Envelope]:
    """Those of a page in which an idea or a project stands: they can be renamed, not removed."""
    ideas, projects = (model.objects.filter(envelope=OuterRef("pk")) for model in (Suggestion, Project))
    return Envelope.objects.filter(Exists(ideas) | Exists(projects), page=page.pk)


def dates_announced(page: BudgetPage) -> dict[str, dict]:
    """The dates that this page last made public; none before it is published, none for a translation."""
    return Budget.objects.filter(page=page.pk).values_list("announced", flat=True).first() or {}


def budgets_under(pages: Iterable[Any]) -> QuerySet[Budget]:
    """Those whose first page is one of these, or stands below one of them."""
    below = Q(pk=None)
    for page in pages:
        below |= Q(page__path__startswith=page.path)
    return Budget.objects.filter(below)


def written_in(pages: Iterable[Any]) -> QuerySet[Budget]:
    """Of ``budgets_under``, those in which people wrote, or that were frozen: taken down, not deleted."""
    used = (
        model.objects.filter(budget=OuterRef("pk"))
        for model in (Suggestion, SuggestionDraft, Project, RollEntry, FrozenRegulation)
    )
    found = Q(pk=None)
    for rows in used:
        found |= Q(Exists(rows))
    return budgets_under(pages).filter(found)


def budgets_run_by(user: User) -> QuerySet[Budget]:
    """Those that this person sets up, public or not."""
    return Budget.objects.select_related("page__locale") if may_run(user) else Budget.objects.none()


def envelopes(budget: Budget) -> list[Envelope]:
    """Of its page as it is kept, in the order of the editor."""
    return envelopes_of([budget]).get(budget.page_id, [])


def has_territories(budget: Budget) -> bool:
    return any(one.kind == EnvelopeKind.TERRITORY for one in envelopes(budget))


def phase_of(budget: Budget, kind: BudgetPhaseKind) -> BudgetPhase | None:
    return BudgetPhase.objects.filter(page_id=budget.page_id, kind=kind).first()


def retained(budget: Budget) -> QuerySet[Project]:
    """The projects of the ballot."""
    return Project.objects.filter(budget=budget, state=ProjectState.RETAINED).select_related("envelope")


def people_who_run() -> QuerySet[User]:
    """The editors and the administrators: whom a budget that lacks something is told to."""
    kinds = (RoleKind.EDITOR, RoleKind.ADMINISTRATOR)
    return User.objects.filter(is_active=True, roles__kind__in=kinds).distinct().order_by("pk")


def told_among(budgets: Iterable[Budget]) -> set[int]:
    """Those whose result everybody may read, as ``results.is_public`` says of one."""
    asked = [one.pk for one in budgets]
    frozen = FrozenRegulation.objects.filter(budget__in=asked).values_list("budget", "content__envelopes")
    official = Count.objects.filter(budget__in=asked, kind=CountKind.OFFICIAL).order_by()
    signed = dict(official.values_list("budget").annotate(Number("pk")))
    return {budget for budget, envelopes in frozen if envelopes and signed.get(budget) == len(envelopes)}


def frozen_regulation(budget: Budget) -> FrozenRegulation | None:
    """What voters were promised; None before."""
    return FrozenRegulation.objects.filter(budget=budget).first()


def what_moved(budget: Budget) -> list[Entry]:
    """Each time the dates moved or the ballot was prolonged, as the journal tells it, the latest first."""
    entries = Entry.objects.filter(subject_type="budgets.budget", subject_key=str(budget.pk), verb__in=MOVED)
    return list(entries.order_by("-pk")[:20])


def projects(budget: Budget) -> QuerySet[Project]:
    """Those that everybody may read."""
    return Project.objects.filter(budget=budget).select_related("envelope")


def may_run(user: User) -> bool:
    """Set a budget up, freeze its regulation, publish the studies, count."""
    return holds(user, RoleKind.EDITOR) or holds(user, RoleKind.ADMINISTRATOR)


def may_keep_a_desk(user: User) -> bool:
    """Mark who votes on paper, let somebody in on the shared tablet, key paper ballots."""
    return holds(user, RoleKind.CLERK, RoleKind.EDITOR, RoleKind.ADMINISTRATOR)


def budgets_with_desks() -> QuerySet[Budget]:
    """Those that everybody may read and whose regulation is frozen, the latest first."""
    return budgets().filter(regulation__isnull=False).select_related("page__locale").order_by("-pk")


def batches(budget: Budget) -> QuerySet[PaperBatch]:
    """The batches of paper of a budget, for who keeps a desk, by number."""
    rows = PaperBatch.objects.filter(budget=budget).select_related("envelope", "opened_by", "closed_by")
    return rows.order_by("number")


def batches_with_figures(budget: Budget) -> QuerySet[PaperBatch]:
    """The same, with how many sheets are keyed ``once`` at least, and ``twice``."""
    twice = Q(sheets__second__isnull=False)
    return batches(budget).annotate(once=Number("sheets"), twice=Number("sheets", filter=twice))


def sheets(batch: PaperBatch) -> QuerySet[PaperSheet]:
    return PaperSheet.objects.filter(batch=batch).select_related("first_by", "second_by").order_by("rank")


def on_roll(budget: Budget) -> int:
    """How many people the roll that the town brought names."""
    return RollEntry.objects.filter(budget=budget, listed=True).count()


def studies_to_read(user: User) -> QuerySet[Study]:
    """Those entrusted to an evaluator, to write or to read again; all of them for those who run the budget."""
    if may_run(user):
        return Study.objects.all()
    if not holds(user, RoleKind.EVALUATOR):
        return Study.objects.none()
    return Study.objects.filter(Q(evaluator=user) | Q(second=user))


def may_study(user: User) -> bool:
    """Whether the pages of studies open to this person at all."""
    return holds(user, RoleKind.EVALUATOR, RoleKind.EDITOR, RoleKind.ADMINISTRATOR)


def projects_to_build(user: User) -> QuerySet[Project]:
    """Those whose works this person tells of: all for who runs the budget, those they studied for an evaluator."""
    funded = (ProjectState.FUNDED, ProjectState.UNDERWAY, ProjectState.REALISED, ProjectState.ABANDONED)
    rows = Project.objects.filter(state__in=funded)
    return rows if may_run(user) else rows.filter(studies__in=studies_to_read(user)).distinct()


def people_who_study() -> QuerySet[User]:
    return User.objects.filter(is_active=True, roles__kind=RoleKind.EVALUATOR).distinct().order_by("name")


def ideas_to_read_by(reader: Any) -> QuerySet[Suggestion]:
    """Those that everybody may read, and this reader's own that wait for a moderator."""
    rows = Suggestion.objects.filter(budget__page__live=True)
    mine = of(reader, "author")
    if mine is None:
        return rows.filter(is_shown=True)
    return rows.filter(Q(is_shown=True) | mine & Q(case__state=CaseState.WAITING))


def ideas(budget: Budget) -> QuerySet[Suggestion]:
    """Those of the lists and counts, whatever came of them; not those that their authors withdrew."""
    return Suggestion.objects.listed().filter(budget=budget).select_related("envelope", "author").defer("search")


def idea_removed(budget: Budget, number: int) -> Suggestion | None:
    """The one of this number when moderators removed it: everybody may know that, and why."""
    removed = Suggestion.objects.filter(budget=budget, number=number, case__state=CaseState.REMOVED)
    return removed.select_related("case").first()


def places_named() -> list[dict[str, Any]]:
    """The last points that anybody may read with the words for them: ``place``, ``latitude``, ``longitude``."""
    there = {"budget__page__live": True, "latitude__isnull": False}
    kinds = Project.objects.all(), Suggestion.objects.listed()
    rows = [one for kind in kinds for one in _last_placed(kind.filter(**there))]
    return list({one["place"].casefold(): one for one in reversed(rows) if one["place"]}.values())


def _last_placed(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.order_by("-pk").values("place", "latitude", "longitude")[:MOST_SHOWN]


def ideas_of(person: Participant) -> QuerySet[Suggestion]:
    """What somebody filed and may still read: not what a moderator took out."""
    rows = ideas_to_read_by(person).filter(author=person).select_related("budget__page")
    return rows.defer("search", "body").order_by("-pk")[:MOST_SHOWN]


def ideas_supported_by(person: Participant) -> QuerySet[Suggestion]:
    rows = (
        Suggestion.objects.public()
        .filter(budget__page__live=True, supports__participant=person)
        .select_related("budget__page")
    )
    return rows.defer("search", "body").order_by("-pk")[:MOST_SHOWN]


def with_what_came_of_them(rows: QuerySet[Suggestion]) -> QuerySet[Suggestion]:
    """``is_project``: a project came of the idea."""
    return rows.annotate(is_project=Exists(ProjectOrigin.objects.filter(suggestion=OuterRef("pk"))))


def photos_to_read_by(reader: Any, *, moderator: User) -> QuerySet[Suggestion]:
    """Ideas whose photo this reader may see: those they may read, and all of them for who judges them."""
    rows = Suggestion.objects.filter(budget__page__live=True) if may_moderate(moderator) else ideas_to_read_by(reader)
    return rows.exclude(photo="")


def supported_by(reader: Any, ideas: Iterable[int]) -> set[int]:
    """Which of these ideas, by key, this reader supports."""
    mine = of(reader, "participant")
    if mine is None:
        return set()
    return set(Support.objects.filter(mine, suggestion__in=list(ideas)).values_list("suggestion", flat=True))


def projects_of(idea: Suggestion) -> QuerySet[Project]:
    """What came of an idea, in the order of numbers."""
    return Project.objects.filter(origins__suggestion=idea).select_related("budget__page").order_by("number")


def origins_of(project: Project) -> QuerySet[Suggestion]:
    """The ideas that a project comes of, as everybody reads them."""
    rows = Suggestion.objects.public().filter(became__project=project).select_related("author").defer("search")
    return rows.order_by("number")


def with_their_projects(rows: QuerySet[Suggestion]) -> QuerySet[Suggestion]:
    """Ideas whose ``their_projects`` are the origins that name them, with the project of each."""
    origins = ProjectOrigin.objects.select_related("project").order_by("project__number")
    return rows.prefetch_related(Prefetch("became", origins, "their_projects"))


def moves_of(budget: Budget) -> QuerySet[ProjectMove]:
    """The states that the projects of a budget entered, project by project, in their order."""
    rows = ProjectMove.objects.filter(project__budget=budget).select_related("project")
    return rows.order_by("project__number", "pk")


def steps_of(budget: Budget) -> QuerySet[Milestone]:
    rows = Milestone.objects.filter(project__budget=budget).select_related("project")
    return rows.order_by("project__number", "pk")


def spendings_of(budget: Budget) -> QuerySet[Spending]:
    rows = Spending.objects.filter(project__budget=budget).select_related("project")
    return rows.order_by("project__number", "on", "pk")


def news_of(budget: Budget) -> QuerySet[ProjectNews]:
    rows = ProjectNews.objects.filter(project__budget=budget).select_related("project")
    return rows.order_by("project__number", "pk")


def with_their_story(rows: QuerySet[Project]) -> QuerySet[Project]:
    """Projects with the states they entered, the steps of their works, what was paid and what was told."""
    return rows.prefetch_related("moves", "milestones", "spendings", "news")


def last_idea_taken_back(budget: Budget) -> datetime | None:
    """When an idea that everybody read was last hidden, removed, withdrawn or not taken up."""
    gone = Q(case__state__in=[CaseState.HIDDEN, CaseState.REMOVED])
    rows = Suggestion.objects.filter(budget=budget)
    judged = rows.filter(gone).aggregate(last=Max("case__state_changed_at"))["last"]
    moved = rows.exclude(state=SuggestionState.PUBLISHED).aggregate(last=Max("state_changed_at"))["last"]
    return max((one for one in (judged, moved) if one), default=None)


def with_their_ideas(rows: QuerySet[Project]) -> QuerySet[Project]:
    """Projects with the ideas they come of, as those who make them read them."""
    return rows.prefetch_related("origins__suggestion")


def with_their_public_ideas(rows: QuerySet[Project]) -> QuerySet[Project]:
    """Projects whose ``public_origins`` are the ideas they come of, as everybody reads them."""
    shown = ProjectOrigin.objects.filter(suggestion__in=Suggestion.objects.public()).select_related("suggestion")
    return rows.prefetch_related(Prefetch("origins", shown.order_by("suggestion__number"), "public_origins"))


def draft_of(reader: Any, budget: Budget) -> SuggestionDraft | None:
    """What this reader was writing."""
    mine = of(reader, "participant")
    return None if mine is None else SuggestionDraft.objects.filter(mine, budget=budget).first()


def studies_waiting_for(user: User) -> QuerySet[Study]:
    """Those that this person has not signed; for who runs the budget, those that still miss a signature."""
    rows = studies_to_read(user).filter(publication=None, project__state=ProjectState.STUDIED)
    if may_run(user) and not holds(user, RoleKind.EVALUATOR):
        return rows.with_figures().filter(signed__lt=F("project__budget__page__signatures"))
    return rows.exclude(signatures__by=user)


def budgets_to_study(user: User) -> QuerySet[Budget]:
    """Those whose board this person opens."""
    rows = Budget.objects.select_related("page").order_by("-pk")
    return rows if may_run(user) else rows.none()


def projects_to_study(budget: Budget) -> QuerySet[Project]:
    return projects(budget).filter(state=ProjectState.STUDIED)


def studies_of(budget: Budget) -> QuerySet[Study]:
    """Those in hand."""
    return Study.objects.prepared().filter(project__budget=budget).select_related("evaluator", "service")


def planned_publication(budget: Budget) -> StudyPublication | None:
    return StudyPublication.objects.filter(budget=budget, published_at=None).first()


def open_services() -> QuerySet[Service]:
    return Service.objects.order_by("name")


def budgets_with_studies() -> QuerySet[Budget]:
    """Behind the doors of those who study, who may open a budget that is not public yet."""
    return Budget.objects.select_related("page")


def ideas_behind(project: Project) -> QuerySet[Suggestion]:
    """The ideas that everybody may read, of which a project was made."""
    return Suggestion.objects.public().filter(became__project=project).order_by("number")


def signatures_of(study: Study) -> QuerySet[StudySignature]:
    return study.signatures.select_related("by")


def notes_of(study: Study) -> QuerySet[StudyNote]:
    """Never public: for whoever reads the study."""
    return study.notes.select_related("by")


def projects_to_withdraw(budget: Budget) -> QuerySet[Project]:
    leaving = [state for state, next_ones in PROJECT_MOVES.items() if ProjectState.WITHDRAWN in next_ones]
    return projects(budget).filter(state__in=leaving)


def may_be_withdrawn(project: Project) -> bool:
    return ProjectState.WITHDRAWN in PROJECT_MOVES[ProjectState(project.state)]


def is_on_ballot(project: Project) -> bool:
    return BallotOption.objects.filter(project=project, withdrawn_at=None).exists()


def result_followed_by(person: Any, budget: Budget) -> bool:
    """Whether an account or a visitor asked to be told of the result."""
    theirs = of(person, "participant")
    return theirs is not None and BudgetFollow.objects.filter(theirs, budget=budget).exists()


def follows_of(person: Any) -> QuerySet[ProjectFollow]:
    """The projects that an account or a visitor follows; nobody follows for a stranger."""
    theirs = of(person, "participant")
    return ProjectFollow.objects.filter(theirs, stopped_at=None) if theirs else ProjectFollow.objects.none()
