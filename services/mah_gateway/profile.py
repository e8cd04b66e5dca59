"""The data that make this gateway the MAH's."""

from events.encoding.identifiers import Role
from services.gateway.profile import Profile

PROFILE = Profile(
    role=Role.MAH,
    name="mah-gateway",
    title_zh="药品上市许可持有人网关",
    title_en="Gateway of the marketing authorization holder",
    default_port=8080,
)
