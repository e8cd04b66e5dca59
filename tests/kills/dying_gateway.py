"""A gateway as `counterfoil serve` runs it, that ends with its parent and, if told so, at a named step.

`python -m tests.kills.dying_gateway mah|cmo`. KILLS_STEP and KILLS_COUNT: SIGKILL when the step is reached the n-th
time. It ends when its standard input does, so that no gateway outlives the tests, however those end.
"""

import os
import signal
import sys
import threading
from itertools import count

from infra.telemetry.logs import configure_logs
from services.cmo_gateway.profile import PROFILE as CMO
from services.gateway.cli.local.serving import listening, run
from services.gateway.ports.steps import Reached, Step, go_on
from services.gateway.settings import load_settings
from services.mah_gateway.profile import PROFILE as MAH

STEP, COUNT = "KILLS_STEP", "KILLS_COUNT"


def main(role: str) -> None:
    """Serve until a signal, a step or the parent's end."""
    threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()
    settings = load_settings()
    configure_logs(settings.log_level)
    with listening(settings) as listener:
        run(settings, {"mah": MAH, "cmo": CMO}[role], listener, _dying(os.environ.get(STEP), os.environ.get(COUNT)))


def _dying(step: str | None, times: str | None) -> Reached:
    """Return what ends the process at a step, as a power failure would: nothing is flushed, nothing is released."""
    if not step:
        return go_on
    last, reached_before = Step(step), count(1)

    def reached(at: Step) -> None:
        if at is last and next(reached_before) == int(times or 1):
            os.kill(os.getpid(), signal.SIGKILL)

    return reached


def _end_with_parent() -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
