"""Rows for tests, with traits. Only what has no act of its own yet is built here; the rest goes through acts."""

import factory
from factory.django import DjangoModelFactory

from accounts.choices import RoleKind
from accounts.models import Role, User
from directory.models import Administration, Office, Service, SupportingDocument

PASSWORD = "cahier-demo"


class AdministrationFactory(DjangoModelFactory):
    class Meta:
        model = Administration

    name = factory.Sequence(lambda n: f"Ville n° {n}")
    slug = factory.Sequence(lambda n: f"ville-{n}")


class SupportingDocumentFactory(DjangoModelFactory):
    class Meta:
        model = SupportingDocument

    key = factory.Sequence(lambda n: f"piece_{n}")
    name = factory.Sequence(lambda n: f"Pièce {n}")
    issuer = factory.SubFactory(AdministrationFactory)

    @classmethod
    def _create(cls, model_class, *args, **fields):
        """The documents that everybody knows are there from the first migration: these are given what the test says."""
        return model_class.objects.update_or_create(key=fields.pop("key"), defaults=fields)[0]


class ServiceFactory(DjangoModelFactory):
    class Meta:
        model = Service

    class Params:
        closed = factory.Trait(is_open=False)
        unreachable = factory.Trait(is_open=False, phone="", email="", postal_address="")

    administration = factory.SubFactory(AdministrationFactory)
    name = factory.Sequence(lambda n: f"Service {n}")
    slug = factory.Sequence(lambda n: f"service-{n}")
    postal_address = "1 place de l’Hôtel-de-Ville, 99000 Valbourg"
    email = factory.LazyAttribute(lambda service: f"{service.slug}@valbourg.example")
    phone = "01 99 00 12 34"
    is_open = True


class OfficeFactory(DjangoModelFactory):
    class Meta:
        model = Office

    service = factory.SubFactory(ServiceFactory)
    name = factory.Sequence(lambda n: f"Guichet {n}")


class UserFactory(DjangoModelFactory):
    """A citizen; give ``owns=[service]``, ``keeps=[office]`` or ``holds=[RoleKind.AGENT]`` for staff."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"personne{n}@demo.example")
    name = factory.Sequence(lambda n: f"Personne {n}")
    password = factory.django.Password(PASSWORD)

    @factory.post_generation
    def owns(self, create, services, **_):
        for service in services or []:
            Role.objects.create(user=self, kind=RoleKind.SERVICE_OWNER, service=service)

    @factory.post_generation
    def keeps(self, create, offices, **_):
        for office in offices or []:
            Role.objects.create(user=self, kind=RoleKind.CLERK, office=office)

    @factory.post_generation
    def holds(self, create, kinds, **_):
        for kind in kinds or []:
            Role.objects.create(user=self, kind=kind)
