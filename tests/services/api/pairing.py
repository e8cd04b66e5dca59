"""Pairing as people do it: an invitation each way, the fingerprint by telephone, a confirmation each."""

import httpx

from tests.events.golden.cast import RELATIONSHIP
from tests.services.api.stepped import Desk, Pair


def invite_each_other(pair: Pair) -> list[httpx.Response]:
    """Each makes its invitation and takes the other's; the answers hold the fingerprint."""
    codes = (RELATIONSHIP.cmo, RELATIONSHIP.mah)
    files = [
        desk.as_("operator", "person/op").does("/v1/partners/invitations", {"partner_uscc": code})
        for desk, code in zip(pair.desks, codes, strict=True)
    ]
    return [
        desk.as_("operator", "person/op").post("/v1/partners", file)
        for desk, file in zip(pair.desks, reversed(files), strict=True)
    ]


def confirm(desk: Desk, fingerprint: str) -> httpx.Response:
    path = f"/v1/partners/{RELATIONSHIP.mah}/{RELATIONSHIP.cmo}/confirmation"
    return desk.as_("admin", "person/admin").post(path, {"fingerprint": fingerprint})
