"""Administrations, services, offices, documents, and the people who work there."""

from typing import Any

from django.contrib.auth.hashers import make_password

from accounts.actions import create_person, grant, verify_organisation
from accounts.choices import RoleKind
from accounts.models import User
from config.demo.files import read
from directory.models import Administration, Office, Service, SupportingDocument

_ROLES = {
    "agent": RoleKind.AGENT,
    "evaluator": RoleKind.EVALUATOR,
    "moderator": RoleKind.MODERATOR,
    "editor": RoleKind.EDITOR,
    "administrator": RoleKind.ADMINISTRATOR,
}


def load_town() -> None:
    """Create what ``town.json`` describes."""
    town = read("town")
    administrations = {
        row["slug"]: Administration.objects.create(name=row["name"], slug=row["slug"])
        for row in town["administrations"]
    }
    documents = {row["id"]: _document(row, administrations) for row in town["documents"]}
    for row in town["services"]:
        _service(row, administrations, documents)


def load_people() -> dict[str, User]:
    """Create the demo logins with their roles; returns them by e-mail address."""
    file = read("people")
    password = make_password(file["password"])  # hashed once: eighteen times would take the time of all the rest
    return {row["email"]: _person(row, password=password) for row in file["people"]}


def _document(row: dict[str, Any], administrations: dict[str, Administration]) -> SupportingDocument:
    issuer = administrations.get(row["issuer"])
    theirs = {"name": row["name"], "synonyms": row["synonyms"], "issuer": issuer, "issued_by": row["issuer_name"]}
    return SupportingDocument.objects.update_or_create(key=row["id"], defaults=theirs)[0]


def _service(row: dict[str, Any], administrations: dict[str, Administration], documents) -> None:
    service = Service(
        administration=administrations[row["administration"]],
        slug=row["slug"],
        name=row["name"],
        description=row["description"],
        search_words=", ".join(row["search_words"]),
        postal_address=row["postal_address"],
        email=row["email"],
        phone=row["telephone"],
        is_open=row["open_to_fiches"],
        response_target_days=row["response_target_days"],
    )
    service.full_clean()
    service.save()
    service.required_documents.set([documents[key] for key in row["documents_required"]])
    for held in (documents[key] for key in row["documents_held"]):
        if held.issuer == service.administration:
            held.issuing_service = service
            held.save(update_fields=["issuing_service"])
    Office.objects.bulk_create([Office(service=service, **office) for office in row["offices"]])


def _person(row: dict[str, Any], *, password: str) -> User:
    user = create_person(email=row["email"], name=row["display_name"])
    User.objects.filter(pk=user.pk).update(password=password)
    for kind in _ROLES.keys() & set(row["roles"]):
        grant(user, _ROLES[kind], by=None)
    for slug in row["services"]:
        grant(user, RoleKind.SERVICE_OWNER, service=Service.objects.get(slug=slug), by=None)
    for office in row["offices"]:
        found = Office.objects.get(service__slug=office["service"], name=office["name"])
        grant(user, RoleKind.CLERK, office=found, by=None)
    if row.get("organisation", {}).get("verified"):
        verify_organisation(user, by=None)
    return user
