"""What stops a count, and why."""


class BadFile(ValueError):
    """A file that does not say what it should: ``line`` is the first line at fault, counted from 1.

    ``said`` has places for ``values``: who shows it translates the first and puts the others in.
    """

    def __init__(self, line: int, said: str, **values: object) -> None:
        super().__init__(f"line {line}: {said % values}")
        self.line, self.said, self.values = line, said, values


class BadRegulation(ValueError):
    """A regulation that does not hold together. ``said`` and ``values`` as those of ``BadFile``."""

    def __init__(self, said: str, **values: object) -> None:
        super().__init__(said % values if values else said)
        self.said, self.values = said, values


class UnsettledTie(Exception):
    """Two projects or more stand equal where only some can win, and the regulation does not say which.

    ``projects``: their ids, in order. The count stops: choosing for the city would be worse.
    """

    def __init__(self, projects: tuple[str, ...]) -> None:
        super().__init__(f"tie between {', '.join(projects)}, which the regulation does not settle")
        self.projects = projects
