"""Start the MAH's gateway: `python -m services.mah_gateway serve`."""

from services.mah_gateway.profile import PROFILE
from services.gateway.cli.main import main

if __name__ == "__main__":
    main(PROFILE)
