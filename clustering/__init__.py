"""Texts in, themes out. Plain Python: no web, no database, no network.

>>> vectors = encode(texts)
>>> grouping = group(texts, vectors=vectors)
"""

from clustering.assign import Assignment, Model
from clustering.grouping import Grouping, group
from clustering.identity import Change, Event, compare, lineage, match
from clustering.labels import keyphrase_spans
from clustering.links import ContradictoryLinks
from clustering.mentions import Mention, documents
from clustering.near_duplicates import duplicates
from clustering.nuclei import nucleate
from clustering.segments import Passage, segment
from clustering.semantic import MODEL_VERSION, encode
from clustering.themes import Theme

__all__ = [
    "MODEL_VERSION",
    "Assignment",
    "Change",
    "ContradictoryLinks",
    "Event",
    "Grouping",
    "Mention",
    "Model",
    "Passage",
    "Theme",
    "compare",
    "documents",
    "duplicates",
    "encode",
    "group",
    "keyphrase_spans",
    "lineage",
    "match",
    "nucleate",
    "segment",
]
