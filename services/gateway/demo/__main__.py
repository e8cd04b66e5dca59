"""`python -m services.gateway.demo`: run the demo; `make demo` does the same."""

import sys

from services.gateway.demo.main import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
