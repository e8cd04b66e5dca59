"""The demo from its command line to its end."""

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from events.encoding.identifiers import Role
from infra.errors import InfraError
from services.gateway.cli.errors import CliError, ExitCode, RefusedError
from services.gateway.cli.output import Output
from services.gateway.cli.session import as_cli_error
from services.gateway.cli.words import Words, language_of
from services.gateway.demo import story
from services.gateway.demo.agreeing import wait_until_agreed
from services.gateway.demo.intake import Intake, begin_intake
from services.gateway.demo.pair import Pair
from services.gateway.demo.places import Places
from services.gateway.demo.progress import Progress
from services.gateway.demo.servers import ground
from services.gateway.demo.setting_up import Stage, set_up
from services.gateway.demo.telling import say_what_to_try
from services.gateway.importing.errors import ImportingError
from services.gateway.settings import SettingsError

MAH_PORT, CMO_PORT = 8701, 8702
EXAMPLE = Path("fda-drug-recalls")
_SERIAL = "1"  # of the embedded pair: its firms always have the same codes
_LOOK_SECONDS = 1.0
_PRIVATE = 0o077


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line asks for."""

    once: bool
    input: Path | None
    map: Path
    json: bool
    servers: bool
    mah_port: int
    cmo_port: int
    folder: Path


def main(arguments: Sequence[str]) -> int:
    """Run the demo and return its exit code; whatever goes wrong is one line."""
    asked = _parse(arguments)
    output = Output(Words(language_of(arguments, os.environ)), sys.stdout, sys.stderr)
    for number in (signal.SIGTERM, signal.SIGINT):  # a shell lets what it puts in the background ignore Ctrl-C
        signal.signal(number, _interrupt)
    os.umask(_PRIVATE)
    try:
        _run(asked, output)
    except KeyboardInterrupt:
        output.hint("the demo has ended; make demo goes on where it was")
        return int(ExitCode.REFUSED if asked.once else ExitCode.DONE)
    except (CliError, SettingsError, ImportingError, InfraError, OSError) as error:
        failure = _what_failed(asked, error)
        output.error(failure)
        return int(failure.code)
    return int(ExitCode.DONE)


def _what_failed(asked: Asked, error: Exception) -> CliError:
    """Return what went wrong; where the disk is full, whatever else was said comes from that."""
    try:
        Places(asked.folder, asked.servers).refuse_full_disk()
    except (OSError, RefusedError) as full:
        return full if isinstance(full, RefusedError) else as_cli_error(error)
    return error if isinstance(error, CliError) else as_cli_error(error)


def _parse(arguments: Sequence[str]) -> Asked:
    parser = argparse.ArgumentParser(
        prog="make demo ARGS=...", description="Two gateways that keep one quality record."
    )
    parser.add_argument("--once", action="store_true", help="end when both sides agree")
    parser.add_argument("--input", type=Path, help="a spreadsheet whose rows become deviations of the manufacturer")
    parser.add_argument(
        "--map", type=Path, default=EXAMPLE, help="its mapping file; by default that of the FDA's recalls"
    )
    parser.add_argument("--json", action="store_true", help="write one JSON object as the last line")
    parser.add_argument("--servers", action="store_true", help="over real Kafka and PostgreSQL")
    parser.add_argument("--mah-port", type=int, default=MAH_PORT, help="port of the holder's gateway")
    parser.add_argument("--cmo-port", type=int, default=CMO_PORT, help="port of the manufacturer's gateway")
    parser.add_argument("--folder", type=Path, default=Path(".demo"), help="where everything is kept")
    parser.add_argument("--lang", choices=("zh", "en"), help="language of messages; by default that of LANG")
    given = vars(parser.parse_args(list(arguments)))
    given.pop("lang")
    return Asked(**given)


def _run(asked: Asked, output: Output) -> None:
    places = Places(asked.folder, asked.servers)
    places.make()
    intake = None if asked.input is None else begin_intake(asked.input, asked.map)
    with places.alone():
        progress = Progress(places.pair / "progress.json")
        with ground(places, progress) as standing:
            serial = progress.serial if asked.servers else _SERIAL
            pair = Pair(places, standing, serial, {Role.MAH: asked.mah_port, Role.CMO: asked.cmo_port})
            with pair.running():
                _play(asked, output, Stage(pair, progress), intake)


def _play(asked: Asked, output: Output, stage: Stage, intake: Intake | None) -> None:
    output.hint("two gateways run; setting up what is not there yet ...")
    set_up(stage)
    item = story.play(stage)
    if intake is not None:
        _take_in(asked, output, stage.pair, intake)
    elif asked.once:
        agreed = wait_until_agreed(stage.pair)
        output.raw(json.dumps({"checkpoints_equal": agreed.checkpoints_equal, "cmo_entries": agreed.cmo_entries}))
    if not asked.once:
        say_what_to_try(output, stage.pair, item)
        _stay(stage.pair)


def _take_in(asked: Asked, output: Output, pair: Pair, intake: Intake) -> None:
    output.hint("taking in {file} ...", file=intake.file.name)
    result = intake.run(pair, output)
    if asked.json:
        output.raw(json.dumps(result.told()))
    else:
        output.pairs(result.told())
    if asked.once and not result.is_complete:
        raise RefusedError("the two gateways do not show the same", hint="the logs in .demo/logs")


def _stay(pair: Pair) -> NoReturn:
    """Look after the gateways until somebody ends the demo."""
    while True:
        pair.attend()
        time.sleep(_LOOK_SECONDS)


def _interrupt(_number: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt
