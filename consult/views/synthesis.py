"""The synthesis of a consultation: the administration's words, each #number a link to what people wrote."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from consult import citing, policies, public
from consult.citing import Cited
from consult.models import SynthesisPage
from consult.phases import clock
from consult.public import Asked
from consult.views import page_words
from consult.views.opened import asked_or_404


@require_safe
def read(request: HttpRequest, slug: str) -> HttpResponse:
    asked = asked_or_404(slug)
    page = get_object_or_404(policies.syntheses_to_read(asked.consultation))
    with timezone.override(asked.page.zone):
        return _drawn(request, asked, page)


def preview(request: HttpRequest, page: SynthesisPage) -> HttpResponse:
    """An editor's draft."""
    above = policies.consultation_above(page)
    asked = public.asked(above, page=above.page, first=above.page, at=clock())
    return _drawn(request, asked, page, unknown=citing.missing(page, above))


def _drawn(
    request: HttpRequest, asked: Asked, page: SynthesisPage, *, unknown: list[str] | None = None
) -> HttpResponse:
    html = citing.html_of(page)
    wanted = citing.references(f"{page.intro} {html}")
    known = citing.read(asked.consultation, wanted)
    urls = {one: _url(asked, cited) for one, cited in known.items()}
    propositions = {cited.proposition.number: cited.proposition for cited in known.values()}
    context = {
        "asked": asked,
        "page": asked.page,
        "synthesis": page,
        "intro": page.intro,
        "body": citing.linked(html, urls),
        "unknown": unknown or [],
        "cited": [
            {"number": number, "title": one.title, "url": _url(asked, Cited(one))}
            for number, one in sorted(propositions.items())
        ],
        "count": ngettext("%(n)s proposition cited", "%(n)s propositions cited", len(propositions))
        % {"n": page_words.figure(len(propositions))},
        "results_url": page_words.address("results", asked),
        "crumbs": [
            {"label": asked.page.title, "url": page_words.address("consultation", asked)},
            {"label": _("Synthesis")},
        ],
    }
    return render(request, "consult/synthesis.html", context)


def _url(asked: Asked, cited: Cited) -> str:
    place = [asked.consultation.page.slug, cited.proposition.number]
    if cited.argument:
        return reverse("consult:argument", args=[*place, cited.argument.number])
    return reverse("consult:proposition", args=place)
