"""Start the CMO's gateway: `python -m services.cmo_gateway serve`."""

from services.cmo_gateway.profile import PROFILE
from services.gateway.cli.main import main

if __name__ == "__main__":
    main(PROFILE)
