"""Contributions in a file of another platform: read as a table, columns recognised, checked line by line.

Nothing here writes: ``actions.importing`` does. Only the columns chosen are read, never the names of authors; what is
read is masked before anybody sees it.
"""

from consult.importing.checking import Checked, Line, Reject, check
from consult.importing.columns import FIELDS, fields_of, guess, platform_of
from consult.importing.tables import NotATable, Table, read
from consult.importing.tracing import imports_of, provenance_of

__all__ = [
    "FIELDS",
    "Checked",
    "Line",
    "NotATable",
    "Reject",
    "Table",
    "check",
    "fields_of",
    "guess",
    "imports_of",
    "platform_of",
    "provenance_of",
    "read",
]
