"""What is hostile in a consultation runs on no page, feed or file, in browsers."""

from consult.actions import arguments as acts
from consult.actions.propositions import Written, file
from consult.choices import PhaseKind, Side
from consult.models import Argument
from consult.people import participant_of
from tests.consult.world import consultation, section_of
from tests.factories import UserFactory
from tests.journeys.test_hostile_propositions import ATTRIBUTE, HOSTILE


def test_what_is_written_under_a_proposition_runs_nowhere(visitors):
    payload = HOSTILE[:160]
    asked = consultation(PhaseKind.CONTRIBUTE, PhaseKind.VOTE)
    author = participant_of(UserFactory(name=payload[:80]))
    written = file(asked, section_of(asked), Written(title=payload, body=payload), by=author)
    for side, text in ((Side.FOR, payload), (Side.AGAINST, ATTRIBUTE)):
        acts.argue(asked, written.number, side, text, by=author)
    acts.reply(asked, Argument.objects.first(), payload, by=author)
    page, base = visitors.come(), f"/consultations/{asked.page.slug}/"
    for path in (
        "", "propositions/1/", "propositions/1/arguments/", "propositions/1/arguments/?cote=against",
        "propositions/1/arguments/1/", "propositions/1/arguments/2/", "propositions/1/arguments/imprimer/",
        "resultats/", "corbeille/",
    ):  # fmt: skip
        page.goto(base + path)
        assert page.evaluate("document.documentElement.dataset.ran") is None, path
        assert page.locator("main script, main [onerror], main [onfocus]").count() == 0, path
    for name in ("flux.atom", "propositions/flux.atom"):
        told = page.request.get(f"/consultations/{name}" if name == "flux.atom" else base + name)
        assert "<script" not in told.text(), name
        assert "html" not in told.headers["content-type"], name
    for name in ("propositions.csv", "arguments.csv", "propositions.json", "arguments.json"):
        told = page.request.get(f"{base}donnees/{name}")
        assert told.headers["x-content-type-options"] == "nosniff", name
        assert "html" not in told.headers["content-type"], name
