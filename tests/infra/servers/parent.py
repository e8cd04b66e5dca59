"""A process that asks for a server and says its number; whoever runs it decides how it ends."""

import signal
import sys

from infra.servers.keeper import Plan
from infra.servers.kept import KeptServer

SERVER = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"


def main(folder: str) -> None:
    plan = Plan([sys.executable, "-c", SERVER], folder, f"{folder}/log", signal.SIGTERM, patience_seconds=0.2)
    server = KeptServer(plan)
    sys.stdout.write(f"{server.pid}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1])
