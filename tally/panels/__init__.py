"""Drawing a citizens' panel by lot, with quotas: ``draw``, ``replaced``, ``chances``, ``fingerprint``."""

from tally.panels.drawing import Drawn, Impossible, Pool, chances, draw, replaced
from tally.panels.pool import fingerprint

__all__ = ["Drawn", "Impossible", "Pool", "chances", "draw", "fingerprint", "replaced"]
