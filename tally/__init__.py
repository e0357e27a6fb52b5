"""Counting ballots and mapping opinions: plain Python. Comes with participatory budgets."""
