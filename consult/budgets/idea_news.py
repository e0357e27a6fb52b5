"""What became of an idea, told to its author by one letter. The outbox holds keys only."""

from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consult import recipients
from consult.budgets.choices import IdeaNews
from consult.budgets.models import Project, Suggestion, SuggestionNews
from letters.actions import promise
from letters.models import Letter
from letters.renderers import Message, from_templates
from letters.topics import Topic

KIND = "budgets.idea"
TOPIC = Topic(
    "budgets.idea",
    gettext_lazy("What becomes of your ideas for a budget"),
    gettext_lazy("Always sent: you filed an idea, and the administration says what it makes of it."),
    kinds=(KIND,),
)


def tell(kind: IdeaNews, ideas: Iterable[Suggestion], *, project: Project | None = None) -> int:
    """Promise a letter to the author of each idea, in the caller's transaction; how many were promised.

    Ideas have their ``author__user`` at hand. Who left an address nowhere is not written to.
    """
    promised = 0
    for idea in ideas:
        if address := recipients.address_of(idea.author):
            row = SuggestionNews.objects.create(suggestion=idea, kind=kind, project=project)
            letter = promise(
                KIND,
                key=row.pk,
                campaign=f"{KIND}:{row.pk}",
                recipient=address,
                address=address,
                is_mass=True,
                language=settings.LANGUAGE_CODE,
            )
            promised += letter is not None
    return promised


def render(letter: Letter) -> Message:
    """What happened, in one sentence that is the subject; then why, and where to read it."""
    rows = SuggestionNews.objects.select_related("suggestion__budget__page", "project__budget__page")
    news = rows.get(pk=letter.key)
    idea = news.suggestion
    context = {
        "kind": news.kind,
        "page": idea.budget.page,
        "idea": idea,
        "project": news.project,
        "link": settings.BASE_URL + (news.project or idea).get_absolute_url(),
        "idea_link": settings.BASE_URL + idea.get_absolute_url(),
    }
    return from_templates("budget_idea", subject=_subject(news), context=context)


def _subject(news: SuggestionNews) -> str:
    if news.project is not None:
        return _("Your idea no. %(idea)d becomes project no. %(project)d") % {
            "idea": news.suggestion.number,
            "project": news.project.number,
        }
    if news.kind == IdeaNews.SET_ASIDE:
        return _("Your idea no. %(idea)d is not taken up") % {"idea": news.suggestion.number}
    return _("Your idea no. %(idea)d is taken up again") % {"idea": news.suggestion.number}
