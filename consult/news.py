"""What was made of a text, told to who wrote it and to who argued about it: one letter each.

A row a person is written in the transaction of the act, which rings ``tasks.tell_news``; the worker promises the
letters. The outbox holds keys only.
"""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from consult import recipients
from consult.choices import NewsKind
from consult.models import Argument, Merge, News, NewsTo, Proposition
from letters.actions import promise
from letters.models import Letter
from letters.renderers import Message, from_templates

KIND = "consult.news"
AT_ONCE = 200  # letters promised in one transaction


def of_merge(kind: NewsKind, *, merge: Merge) -> News:
    """To the authors of the propositions; once it is done or undone, to those who answered too.

    Those who argued follow the proposition: their digest tells them of the merging, and not that it was undone.
    """
    keys = [*merge.sources.values_list("pk", flat=True), *([merge.into_id] if merge.into_id else [])]
    told = Q(pk__in=Proposition.objects.filter(pk__in=keys).values("author"))
    if kind == NewsKind.UNMERGED:
        told |= Q(pk__in=_argued(Argument.objects.filter(proposition__in=merge.sources.values("pk"))))
    if kind in (NewsKind.MERGED, NewsKind.UNMERGED):
        told |= Q(pk__in=merge.voices.exclude(wants=None).values("participant"))
    about = merge.into or merge.sources.order_by("number")[0]
    return _tell(News(kind=kind, proposition=about, merge=merge), told)


def of_citation(proposition: Proposition, page_pk: int, arguments: QuerySet[Argument]) -> News | None:
    """To the author of the proposition that a synthesis cites, and of those of its arguments that it cites; once."""
    if News.objects.filter(proposition=proposition, page=page_pk).exists():
        return None
    told = Q(pk=proposition.author_id) | Q(pk__in=_argued(arguments))
    return _tell(News(kind=NewsKind.CITED, proposition=proposition, page_id=page_pk), told)


def _argued(arguments: QuerySet[Argument]) -> QuerySet:
    return arguments.filter(is_shown=True, withdrawn_at=None).order_by().values("author")


def _tell(news: News, told: Q) -> News:
    news.save()
    people = recipients.reachable().filter(told).values_list("pk", flat=True)
    NewsTo.objects.bulk_create((NewsTo(news=news, participant_id=key) for key in people), batch_size=1000)
    return news


def tell(news: int) -> int:
    """Promise the letters that are not promised yet; how many. Twice at once tells nobody twice."""
    promised = 0
    while count := _tell_some(news):
        promised += count
    return promised


@transaction.atomic
def _tell_some(news: int) -> int:
    waiting = NewsTo.objects.select_for_update(of=("self",), skip_locked=True).select_related("participant__user")
    some = list(waiting.filter(news=news, is_promised=False).order_by("pk")[:AT_ONCE])
    for one in some:
        if address := recipients.address_of(one.participant):
            promise(
                KIND,
                key=one.pk,
                campaign=f"{KIND}:{news}",
                recipient=address,
                address=address,
                is_mass=True,
                language=settings.LANGUAGE_CODE,
            )
    NewsTo.objects.filter(pk__in=[one.pk for one in some]).update(is_promised=True)
    return len(some)


def late() -> list[int]:
    """The news of which somebody was not told yet: a doorbell that did not ring."""
    return list(NewsTo.objects.filter(is_promised=False).order_by().values_list("news", flat=True).distinct())


def render(letter: Letter) -> Message:
    """What happened, in one sentence that is the subject; then why, and where to read it."""
    rows = NewsTo.objects.select_related("news__proposition__consultation__page", "news__merge__into", "news__page")
    told = rows.get(pk=letter.key)
    news, merge = told.news, told.news.merge
    context = {
        "kind": news.kind,
        "page": news.proposition.consultation.page,
        "proposition": news.proposition,
        "reason": _reason(news),
        "sources": list(merge.sources.order_by("number")) if merge else [],
        "into": merge.into if merge else None,
        "merge": merge,
        "is_author": news.proposition.author_id == told.participant_id,
        "link": settings.BASE_URL + news.proposition.get_absolute_url(),
        "synthesis": settings.BASE_URL + news.page.specific.url if news.page else "",
    }
    return from_templates("consult_news", subject=_subject(news), context=context)


def _reason(news: News) -> str:
    if news.merge is None:
        return ""
    ended = news.kind in (NewsKind.DROPPED, NewsKind.UNMERGED)
    return news.merge.end_reason if ended else news.merge.reason


def _subject(news: News) -> str:
    words: dict[str, Any] = {
        NewsKind.ASKED: _("A merging is considered around proposition #%(number)d"),
        NewsKind.MERGED: _("Propositions are merged into #%(number)d"),
        NewsKind.DROPPED: _("The merging around proposition #%(number)d is given up"),
        NewsKind.UNMERGED: _("The merging into proposition #%(number)d is undone"),
        NewsKind.CITED: _("The synthesis cites proposition #%(number)d"),
    }
    return words[news.kind] % {"number": news.proposition.number}
