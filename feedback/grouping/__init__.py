"""From masked fiches to pain points: cutting, placing as they come, and rebuilding at night.

``clustering`` does the thinking on plain texts; this package gives it the masked passages, obeys what people
decided, and writes down what it says. No permission is judged here, and only the acts call it.
"""

from feedback.grouping.adding import COLUMNS, heard
from feedback.grouping.describing import describe
from feedback.grouping.partition import plan, to_ring
from feedback.grouping.passages import cut, cut_many
from feedback.grouping.placing import place
from feedback.grouping.running import close, finish_here, regroup, run_part
from feedback.grouping.theming import arrange

__all__ = [
    "COLUMNS",
    "arrange",
    "close",
    "cut",
    "cut_many",
    "describe",
    "finish_here",
    "heard",
    "place",
    "plan",
    "regroup",
    "run_part",
    "to_ring",
]
