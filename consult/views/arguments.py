"""One argument: its page, writing it, answering it, saying it is useful, taking it back."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.policies import services_owned_by
from consult import policies, threads
from consult.actions import arguments as acts
from consult.choices import Act, Side
from consult.errors import RuleBroken
from consult.forms.debate import ArgumentForm, ReplyForm
from consult.models import Argument, Proposition
from consult.people import participant_of
from consult.phases import closed
from consult.public import Asked
from consult.views import debate, proposition_words
from consult.views import debate_words as words
from consult.views.kept import forget, keep, kept
from consult.views.opened import asked_or_404, proposition_or_404, section_of
from consult.views.refusing import refused


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One side and a text. A visitor writes first, signs in next, and finds the text again."""
    asked = asked_or_404(slug)
    with timezone.override(asked.page.zone):
        proposition = proposition_or_404(asked, number, reader=request.user)
        place = f"argue {asked.consultation.pk} {number}"
        if request.method != "POST":
            return _writing(request, asked, proposition, _fresh(request, place))
        form = ArgumentForm(request.POST)
        if not form.is_valid():
            return _writing(request, asked, proposition, form, status=422)
        if not request.user.is_authenticated:
            keep(request, place, side=form.cleaned_data["side"], text=form.cleaned_data["text"])
            return redirect_to_login(request.path)
        return _file(request, asked, proposition, form, place)


def _fresh(request: HttpRequest, place: str) -> ArgumentForm:
    side = request.GET.get("cote", "")
    return ArgumentForm(initial=kept(request, place) or {"side": side if side in Side.values else ""})


def _file(request: HttpRequest, asked: Asked, proposition: Proposition, form: ArgumentForm, place: str) -> HttpResponse:
    said = form.cleaned_data
    try:
        written = acts.argue(
            asked.consultation,
            proposition.number,
            Side(said["side"]),
            said["text"],
            by=participant_of(request.user),
            key=said["idempotency_key"],
        )
    except RuleBroken as broken:
        back = words.address("proposition", asked, proposition.number)
        return refused(request, broken, back=back, text=said["text"])
    forget(request, place)
    messages.success(
        request,
        _("Your argument is published, under number %(number)d.") % {"number": written.number}
        if written.is_shown
        else _("Thank you. A moderator reads your argument before it is published."),
    )
    return redirect(words.address("argument", asked, proposition.number, written.number))


def _writing(
    request: HttpRequest, asked: Asked, proposition: Proposition, form: ArgumentForm, status: int = 200
) -> HttpResponse:
    section = section_of(asked, proposition)
    may = debate.acts(request, asked, section, proposition)
    page = {
        "asked": asked,
        "proposition": proposition,
        "form": form,
        "why_closed": "" if may["may_argue"] else _why(asked),
        "url": words.address("proposition", asked, proposition.number),
        **may,
        **proposition_words.crumbs(asked, section, proposition, here=_("Add an argument")),
    }
    return render(request, "consult/argument_form.html", page, status=status)


def _why(asked: Asked) -> str:
    return str(closed(asked.phases, Act.ARGUE, at=asked.at))


@require_safe
def read(request: HttpRequest, slug: str, number: int, argument_number: int) -> HttpResponse:
    """An argument with all its answers, and all those that say nearly the same."""
    asked = asked_or_404(slug)
    with timezone.override(asked.page.zone):
        proposition, argument = _argument(request, asked, number, argument_number)
        place = _reply_place(argument)
        form = ReplyForm(initial=kept(request, place), services=_services(request))
        return _drawn(request, asked, proposition, argument, form)


def _argument(request: HttpRequest, asked: Asked, number: int, argument_number: int) -> tuple[Proposition, Argument]:
    proposition = proposition_or_404(asked, number, reader=request.user)
    rows = policies.arguments_with_a_page(proposition, request.user).select_related("author", "fold", "case")
    if request.user.is_authenticated:
        rows = rows.annotate(is_marked=threads.marked_by(request.user))
    return proposition, get_object_or_404(rows, number=argument_number)


def _services(request: HttpRequest) -> Any:
    """Those in whose name this person may answer; None for nearly everybody."""
    owned = services_owned_by(request.user)
    return owned if owned.exists() else None


def _reply_place(argument: Argument) -> str:
    return f"reply {argument.pk}"


def _drawn(
    request: HttpRequest,
    asked: Asked,
    proposition: Proposition,
    argument: Argument,
    form: ReplyForm,
    status: int = 200,
) -> HttpResponse:
    section = section_of(asked, proposition)
    may = debate.acts(request, asked, section, proposition)
    is_mine = request.user.is_authenticated and argument.author.user_id == request.user.pk
    page = {
        "asked": asked,
        "proposition": proposition,
        "one": threads.one(argument),
        "form": form,
        "side": words.side_words(Side(argument.side), count=1, left=0, more_url=""),
        "url": words.address("proposition", asked, proposition.number),
        "is_mine": is_mine,
        "why_closed": "" if may["may_argue"] else _why(asked),
        **may,
        **proposition_words.crumbs(
            asked, section, proposition, here=_("Argument %(number)d") % {"number": argument.number}
        ),
    }
    return render(request, "consult/argument.html", page, status=status)


@never_cache
@require_POST
def answer(request: HttpRequest, slug: str, number: int, argument_number: int) -> HttpResponse:
    asked = asked_or_404(slug)
    with timezone.override(asked.page.zone):
        proposition, argument = _argument(request, asked, number, argument_number)
        form = ReplyForm(request.POST, services=_services(request))
        if not form.is_valid():
            return _drawn(request, asked, proposition, argument, form, status=422)
        here, text = words.address("argument", asked, number, argument_number), form.cleaned_data["text"]
        if not request.user.is_authenticated:
            keep(request, _reply_place(argument), text=text)
            return redirect_to_login(f"{here}#repondre")
        try:
            written = acts.reply(
                asked.consultation,
                argument,
                text,
                by=participant_of(request.user),
                service=form.cleaned_data.get("service"),
                key=form.cleaned_data["idempotency_key"],
            )
        except RuleBroken as broken:
            return refused(request, broken, back=here, text=text)
        except Argument.DoesNotExist as missing:
            raise Http404 from missing
        forget(request, _reply_place(argument))
        if not written.is_shown:
            messages.success(request, _("Thank you. A moderator reads your answer before it is published."))
        return redirect(f"{here}#reponse-{written.pk}")


@never_cache
@require_POST
def useful(request: HttpRequest, slug: str, number: int, argument_number: int) -> HttpResponse:
    """``useful``: 1 says it, 0 takes it back. Leads back to where the button was."""
    asked = asked_or_404(slug)
    _proposition, argument = _argument(request, asked, number, argument_number)
    back = _back(request, words.address("argument", asked, number, argument_number))
    if not request.user.is_authenticated:
        return redirect_to_login(back)
    try:
        acts.find_useful(
            asked.consultation,
            argument,
            by=participant_of(request.user),
            useful=request.POST.get("useful") != "0",
        )
    except RuleBroken as broken:
        return refused(request, broken, back=back)
    except Argument.DoesNotExist as missing:
        raise Http404 from missing
    return redirect(f"{back.partition('#')[0]}#argument-{argument_number}")


def _back(request: HttpRequest, otherwise: str) -> str:
    """Where the button stood: an address of a consultation of this site, nothing else."""
    wanted = request.POST.get("back", "")
    is_ours = wanted.startswith("/consultations/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_ours else otherwise


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, slug: str, number: int, argument_number: int) -> HttpResponse:
    """Its author alone: what it costs, then it is done."""
    asked = asked_or_404(slug)
    with timezone.override(asked.page.zone):
        proposition, argument = _argument(request, asked, number, argument_number)
        if argument.author.user_id != request.user.pk:
            raise Http404
        here = words.address("argument", asked, number, argument_number)
        if request.method != "POST":
            page = {
                "asked": asked,
                "proposition": proposition,
                "argument": argument,
                "url": here,
                **proposition_words.crumbs(
                    asked, section_of(asked, proposition), proposition, here=_("Withdraw my argument")
                ),
            }
            return render(request, "consult/argument_withdraw.html", page)
        try:
            acts.withdraw_argument(asked.consultation, argument, by=participant_of(request.user))
        except RuleBroken as broken:
            return refused(request, broken, back=here)
        messages.success(request, _("Your argument is withdrawn. Its number stays, its text is no longer shown."))
        return redirect(words.address("proposition", asked, number))
