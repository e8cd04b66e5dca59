"""Commands and their groups: written as plain functions, made into a typer application in one language.

Every command also takes --json and --lang; those that speak with a gateway take --url and --demo.
"""

import inspect
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Concatenate, ParamSpec, get_args, get_origin

import typer
from typer.core import TyperCommand

from services.gateway.cli.errors import ExitCode
from services.gateway.cli.session import Request, Session
from services.gateway.cli.words import Language, Words
from services.gateway.profile import Profile

_P = ParamSpec("_P")
Labels = Mapping[Language, str]
"""What a vocabulary says in each language, where the words are not the command line's own."""

_Run = Callable[..., object]

COMMON = {
    "as_json": Annotated[bool, typer.Option("--json", help="Write the result as JSON.")],
    "language": Annotated[
        Language | None, typer.Option("--lang", help="Language of messages; by default that of LANG.")
    ],
}
LOCAL = {
    "party": Annotated[str | None, typer.Option("--party", help="Which party this gateway is: mah or cmo.")],
}
REMOTE = {
    "url": Annotated[str | None, typer.Option("--url", help="Address of the gateway; also COUNTERFOIL_URL.")],
    "demo": Annotated[
        str | None, typer.Option("--demo", help="A gateway of the demo: mah or cmo; as whom: cmo:qualified_person.")
    ],
}


@dataclass(frozen=True, slots=True)
class _Command:
    name: str
    run: _Run
    options: dict[str, Any]
    labels: Labels | None = None

    def said(self, words: Words) -> str:
        """Return what it does, in the reader's language."""
        return words(summary_of(self.run)) if self.labels is None else self.labels[words.language]


@dataclass(frozen=True, slots=True)
class Room:
    """A group of commands, such as `partner`; with an empty name its commands stand at the top."""

    name: str
    summary: str | Labels
    commands: list[_Command] = field(default_factory=list)

    def has(self, word: str) -> bool:
        """Tell whether a word of the command line leads into this room."""
        return word == self.name if self.name else any(command.name == word for command in self.commands)

    def said(self, words: Words) -> str:
        """Return what it is for, in the reader's language."""
        return words(self.summary) if isinstance(self.summary, str) else self.summary[words.language]

    def local(self, name: str) -> Callable[[Callable[Concatenate[Session, _P], object]], Callable[..., object]]:
        """Add a command that works on this machine's files; its docstring is its help."""
        return self._adding(name, COMMON | LOCAL)

    def alone(self, name: str) -> Callable[[Callable[Concatenate[Session, _P], object]], Callable[..., object]]:
        """Add a command that needs no gateway, no settings and no keys; its docstring is its help."""
        return self._adding(name, COMMON)

    def remote(
        self, name: str, labels: Labels | None = None
    ) -> Callable[[Callable[Concatenate[Session, _P], object]], Callable[..., object]]:
        """Add a command that speaks with a running gateway; its help is its docstring, or what a vocabulary says."""
        return self._adding(name, COMMON | REMOTE, labels)

    def _adding(
        self, name: str, options: dict[str, Any], labels: Labels | None = None
    ) -> Callable[[Callable[Concatenate[Session, _P], object]], Callable[..., object]]:
        def add(run: Callable[Concatenate[Session, _P], object]) -> Callable[..., object]:
            self.commands.append(_Command(name, run, options, labels))
            return run

        return add


class OnceCommand(TyperCommand):
    """A command that takes each option once: of two values neither is dropped in silence."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - typer's own type is not public
        """Read the command line.

        Raises:
            typer.BadParameter: an option that has one value is given twice.
        """
        if not ctx.resilient_parsing:
            _, _, given = self.make_parser(ctx).parse_args(list(args))
            for parameter, count in Counter(given).items():
                if parameter.param_type_name == "option" and count > 1 and not parameter.multiple:
                    raise typer.BadParameter("it is given twice", ctx=ctx, param_hint=f"'{parameter.opts[0]}'")
        return super().parse_args(ctx, args)


def assemble(rooms: Sequence[Room], words: Words, profile: Profile | None) -> typer.Typer:
    """Make the application of all rooms, its help in the reader's language."""
    application = typer.Typer(
        name="counterfoil",
        help=words("Counterfoil: two gateways keep one quality record."),
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    for room in rooms:
        group = application
        if room.name:
            group = typer.Typer(name=room.name, help=room.said(words), no_args_is_help=True, rich_markup_mode=None)
            application.add_typer(group)
        for command in room.commands:
            group.command(command.name, cls=OnceCommand, help=command.said(words))(_bound(command, words, profile))
    if sum(len(room.commands) for room in rooms) == 1:
        application.callback(help=application.info.help)(lambda: None)  # or typer takes the one command for the whole
    return application


def summary_of(run: _Run) -> str:
    """Return what a command does: the first paragraph of its docstring on one line."""
    return " ".join((inspect.getdoc(run) or "").partition("\n\n")[0].split())


def _bound(command: _Command, words: Words, profile: Profile | None) -> Callable[..., None]:
    """Return the command as typer calls it: without the session, with the options that all have."""
    own = list(inspect.signature(command.run, eval_str=True).parameters.values())[1:]
    shared = [_keyword(name, annotation) for name, annotation in command.options.items()]

    def run(**arguments: Any) -> None:  # noqa: ANN401 - typer calls with whatever the signature says
        asked = {name: arguments.pop(name) for name in command.options}
        asked.pop("language")
        session = Session(words, profile, Request(**asked))
        code = session.attempt(lambda: command.run(session, **arguments))
        if code is not ExitCode.DONE:
            raise typer.Exit(int(code))

    parameters = [
        parameter.replace(annotation=_translated(parameter.annotation, words)) for parameter in (*own, *shared)
    ]
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined] # inspect's documented hook
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return run


def _keyword(name: str, annotation: object) -> inspect.Parameter:
    default = False if name == "as_json" else None
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def _translated(annotation: Any, words: Words) -> Any:  # noqa: ANN401 - annotations are of any type
    """Return an annotation whose option or argument speaks the reader's language."""
    if get_origin(annotation) is not Annotated:
        return annotation
    kind, *notes = get_args(annotation)
    for note in notes:
        if isinstance(note, typer.models.ParameterInfo) and note.help:
            note = _copy_with_help(note, words(note.help))  # noqa: PLW2901 - replaced on purpose
            return Annotated[kind, note]
    return annotation


def _copy_with_help(note: typer.models.ParameterInfo, text: str) -> typer.models.ParameterInfo:
    copied = type(note).__new__(type(note))
    copied.__dict__.update(note.__dict__)
    copied.help = text
    return copied
