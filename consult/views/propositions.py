"""A proposition: what it says, who wrote it, each of its versions. What is below its text is in ``debate``."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from consult import around, citing, differences, gatherings, policies, results, texts
from consult.choices import Channel
from consult.importing import provenance_of
from consult.models import Proposition, Section, Version
from consult.public import Asked
from consult.views import (
    basket,
    debate,
    decision_words,
    feeds,
    following,
    merging_words,
    page_words,
    proposition_words,
    who,
)
from consult.views.import_words import trace
from consult.views.opened import asked_or_404, proposition_or_404, section_of


@require_safe
def proposition(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Its own page, that outlives its merging, its withdrawal and, as a tombstone, its removal."""
    asked = asked_or_404(slug)
    with timezone.override(asked.page.zone):
        try:
            found = proposition_or_404(asked, number, reader=who.reader(request))
        except Http404:
            removed = basket.removed_proposition(request, asked, number)
            if removed is None:
                raise
            return removed
        section = section_of(asked, found)
        context = {
            **head(request, asked, section, found),
            **debate.context(request, asked, found),
        }
        return render(request, "consult/proposition.html", context)


@require_safe
def versions(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Each text it had, the newest first, with what changed."""
    asked = asked_or_404(slug)
    with timezone.override(asked.page.zone):
        found = proposition_or_404(asked, number, reader=who.reader(request))
        section = section_of(asked, found)
        texts_of_it = list(policies.versions_to_read(found))
        context = {
            "asked": asked,
            "proposition": found,
            "url": _url(asked, found),
            "kicker": proposition_words.kicker(section, found.number),
            "may_take_out": {one.number for one in policies.old_versions_to_take_out(request.user, found)},
            "versions": [_version(now, before) for before, now in zip([None, *texts_of_it], texts_of_it, strict=False)][
                ::-1
            ],
            **proposition_words.crumbs(asked, section, found, here=proposition_words.versions_title()),
        }
        return render(request, "consult/versions.html", context)


def head(request: HttpRequest, asked: Asked, section: Section, found: Proposition) -> dict[str, Any]:
    """What ``_proposition_head.html`` reads."""
    there = around.of_proposition(found)
    sources = list(policies.sources_to_read(found)) if section.takes_sources and "sources" in there else []
    has_files = section.takes_sources and "files" in there
    files = proposition_words.files(found, policies.attachments_to_read(found)) if has_files else []
    merged = list(policies.merged_into(found)) if "merged" in there else []
    url = _url(asked, found)
    return {
        "asked": asked,
        "page": asked.page,
        "section": section,
        "proposition": found,
        "url": url,
        "kicker": proposition_words.kicker(section, found.number),
        "filed": proposition_words.filed(found),
        "trace": trace(provenance_of(found) if found.channel == Channel.IMPORT else None),
        "origin": gatherings.origin_of(found) if found.channel == Channel.MEETING else None,
        "body": texts.shown(found.body),
        "status": proposition_words.status(found),
        "decision": decision_words.panel(results.history(found) if "decisions" in there else [], asked),
        "closed": page_words.closed_banner(asked),
        "sources": sources,
        "files": files,
        "merged": merged,
        "cited_in": citing.of_proposition(found) if "citations" in there else None,
        "considered": merging_words.considered(found, asked) if "merges" in there else [],
        "merged_said": merging_words.arguments_of(found, merged, asked),
        "together": "" if asked.hides_votes(section) else merging_words.together(found, merged),
        "more": proposition_words.more_label(len(sources), found.version, len(merged)),
        "versions_url": reverse("consult:versions", args=[asked.consultation.page.slug, found.number]),
        "share": proposition_words.shares(found, url),
        "feeds": feeds.of_proposition(asked.consultation.page.slug, found.number),
        "follow": following.of_proposition(who.reader(request), f"{url}suivre/", found),
        "own": proposition_words.own_acts(request, asked, found),
        **proposition_words.crumbs(asked, section, here=f"#{found.number}"),
    }


def _version(now: Version, before: Version | None) -> dict[str, Any]:
    before = None if before is None or before.removed_at or now.removed_at else before
    return {
        "number": now.number,
        "created_at": now.created_at,
        "removed_at": now.removed_at,
        "removed_rule": now.get_removed_rule_display(),
        "reason": now.reason,
        "title": differences.pieces(before.title, now.title) if before else [],
        "body": differences.pieces(texts.unmarked(before.body), texts.unmarked(now.body)) if before else [],
        "text": texts.shown(now.body) if before is None else "",
        "first_title": now.title,
    }


def _url(asked: Asked, found: Proposition) -> str:
    return reverse("consult:proposition", args=[asked.consultation.page.slug, found.number])
