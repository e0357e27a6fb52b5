"""« #12 » in a text of the administration is proposition 12; « #12-3 » is its argument 3. Found, checked, linked."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import unescape

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from consult import policies
from consult.models import Argument, Citation, Consultation, Proposition, SynthesisPage

_CITED = re.compile(r"(?<![\w&/#])#(\d{1,7})(?:-(\d{1,6}))?(?![\w])")
_TAG = re.compile(r"(<[^>]*>)")

Reference = tuple[int, int | None]


@dataclass(frozen=True)
class Cited:
    """A proposition, or one of its arguments, that everybody may read."""

    proposition: Proposition
    argument: Argument | None = None


def html_of(page: SynthesisPage) -> str:
    """Its text as it is drawn, links to propositions not made yet."""
    return str(page.body.render_as_block()) if page.body else ""


def references(html: str) -> list[Reference]:
    """Every #number that stands in the words of this HTML, once, in order; those inside a link too."""
    words = unescape(" ".join(part for part in _TAG.split(html) if not part.startswith("<")))
    found = [(int(number), int(argument) if argument else None) for number, argument in _CITED.findall(words)]
    return list(dict.fromkeys(found))


def read(consultation: Consultation, wanted: Iterable[Reference]) -> dict[Reference, Cited]:
    """Those of these references that everybody may read; the others are missing. Two questions."""
    wanted = list(wanted)
    shown = policies.propositions_to_read().filter(consultation=consultation, number__in={one for one, _ in wanted})
    by_number = {one.number: one for one in shown.defer("search", "body")}
    asked = {argument for _, argument in wanted if argument}
    arguments = policies.arguments_to_cite(by_number.values()).filter(number__in=asked) if asked else []
    by_place = {(one.proposition_id, one.number): one for one in arguments}
    found: dict[Reference, Cited] = {}
    for number, argument in wanted:
        proposition = by_number.get(number)
        said = by_place.get((proposition.pk, argument)) if proposition and argument else None
        if proposition and (said or not argument):
            found[number, argument] = Cited(proposition, said)
    return found


def missing(page: SynthesisPage, consultation: Consultation) -> list[str]:
    """What the page cites and nobody may read: « #99 », « #12-40 »."""
    wanted = references(f"{page.intro} {html_of(page)}")
    known = read(consultation, wanted)
    return [written(one) for one in wanted if one not in known]


def written(reference: Reference) -> str:
    number, argument = reference
    return f"#{number}-{argument}" if argument else f"#{number}"


def linked(html: str, urls: Mapping[Reference, str]) -> SafeString:
    """The HTML of an editor with each known #number as a link, except inside a link."""
    parts, inside = [], 0
    for part in _TAG.split(html):
        if part.startswith("<"):
            inside += part.lower().startswith("<a ") - part.lower().startswith("</a")
            parts.append(part)
        else:
            parts.append(part if inside else _CITED.sub(lambda match: _link(match, urls), part))
    return mark_safe("".join(parts))  # noqa: S308 (drawn by Wagtail's blocks; what is added is escaped)


def _link(match: re.Match[str], urls: Mapping[Reference, str]) -> str:
    argument = match.group(2)
    url = urls.get((int(match.group(1)), int(argument) if argument else None))
    return format_html('<a href="{}">{}</a>', url, match.group(0)) if url else match.group(0)


def of_proposition(proposition: Proposition) -> Citation | None:
    """The published synthesis that cites it, or one of its arguments; None without any."""
    return policies.citations_to_read().filter(proposition=proposition).select_related("page").first()
