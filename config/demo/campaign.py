"""An association that calls to write: many inhabitants file nearly the same text, some in words of their own."""

from itertools import cycle

from config.demo.files import day, read
from directory.models import Service
from feedback.actions.intake import submit_fiche
from feedback.models import Fiche


def file_campaign() -> list[Fiche]:
    """File what ``campaign.json`` describes, by day."""
    told = read("campaign")
    service = Service.objects.get(slug=told["service"])
    begins, ends = cycle(told["begins"]), cycle(told["ends"])
    texts = [
        (on, f"{next(begins)}{told['text']}{next(ends)}") for on, count in told["by_day"].items() for _ in range(count)
    ]
    texts += [(line["on"], line["text"]) for line in told["own_words"]]
    return [
        submit_fiche(text=text, service=service, channel=told["channel"], received_on=day(on))
        for on, text in sorted(texts, key=lambda pair: pair[0])
    ]
