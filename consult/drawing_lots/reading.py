"""From what an editor typed and what people answered to a pool that ``tally.panels`` draws from."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from consult.models import Criterion, Draw, PanelPage, Volunteer
from tally.panels import Drawn, Impossible, Pool
from tally.panels.pool import Bounds

Quotas = dict[str, dict[str, Bounds]]
_SHARE = re.compile(r"^(?P<answer>.*\S)\s*:\s*(?P<low>\d{1,4})(?:\s*(?:à|-|–|to)\s*(?P<high>\d{1,4}))?$")
LONGEST = 60  # characters of an answer


def in_order(panel: PanelPage) -> list[Criterion]:
    """Of a draft or of a page kept, as they are asked."""
    return sorted(panel.criteria.all(), key=lambda one: (one.sort_order or 0, one.pk or 0))


def share(line: str, *, size: int) -> tuple[str, Bounds]:
    """« 16 à 29 ans : 7 à 9 » → the answer, and how many members. Without figures: as many as come.

    Raises ``ValueError`` when there is no answer, or when figures are upside down.
    """
    found = _SHARE.match(line.strip())
    answer = (found["answer"] if found else line).strip()
    low, high = (int(found["low"]), int(found["high"] or found["low"])) if found else (0, size)
    if not answer or len(answer) > LONGEST or high < low:
        raise ValueError(line)
    return answer, Bounds(low, high)


def answers_of(criterion: Criterion, *, size: int = 1) -> list[str]:
    return [share(line, size=size)[0] for line in criterion.shares]


def quotas_of(panel: PanelPage, criteria: Iterable[Criterion]) -> Quotas:
    """Criterion → answer → at least, at most."""
    return {one.label: dict(share(line, size=panel.size) for line in one.shares) for one in criteria}


def faults(panel: PanelPage, criteria: Sequence[Criterion]) -> list[str]:
    """What is wrong, in words; [] when people can answer, and when some panel of this size could be drawn."""
    found = []
    for one in criteria:
        try:
            bounds = dict(share(line, size=panel.size) for line in one.shares)
        except ValueError as wrong:
            found.append(
                _("“%(line)s” cannot be read: write an answer, a colon, then how many members.") % {"line": wrong}
            )
            continue
        told = {"criterion": one.label, "size": panel.size}
        if len(bounds) < 2 or len(bounds) != len(one.shares):
            found.append(_("%(criterion)s: give two answers at least, each once.") % told)
        elif sum(bound.low for bound in bounds.values()) > panel.size:
            found.append(_("%(criterion)s: these answers ask for more than %(size)d members.") % told)
        elif sum(bound.high for bound in bounds.values()) < panel.size:
            found.append(_("%(criterion)s: these answers do not make %(size)d members.") % told)
    return found


def pool_of(panel: PanelPage) -> Pool:
    """The list as it stands: everybody in it, under their numbers."""
    rows = Volunteer.objects.filter(panel=panel.pk).values_list("code", "answers")
    return Pool(dict(rows), quotas_of(panel, in_order(panel)), panel.size)


def frozen_pool(draw: Draw) -> Pool:
    """The list that was frozen, with the rules of that day."""
    rows = Volunteer.objects.filter(panel=draw.panel_id).values_list("code", "answers")
    return Pool(dict(rows), bounds_of(draw.rules), draw.rules["size"])


def bounds_of(rules: Mapping[str, Any]) -> Quotas:
    quotas = rules["quotas"].items()
    return {label: {answer: Bounds(*pair) for answer, pair in of.items()} for label, of in quotas}


def drawn_before(draw: Draw) -> Drawn:
    """The draw as it was kept, for ``tally.panels.replaced``."""
    return Drawn(draw.chosen, [], {}, draw.seed)


def counted(pool: Pool, people: Iterable[str]) -> dict[str, dict[str, int]]:
    """Criterion → answer, in the editor's order → how many of these people."""
    people = list(people)
    found = {}
    for label, answers in pool.quotas.items():
        counts = Counter(pool.volunteers[one][label] for one in people)
        found[label] = {answer: counts[answer] for answer in answers}
    return found


def why(impossible: Impossible) -> list[str]:
    """The quotas that fail alone, in words."""
    return [_reason(*reason) for reason in impossible.reasons]


def _reason(label: str, answer: str, wanted: int, there: int) -> str:
    told = {"criterion": label, "answer": answer, "wanted": wanted, "there": there}
    if answer:
        return _("%(criterion)s, %(answer)s: %(wanted)d wanted, %(there)d volunteers.") % told
    return _("%(criterion)s: %(wanted)d wanted, %(there)d possible.") % told
