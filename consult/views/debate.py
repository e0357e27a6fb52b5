"""What stands below the text of a proposition: its votes and its arguments."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from consult import texts, threads
from consult.choices import Act, ArgumentOrder, PropositionState, Side
from consult.models import Proposition, Section
from consult.phases import current
from consult.public import Asked
from consult.threads import Column, Said
from consult.views import debate_words as words
from consult.views import proposition_words, said, visiting_words, who
from consult.views.kept import kept
from consult.views.opened import asked_or_404, proposition_or_404, section_of
from consult.views.seeds import seed_of

A_SIDE = 8
A_PAGE = 30
PRINTED = 2000


def context(request: HttpRequest, asked: Asked, proposition: Proposition) -> dict[str, Any]:
    """What ``_vote.html`` and ``_arguments.html`` read."""
    section = section_of(asked, proposition)
    order = _order(request)
    shown = threads.columns(proposition, order=order, seed=seed_of(request), many=A_SIDE, reader=who.reader(request))
    columns = [_column(asked, proposition, side, shown[side], order) for side in Side]
    may = acts(request, asked, section, proposition)
    return {
        "vote": _vote(request, asked, section, proposition),
        "takes_arguments": section.takes_arguments or bool(proposition.for_count + proposition.against_count),
        "heading": words.heading(proposition),
        "columns": columns,
        "said": said.drawn(
            _interleaved(*(shown[side].said for side in Side)), base=may["base"], may_argue=may["may_argue"]
        ),
        "orders": words.orders(order),
        "order_sentence": words.order_sentence(order),
        "printed_url": words.address("arguments_printed", asked, proposition.number),
        **may,
    }


def acts(request: HttpRequest, asked: Asked, section: Section, proposition: Proposition) -> dict[str, Any]:
    """What one may do now under this proposition, for the eye: the acts judge again."""
    is_open = current(asked.phases, Act.ARGUE, at=asked.at) is not None and section.takes_arguments
    return {
        "may_argue": is_open and stands(proposition),
        "argue_url": words.address("argue", asked, proposition.number),
        "base": words.address("arguments", asked, proposition.number),
        "back": request.get_full_path(),
        "then": visiting_words.then_for_text(request, asked, Act.ARGUE),
    }


def stands(proposition: Proposition) -> bool:
    return proposition.state == PropositionState.PUBLISHED and proposition.is_shown


def _vote(request: HttpRequest, asked: Asked, section: Section, proposition: Proposition) -> dict[str, Any] | None:
    chosen = kept(request, f"vote {asked.consultation.pk} {proposition.number}").get("opinion", "")
    panel = words.vote_panel(asked, section, proposition, kept=chosen, may_write=stands(proposition))
    return panel and {
        **panel,
        "then": visiting_words.then_for_choice(request, asked, Act.VOTE),
        "is_visitor": who.visitor(request) is not None,
    }


def _column(asked: Asked, proposition: Proposition, side: Side, column: Column, order: ArgumentOrder) -> Any:
    count = proposition.for_count if side == Side.FOR else proposition.against_count
    url = words.address("arguments", asked, proposition.number)
    last = column.said[-1].argument.number if column.said else 0
    more_url = f"{url}?{urlencode({'cote': side.value, 'tri': order.value, 'apres': last})}"
    return words.side_words(side, count=count, left=column.left, more_url=more_url)


def _interleaved(first: list[Said], second: list[Said]) -> list[Said]:
    """One for, one against, and so on: on a phone neither side speaks first for long."""
    both = [one for pair in zip(first, second, strict=False) for one in pair]
    shortest = min(len(first), len(second))
    return [*both, *first[shortest:], *second[shortest:]]


def _order(request: HttpRequest) -> ArgumentOrder:
    asked_for = request.GET.get("tri", "")
    return ArgumentOrder(asked_for) if asked_for in ArgumentOrder.values else ArgumentOrder.LOT


@require_safe
def side(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One side, a page at a time."""
    asked = asked_or_404(slug)
    with timezone.override(asked.page.zone):
        proposition = proposition_or_404(asked, number, reader=who.reader(request))
        section, order = section_of(asked, proposition), _order(request)
        chosen = Side.AGAINST if request.GET.get("cote") == Side.AGAINST else Side.FOR
        found, has_more = threads.one_side(
            proposition,
            chosen,
            order=order,
            seed=seed_of(request),
            many=A_PAGE,
            reader=who.reader(request),
            after=_number(request.GET.get("apres", "")),
        )
        count = proposition.for_count if chosen == Side.FOR else proposition.against_count
        may = acts(request, asked, section, proposition)
        same = {"cote": chosen.value, "tri": order.value}
        page = {
            "asked": asked,
            "proposition": proposition,
            "chosen": words.side_words(chosen, count=count, left=0, more_url=""),
            "said": said.drawn(found, base=may["base"], may_argue=may["may_argue"]),
            "first_url": f"?{urlencode(same)}" if "apres" in request.GET else "",
            "next_url": f"?{urlencode({**same, 'apres': found[-1].argument.number})}" if has_more else "",
            "order_sentence": words.order_sentence(order),
            **may,
            **proposition_words.crumbs(asked, section, proposition, here=words.side_title(chosen)),
        }
        return render(request, "consult/arguments.html", page)


@require_safe
def printed(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The proposition and all its arguments, in the order of their numbers, for paper."""
    asked = asked_or_404(slug)
    with timezone.override(asked.page.zone):
        proposition = proposition_or_404(asked, number, reader=who.reader(request))
        section = section_of(asked, proposition)
        found = threads.whole(proposition, at_most=PRINTED)
        page = {
            "asked": asked,
            "proposition": proposition,
            "kicker": proposition_words.kicker(section, proposition.number),
            "filed": proposition_words.filed(proposition),
            "body": texts.shown(proposition.body),
            "counts": words.counts(asked, section, proposition) if section.vote != "none" else None,
            "columns": [(words.side_title(one), _printed(found, one)) for one in Side],
            **proposition_words.crumbs(asked, section, proposition, here=words.heading(proposition)),
        }
        return render(request, "consult/arguments_printed.html", page)


def _printed(found: list[Said], side: Side) -> list[Any]:
    return [said.words(each) for each in found if each.argument.side == side]


def _number(asked_for: str) -> int:
    """The number of an argument; 0 for anything else."""
    return int(asked_for) if asked_for.isascii() and asked_for.isdigit() and len(asked_for) < 9 else 0
