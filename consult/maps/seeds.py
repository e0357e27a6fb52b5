"""The statements that an editor types to begin with, one a line."""

from consult import texts
from consult.models.statements import STATEMENT_LENGTH
from tally.opinions.honesty import LEAST_ANSWERS

LEAST = LEAST_ANSWERS  # fewer, and nobody could ever be placed


def lines(typed: str) -> list[str]:
    """Each once, in order."""
    found = (texts.line(line) for line in typed.splitlines())
    return list({line.lower(): line for line in found if line}.values())


def too_long(typed: str) -> list[str]:
    return [line for line in lines(typed) if len(line) > STATEMENT_LENGTH]
