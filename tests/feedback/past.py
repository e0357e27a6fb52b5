"""Files of past feedback for tests, and the door by which an owner brings them."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from feedback.models import Import

HEADING = "Remarque;Date de dépôt;Date du fait;Lieu;Note;Courriel;Souhaite une réponse"


def line(text="Le guichet ferme à 16 h.", received="03/02/2025", rest=";;;;"):
    return f"{text};{received};{rest}"


def table(*lines, heading=HEADING, encoding="utf-8"):
    return "\n".join([heading, *lines, ""]).encode(encoding)


def many(count):
    return table(*(line(f"Remarque numéro {n} : le guichet ferme trop tôt.") for n in range(count)))


def signed_in(user):
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def bring(client, service, content, name="registre.csv"):
    """The answer of the page to this file."""
    return client.post(
        reverse("feedback:imports"), {"service": service.slug, "file": SimpleUploadedFile(name, content, "text/csv")}
    )


def checked(client, service, content, **columns):
    """The file, brought and checked with the columns recognised, those given put instead."""
    response = bring(client, service, content)
    assert response.status_code == 302, response.context["form"].errors
    brought = Import.objects.latest("pk")
    chosen = {**brought.mapping["columns"], **columns}
    address = reverse("feedback:import_columns", args=[brought.pk])
    response = client.post(address, chosen)
    assert response.status_code == 302, response.context["form"].errors
    brought.refresh_from_db()
    return brought
