"""What stops a count, and why."""


class BadFile(ValueError):
    """A file that does not say what it should: ``line`` is the first line at fault, counted from 1."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(f"line {line}: {message}")
        self.line = line


class BadRegulation(ValueError):
    """A regulation that does not hold together."""


class UnsettledTie(Exception):
    """Two projects or more stand equal where only some can win, and the regulation does not say which.

    ``projects``: their ids, in order. The count stops: choosing for the city would be worse.
    """

    def __init__(self, projects: tuple[str, ...]) -> None:
        super().__init__(f"tie between {', '.join(projects)}, which the regulation does not settle")
        self.projects = projects
