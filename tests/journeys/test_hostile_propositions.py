"""Everything that people write in a proposition, hostile, opened in a real browser: nothing of it runs."""

import pytest

from consult.actions.propositions import Written, change, file, withdraw
from consult.choices import PhaseKind
from consult.models import Proposition
from consult.people import participant_of
from tests.consult.world import consultation, section_of
from tests.factories import UserFactory

HOSTILE = (
    '<script>document.documentElement.dataset.ran = "1"</script>'
    "<img src=x onerror=\"document.documentElement.dataset.ran='1'\">"
)
ATTRIBUTE = "\" autofocus onfocus=\"document.documentElement.dataset.ran='1'"


@pytest.mark.parametrize("payload", [HOSTILE[:160], ATTRIBUTE])
def test_what_is_written_in_every_field_runs_nowhere(visitors, payload):
    asked = consultation(PhaseKind.CONTRIBUTE)
    author = participant_of(UserFactory(name=payload[:80]))
    hostile = Written(title=payload, body=payload, sources=[(payload, "https://source.example/" + "%22%3E")])
    one = file(asked, section_of(asked), hostile, by=author)
    Proposition.objects.filter(pk=one.pk).update(last_argument=1)
    change(one, Written(title=payload[::-1][:150], body=payload + " bis"), by=author, reason=payload)
    gone = file(asked, section_of(asked), hostile, by=author)
    withdraw(gone, reason=payload, by=author)
    Proposition.objects.filter(pk=one.pk).update(title=payload, body=payload)  # as if cleaning had been forgotten
    visitor = visitors.come()
    base = f"/consultations/{asked.page.slug}/"
    for path in ("", "propositions/1/", "propositions/1/versions/", "propositions/2/"):
        visitor.goto(base + path)
        assert visitor.evaluate("document.documentElement.dataset.ran") is None, path
        assert visitor.locator("main script, main [onerror], main [onfocus]").count() == 0, path
