"""Check bundles: `python -m services.inspector verify BUNDLE`; `counterfoil verify` becomes this."""

from services.gateway.cli.main import main
from services.inspector.verifying import ROOM

if __name__ == "__main__":
    main(rooms=(ROOM,))
