"""Participatory budgets, from an idea to a realised project: a part of ``consult`` with drawers of its own."""
