"""Somebody who proposes: writing, being shown what looks like it, keeping a draft, filing."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_POST

from consult import policies
from consult.actions import drafts
from consult.actions.propositions import file
from consult.actions.votes import vote
from consult.choices import Act, Awaited, Opinion, VoteWidget
from consult.errors import PhaseClosed, RuleBroken
from consult.forms.propositions import PropositionForm
from consult.models import Draft, Proposition, Section
from consult.phases import closed, current
from consult.public import Asked
from consult.similar import similar
from consult.views import proposing_words, visiting_words, who
from consult.views.held import led
from consult.views.kept import keep
from consult.views.opened import asked_or_404, proposition_or_404
from consult.views.rows import row
from moderation.choices import Timing

NOT_STORED = cache_control(private=True, no_store=True)
COOKIE, SALT = "cahier_brouillon", "consult.draft"
COOKIE_LASTS = int(drafts.KEPT_FOR.total_seconds())


@NOT_STORED
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest, slug: str) -> HttpResponse:
    """One screen. What is near stands under the text, and stops nobody."""
    asked = asked_or_404(slug)
    with timezone.override(asked.page.zone):
        phase = current(asked.phases, Act.PROPOSE, at=asked.at)
        if request.method != "POST" and (phase is None or not sections_of(asked)):
            return _closed(request, asked, closed(asked.phases, Act.PROPOSE, at=asked.at), status=200)
        if not _may_write(request, asked) and "draft" not in request.POST:
            if phase is None:
                return _closed(request, asked, closed(asked.phases, Act.PROPOSE, at=asked.at), status=409)
            return _sign_in(request, asked)
        if request.method != "POST":
            return _blank(request, asked)
        if "draft" in request.POST:
            return _kept(request, asked)
        if "support" in request.POST:
            return _supported(request, asked)
        return _filed(request, asked)


@never_cache
@require_POST
def near(request: HttpRequest, slug: str) -> HttpResponse:
    """While the person writes: what looks like it, with its counts unless they are hidden."""
    asked = asked_or_404(slug)
    return render(request, "consult/_near.html", {"near": near_of(asked, request.POST), "searched": True})


@never_cache
@require_POST
def draft(request: HttpRequest, slug: str) -> HttpResponse:
    """While the person writes: their draft is kept."""
    asked = asked_or_404(slug)
    with timezone.override(asked.page.zone):
        kept = _keep(request, asked)
        said = proposing_words.kept(kept.saved_at) if kept else ""
        answer = render(request, "consult/_kept.html", {"said": said})
        return _remember(request, answer, kept)


def _may_write(request: HttpRequest, asked: Asked) -> bool:
    """Somebody who is known, or will be when they have written: where visitors propose, the address comes last."""
    return request.user.is_authenticated or who.takes_visitors(asked, Act.PROPOSE)


def sections_of(asked: Asked) -> list[Section]:
    return [section for section in asked.sections if section.takes_propositions]


def near_of(asked: Asked, typed: Any) -> list[dict[str, Any]]:
    found = similar(asked.consultation, title=typed.get("title", "")[:300], body=typed.get("body", "")[:6000])
    return [_near(one, asked) for one in found]


def _near(one: Proposition, asked: Asked) -> dict[str, Any]:
    section = next((section for section in asked.sections if section.pk == one.section_id), one.section)
    line = row(one, section=section, slug=asked.consultation.page.slug, hides_votes=asked.hides_votes(section))
    told = {"row": line, "excerpt": proposing_words.excerpt(one.body), "state": one.get_state_display()}
    votes_now = section.vote != VoteWidget.NONE and current(asked.phases, Act.VOTE, at=asked.at) is not None
    return told | {"support": votes_now, "argued": one.for_count + one.against_count}


def _blank(request: HttpRequest, asked: Asked) -> HttpResponse:
    """Empty, or the draft that was left."""
    left = None if "vide" in request.GET else _draft_of(request, asked)
    wanted = request.GET.get("rubrique", "")
    open_to = sections_of(asked)
    here = next((one for one in open_to if str(one.pk) == wanted), None)
    initial: dict[str, Any] = {"section": here.pk} if here else {}
    if left:
        initial = {
            "title": left.title,
            "body": left.body,
            "key": left.key,
            "section": left.section_id or initial.get("section"),
        }
    form = PropositionForm(initial=initial, sections=open_to, takes_files=who.may_act(request, asked, Act.PROPOSE))
    return _page(request, asked, form, left=left)


def _kept(request: HttpRequest, asked: Asked) -> HttpResponse:
    """Without scripts: the draft is kept, and what is near is shown."""
    kept = _keep(request, asked)
    takes_files = who.may_act(request, asked, Act.PROPOSE)
    form = PropositionForm(initial=request.POST.dict(), sections=sections_of(asked), takes_files=takes_files)
    said = proposing_words.kept(kept.saved_at) if kept else ""
    return _remember(request, _page(request, asked, form, said=said), kept)


def _supported(request: HttpRequest, asked: Asked) -> HttpResponse:
    """« Support this one »: agreed with in one act, the draft kept in case they come back to it."""
    _keep(request, asked)
    wanted = request.POST["support"]
    number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 9 else 0
    found = proposition_or_404(asked, number, reader=who.reader(request))
    person = who.taking_part(request, asked, Act.VOTE)
    if person is None:
        keep(request, f"vote {asked.consultation.pk} {found.number}", opinion=Opinion.AGREE.value)
        agreed, back = {"number": found.number, "opinion": Opinion.AGREE.value}, proposing_words.own_url(asked, found)
        return led(request, asked, Awaited.VOTE, agreed, said=visiting_words.vote(Opinion.AGREE), back=back)
    try:
        vote(asked.consultation, found.number, Opinion.AGREE, by=person)
    except RuleBroken as broken:
        messages.error(request, str(broken))
    else:
        messages.success(request, proposing_words.supported(found))
    return redirect("consult:proposition", asked.consultation.page.slug, found.number)


def _filed(request: HttpRequest, asked: Asked) -> HttpResponse:
    takes_files = who.may_act(request, asked, Act.PROPOSE)
    form = PropositionForm(request.POST, request.FILES, sections=sections_of(asked), takes_files=takes_files)
    if not form.is_valid():
        return _page(request, asked, form, status=422)
    written = form.written()
    author = who.taking_part(request, asked, Act.PROPOSE)
    if author is None:
        return _led(request, asked, form)
    try:
        filed = file(asked.consultation, form.chosen(), written, by=author, key=form.cleaned_data["key"])
    except PhaseClosed as broken:
        return _closed(request, asked, broken, text=f"{written.title}\n\n{written.body}", status=409)
    except RuleBroken as broken:
        form.add_error(None, str(broken))
        return _page(request, asked, form, status=422)
    messages.success(request, proposing_words.thanks(filed))
    return redirect("consult:proposition", asked.consultation.page.slug, filed.number)


def _led(request: HttpRequest, asked: Asked, form: PropositionForm) -> HttpResponse:
    """To the page that asks for an address: the text waits there, and the draft is kept as well."""
    written, place = form.written(), reverse("consult:propose", args=[asked.consultation.page.slug])
    typed = {
        "section": form.chosen().pk,
        "title": written.title,
        "body": written.body,
        "sources": [list(one) for one in written.sources],
        "key": str(form.cleaned_data["key"]),
    }
    said = f"{written.title}\n\n{written.body}"
    answer = led(request, asked, Awaited.PROPOSITION, typed, said=said, back=place)
    return _remember(request, answer, _keep(request, asked))


def _page(
    request: HttpRequest,
    asked: Asked,
    form: PropositionForm,
    *,
    left: Draft | None = None,
    said: str = "",
    status: int = 200,
) -> HttpResponse:
    typed = {name: str(form[name].value() or "") for name in ("title", "body")}
    context = {
        "asked": asked,
        "form": form,
        "left": left,
        "left_said": proposing_words.left(left) if left else "",
        "said": said,
        "near": near_of(asked, typed) if any(typed.values()) else [],
        "searched": any(typed.values()),
        "before": asked.consultation.page.moderation == Timing.BEFORE,
        "slug": asked.consultation.page.slug,
        "then": visiting_words.then_for_text(request, asked, Act.PROPOSE),
        "author": proposing_words.author(who.reader(request)),
        **proposing_words.crumbs(asked),
    }
    return render(request, "consult/proposition_form.html", context, status=status)


def _sign_in(request: HttpRequest, asked: Asked) -> HttpResponse:
    place = reverse("consult:propose", args=[asked.consultation.page.slug])
    wanted = request.GET.get("rubrique", "")
    messages.info(request, _("Sign in, or open an account: your proposition bears your name."))
    return redirect_to_login(f"{place}?rubrique={wanted}" if wanted.isdecimal() else place)


def _closed(request: HttpRequest, asked: Asked, broken: PhaseClosed, *, text: str = "", status: int) -> HttpResponse:
    context = {"asked": asked, "said": str(broken), "text": text, **proposing_words.crumbs(asked)}
    return render(request, "consult/closed.html", context, status=status)


def _draft_of(request: HttpRequest, asked: Asked) -> Draft | None:
    """The last one of this account, or the one of this browser."""
    mine = policies.drafts_of(request.user).filter(consultation=asked.consultation)
    if request.user.is_authenticated and (found := mine.order_by("-saved_at").first()):
        return found
    key = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=COOKIE_LASTS)
    return policies.drafts_of_a_browser(key).filter(consultation=asked.consultation).first() if key else None


def _keep(request: HttpRequest, asked: Asked) -> Draft | None:
    try:
        key = uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        return None
    wanted = request.POST.get("section", "")
    section = next((one for one in sections_of(asked) if str(one.pk) == wanted), None)
    typed = {name: request.POST.get(name, "") for name in ("title", "body")}
    by = request.user if request.user.is_authenticated else None
    return drafts.keep(asked.consultation, key=key, section=section, by=by, **typed)


def _remember(request: HttpRequest, answer: HttpResponse, kept: Draft | None) -> HttpResponse:
    if kept is not None and kept.user_id is None:
        answer.set_signed_cookie(
            COOKIE,
            str(kept.key),
            salt=SALT,
            max_age=COOKIE_LASTS,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure(),
        )
    return answer
