"""One argument: its page, writing it, answering it, saying it is useful, taking it back."""

from typing import Any

from django.contrib import messages
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
from consult.choices import Act, Awaited, Channel, PropositionState, Side
from consult.errors import NotAllowedNow, RuleBroken
from consult.forms.debate import ArgumentForm, ReplyForm
from consult.importing import provenance_of
from consult.models import Argument, Participant, Proposition
from consult.phases import closed, current
from consult.public import Asked
from consult.views import basket, debate, proposition_words, said, who
from consult.views import debate_words as words
from consult.views.held import led
from consult.views.import_words import trace
from consult.views.kept import forget, keep, kept
from consult.views.opened import asked_or_404, proposition_or_404, section_of
from consult.views.refusing import refused


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One side and a text. Who is not known yet writes first, says who they are next, and finds the text again."""
    asked = asked_or_404(slug)
    with timezone.override(asked.page.zone):
        place = f"argue {asked.consultation.pk} {number}"
        form = ArgumentForm(request.POST) if request.method == "POST" else _fresh(request, place)
        person = who.taking_part(request, asked, Act.ARGUE) if form.is_valid() else None
        if person is not None:
            return _file(request, asked, number, form, person)
        proposition = proposition_or_404(asked, number, reader=who.reader(request))
        if not form.is_valid():
            return _writing(request, asked, proposition, form, status=422 if form.is_bound else 200)
        keep(request, place, side=form.cleaned_data["side"], text=form.cleaned_data["text"])
        return led(request, asked, Awaited.ARGUMENT, **_waiting(number, form), back=request.path)


def _waiting(number: int, form: ArgumentForm) -> dict[str, Any]:
    given = form.cleaned_data
    typed = {"number": number, "side": given["side"], "text": given["text"], "key": str(given["idempotency_key"])}
    return {"typed": typed, "said": given["text"]}


def _fresh(request: HttpRequest, place: str) -> ArgumentForm:
    side = request.GET.get("cote", "")
    return ArgumentForm(initial=kept(request, place) or {"side": side if side in Side.values else ""})


def _file(request: HttpRequest, asked: Asked, number: int, form: ArgumentForm, person: Participant) -> HttpResponse:
    typed = form.cleaned_data
    try:
        written = acts.argue(
            asked.consultation,
            number,
            Side(typed["side"]),
            typed["text"],
            by=person,
            key=typed["idempotency_key"],
        )
    except Proposition.DoesNotExist as missing:
        raise Http404 from missing
    except RuleBroken as broken:
        back = words.address("proposition", asked, number)
        return refused(request, broken, back=back, text=typed["text"])
    forget(request, f"argue {asked.consultation.pk} {number}")
    messages.success(
        request,
        _("Your argument is published, under number %(number)d.") % {"number": written.number}
        if written.is_shown
        else _("Thank you. A moderator reads your argument before it is published."),
    )
    return redirect(words.address("argument", asked, number, written.number))


def _writing(
    request: HttpRequest, asked: Asked, proposition: Proposition, form: ArgumentForm, status: int = 200
) -> HttpResponse:
    section = section_of(asked, proposition)
    may = debate.acts(request, asked, section, proposition)
    page = {
        "asked": asked,
        "proposition": proposition,
        "form": form,
        "why_closed": "" if may["may_argue"] else _why(asked, proposition),
        "url": words.address("proposition", asked, proposition.number),
        **may,
        **proposition_words.crumbs(asked, section, proposition, here=_("Add an argument")),
    }
    return render(request, "consult/argument_form.html", page, status=status)


def _why(asked: Asked, proposition: Proposition) -> str:
    """The hour, or what became of the proposition (merged, withdrawn) while others are still argued on."""
    if proposition.state != PropositionState.PUBLISHED and current(asked.phases, Act.ARGUE, at=asked.at):
        return str(NotAllowedNow(proposition.get_state_display()))
    return str(closed(asked.phases, Act.ARGUE, at=asked.at))


@require_safe
def read(request: HttpRequest, slug: str, number: int, argument_number: int) -> HttpResponse:
    """An argument with all its answers, and all those that say nearly the same."""
    asked = asked_or_404(slug)
    with timezone.override(asked.page.zone):
        try:
            proposition, argument = _argument(request, asked, number, argument_number)
        except Http404:
            above = proposition_or_404(asked, number, reader=who.reader(request))
            removed = basket.removed_argument(request, asked, above, argument_number)
            if removed is None:
                raise
            return removed
        place = _reply_place(argument)
        form = ReplyForm(initial=kept(request, place), services=_services(request))
        return _drawn(request, asked, proposition, argument, form)


def _argument(request: HttpRequest, asked: Asked, number: int, argument_number: int) -> tuple[Proposition, Argument]:
    proposition = proposition_or_404(asked, number, reader=who.reader(request))
    reader = who.reader(request)
    rows = policies.arguments_with_a_page(proposition, reader).select_related("author", "fold", "case")
    return proposition, get_object_or_404(threads.with_the_marks_of(reader, rows), number=argument_number)


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
    one = threads.one(argument)
    page = {
        "asked": asked,
        "proposition": proposition,
        "one": one,
        "said": said.drawn([one], base=may["base"], may_argue=may["may_argue"])[0],
        "form": form,
        "trace": trace(provenance_of(argument) if argument.channel == Channel.IMPORT else None),
        "side": words.side_words(Side(argument.side), count=1, left=0, more_url=""),
        "url": words.address("proposition", asked, proposition.number),
        "is_mine": who.is_theirs(request, argument.author),
        "why_closed": "" if may["may_argue"] else _why(asked, proposition),
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
        person = who.taking_part(request, asked, Act.ARGUE)
        if person is None:
            keep(request, _reply_place(argument), text=text)
            typed = {"argument": argument.pk, "text": text, "key": str(form.cleaned_data["idempotency_key"])}
            return led(request, asked, Awaited.REPLY, typed, said=text, back=f"{here}#repondre")
        try:
            written = acts.reply(
                asked.consultation,
                argument,
                text,
                by=person,
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
    person, is_useful = who.taking_part(request, asked, Act.ARGUE), request.POST.get("useful") != "0"
    if person is None:
        typed = {"argument": argument.pk, "useful": is_useful}
        return led(request, asked, Awaited.USEFUL, typed, said=_("Useful"), back=back)
    try:
        acts.find_useful(asked.consultation, argument, by=person, useful=is_useful)
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
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, slug: str, number: int, argument_number: int) -> HttpResponse:
    """Its author alone: what it costs, then it is done."""
    if not who.is_known(request):
        return redirect_to_login(request.path)
    asked = asked_or_404(slug)
    with timezone.override(asked.page.zone):
        proposition, argument = _argument(request, asked, number, argument_number)
        if not who.is_theirs(request, argument.author):
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
            acts.withdraw_argument(asked.consultation, argument, by=who.participant(request))
        except RuleBroken as broken:
            return refused(request, broken, back=here)
        messages.success(request, _("Your argument is withdrawn. Its number stays, its text is no longer shown."))
        return redirect(words.address("proposition", asked, number))
