"""Publishing a synthesis: what it cites can be read, is kept as rows, and its authors are told once."""

from collections.abc import Callable, Iterable

from django.db import transaction

from consult import citing, news, policies, tasks
from consult.citing import Cited
from consult.errors import CitesTheUnknown
from consult.models import Argument, Citation, SynthesisPage
from journal.actions import record


@transaction.atomic
def publish(page: SynthesisPage, *, then: Callable[[], None]) -> None:
    """Make a draft public by Wagtail's own save (``then``). Raises ``CitesTheUnknown``."""
    consultation = policies.consultation_above(page)
    if wrong := citing.missing(page, consultation):
        raise CitesTheUnknown(wrong)
    then()
    found = citing.read(consultation, citing.references(f"{page.intro} {citing.html_of(page)}")).values()
    _keep(page, found)
    by = page.live_revision.user if page.live_revision else None
    record("consultation.synthesis_published", consultation, by=by, citations=len(found))


def _keep(page: SynthesisPage, found: Iterable[Cited]) -> None:
    """One row a citation; whoever is newly cited is told, and nobody twice."""
    wanted = {(one.proposition.pk, one.argument.pk if one.argument else None): one for one in found}
    for row in Citation.objects.filter(page=page):
        if (row.proposition_id, row.argument_id) in wanted:
            wanted.pop((row.proposition_id, row.argument_id))
        else:
            row.delete()
    Citation.objects.bulk_create(
        [Citation(page=page, proposition=one.proposition, argument=one.argument) for one in wanted.values()],
        ignore_conflicts=True,
    )
    for proposition in {one.proposition for one in wanted.values()}:
        arguments = Argument.objects.filter(citations__page=page, proposition=proposition)
        _tell(news.of_citation(proposition, page.pk, arguments))


def _tell(told: news.News | None) -> None:
    if told is not None:
        transaction.on_commit(lambda: tasks.ring(tasks.tell_news, told.pk))
