"""The data that make this gateway the CMO's."""

from events.encoding.identifiers import Role
from services.gateway.profile import Profile

PROFILE = Profile(
    role=Role.CMO,
    name="cmo-gateway",
    title_zh="受托生产企业网关",
    title_en="Gateway of the contract manufacturer",
    default_port=8080,
)
