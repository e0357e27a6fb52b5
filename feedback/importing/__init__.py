"""Past feedback from a file: reading the table, guessing its columns, saying line by line what cannot be taken.

Nothing here writes but ``place``: ``actions.importing`` decides and records. What is read is personal data; what is
said about a line quotes it masked.
"""

from feedback.importing.checking import Checked, Line, Reject, check
from feedback.importing.columns import FIELDS, Mapping, guess
from feedback.importing.placing import HEARD, help_cutting, place, waiting
from feedback.importing.progress import Placing, heard_in, held_by, lines_read, placing_of, tell
from feedback.importing.refused import refused_csv, said
from feedback.importing.sheet import MOST_LINES, MOST_MEGABYTES, NotATable, Sheet, read, text_of

__all__ = [
    "FIELDS",
    "HEARD",
    "MOST_LINES",
    "MOST_MEGABYTES",
    "Checked",
    "Line",
    "Mapping",
    "NotATable",
    "Placing",
    "Reject",
    "Sheet",
    "check",
    "guess",
    "heard_in",
    "held_by",
    "help_cutting",
    "lines_read",
    "place",
    "placing_of",
    "read",
    "refused_csv",
    "said",
    "tell",
    "text_of",
    "waiting",
]
