"""Panels drawn by lot: what an editor typed read as quotas, the frozen list, the letters. See ``tally.panels``."""
