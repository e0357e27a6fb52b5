"""Drawing a citizens' panel by lot, with quotas: ``draw``, ``chances``, ``fingerprint``. See ``drawing.py``."""

from tally.panels.drawing import Drawn, Impossible, Pool, chances, draw
from tally.panels.pool import fingerprint

__all__ = ["Drawn", "Impossible", "Pool", "chances", "draw", "fingerprint"]
