"""What may be read of a map at a moment: nothing before its time, nor of statements taken out since."""

from dataclasses import dataclass
from datetime import datetime

from consult import policies
from consult.choices import ALLOWED_IN, Act
from consult.models import Consultation, OpinionMap, Statement
from consult.phases import current
from consult.public import Asked


@dataclass(frozen=True)
class Read:
    """``run``: the last result, None before the first; ``drawing``: the run that is under way, if any."""

    run: OpinionMap | None
    drawing: OpinionMap | None
    statements: dict[str, Statement]


def is_there(asked: Asked) -> bool:
    """Whether this consultation has a map: its first page says so, and something can be answered."""
    return asked.consultation.page.has_map


def is_open(asked: Asked) -> bool:
    return current(asked.phases, Act.STATE, at=asked.at) is not None


def hidden_until(asked: Asked) -> datetime | None:
    """When the map may be read, if the consultation hides it until the end; None when it may be now."""
    if not asked.consultation.page.map_hides_results:
        return None
    ends = [phase.closes_at for phase in asked.phases if phase.kind in ALLOWED_IN[Act.STATE]]
    last = max(ends, default=None)
    return last if last is not None and asked.at < last else None


def files_open(asked: Asked) -> bool:
    """Whether the file of answers is given: promised to those who answered, and everything is over."""
    ends = [phase.closes_at for phase in asked.phases if phase.kind in ALLOWED_IN[Act.STATE]]
    return is_there(asked) and asked.consultation.opens_answers and bool(ends) and max(ends) <= asked.at


def read(consultation: Consultation) -> Read:
    """The last result, with the statements that still stand. Ask ``hidden_until`` first."""
    runs = policies.maps_of(consultation)
    run = runs.done().first()
    drawing = runs.unfinished().first()
    standing = Statement.objects.standing().filter(consultation=consultation) if run and not run.refusal else ()
    return Read(run, drawing, {str(one.number): one for one in standing})


def is_mapped(consultation: Consultation) -> bool:
    """Whether the last result has groups: without them, too little was said for people to be lost in the number."""
    run = policies.maps_of(consultation).done().first()
    return run is not None and not run.refusal
