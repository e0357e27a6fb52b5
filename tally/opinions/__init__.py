"""Opinion maps: people answer short statements (agree, disagree, pass); those who answer alike are found and told.

The method follows what Polis publishes (compdemocracy.org; Small et al., « Polis: Scaling Deliberation by Mapping High
Dimensional Opinion Spaces », Recerca 26, 2021). No code of Polis was read.
"""

from tally.opinions.dividing import Dividing, dividing
from tally.opinions.mapping import METHOD, Group, OpinionMap, Placements, StatementFigures, opinion_map
from tally.opinions.statements import Consensus, Representative
from tally.opinions.votes import Votes

__all__ = [
    "METHOD",
    "Consensus",
    "Dividing",
    "Group",
    "OpinionMap",
    "Placements",
    "Representative",
    "StatementFigures",
    "Votes",
    "dividing",
    "opinion_map",
]
