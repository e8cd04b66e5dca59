"""Start the MAH's gateway: `python -m services.mah_gateway serve`."""

from services.gateway.cli.main import main
from services.mah_gateway.profile import PROFILE

if __name__ == "__main__":
    main(PROFILE)
