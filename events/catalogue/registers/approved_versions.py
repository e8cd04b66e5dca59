"""Versions of manufacturing processes and of registered standards, approved by the holder for products and sites."""

from pydantic import Field, field_validator

from events.catalogue.bodies import Batch, Body, Part, Product, SignedBody
from events.catalogue.event_types import Author, EventType, Kind
from events.catalogue.forms import Code, Day, Name, Sha256, Text, Title
from events.catalogue.scope import MAX_OF_EACH, Scope, labels_of_scope
from events.catalogue.steps import owners_steps, reviewers_steps
from events.catalogue.words import ProcessState


class ProductsAndSites(Scope):
    """For which products, each with its code, and on which sites; batches name the version, not it them."""

    products: list[Product] = Field(min_length=1, max_length=MAX_OF_EACH)
    batches: list[Batch] = Field(default_factory=list, max_length=0)
    lines: list[Code] = Field(default_factory=list, max_length=0)
    sites: list[Code] = Field(min_length=1, max_length=MAX_OF_EACH)

    @field_validator("products")
    @classmethod
    def _have_codes(cls, products: list[Product]) -> list[Product]:
        if any(product.code is None for product in products):
            raise ValueError("a product by which a version is looked up has a code")
        return products


class DocumentVersion(Part):
    """A version of a document, by its number and SHA-256."""

    number: Code
    version: Code
    document: Sha256


class _Approved(SignedBody):
    number: Code
    source: Name
    external_number: Code | None = None
    title: Title
    version: Code
    document: Sha256
    effective_from: Day
    scope: ProductsAndSites


class ProcessApproved(_Approved):
    """The holder approved a version of a process (`document`: its procedure), and the prescription that it is for.

    It is effective from 00:00 Beijing of a day on; another version may be effective at the same time.
    """

    prescription: DocumentVersion
    state: ProcessState


class StandardApproved(_Approved):
    """The holder approved a version of a registered standard, effective from 00:00 Beijing of a day on."""

    pharmacopoeia: Name | None = None


class Withdrawn(Body):
    """The holder withdrew a version; batches may still be made under it up to and with the day `until`."""

    reason: Text
    until: Day


def _types(kind: str, approved: type[_Approved]) -> tuple[EventType, ...]:
    return (
        EventType(
            f"{kind}.approved.v1",
            Kind.ACT,
            Author.MAH,
            kind,
            approved,
            opens=True,
            labels=labels_of_scope,
            later=True,
        ),
        EventType(f"{kind}.withdrawn.v1", Kind.FACT, Author.MAH, kind, Withdrawn, later=True),
        *owners_steps(kind),
        *reviewers_steps(kind),
    )


TYPES = (*_types("process_version", ProcessApproved), *_types("standard_version", StandardApproved))
"""All types of both kinds."""
