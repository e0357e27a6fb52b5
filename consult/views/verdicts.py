"""How a verdict looks: its state (``pages.states``) and its words."""

from consult.choices import Verdict

LOOKS = {Verdict.RETAINED: "done", Verdict.PARTLY: "planned", Verdict.NOT_RETAINED: "refused"}


def pill(verdict: str | None) -> dict[str, str] | None:
    """What ``state_pill`` reads; None without a verdict."""
    if not verdict:
        return None
    known = Verdict(verdict)
    return {"state": LOOKS[known], "label": str(known.label).capitalize()}
