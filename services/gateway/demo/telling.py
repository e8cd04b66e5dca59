"""What the demo says when it stands: addresses, tokens, and the next three things to try."""

from services.gateway.cli.output import Output
from services.gateway.demo.pair import SHOWN_TOKEN, Pair


def say_what_to_try(output: Output, pair: Pair, item: str) -> None:
    """Write it for a person."""
    for side in pair.sides.values():
        role = side.firm.role.value
        output.say("{role}  {name}  {url}/docs", role=role.upper(), name=side.firm.name, url=side.plan.url)
        output.say("     token {token}", token=side.token(SHOWN_TOKEN))
        output.say("     signs with the password {password}", password=side.signing_password(SHOWN_TOKEN))
    output.say("")
    output.say("Three things to try, in another terminal in this folder:")
    counterfoil = ".venv/bin/counterfoil"
    output.say("1. the holder's list, with due dates: {command}", command=f"{counterfoil} list --demo mah --state open")
    question = "全批复核结果如何？"
    output.say("2. ask about the open one: {command}", command=f'{counterfoil} ask {item} "{question}" --demo mah')
    output.say("3. see it arrive at the manufacturer: {command}", command=f"{counterfoil} item {item} --demo cmo")
    output.say("")
    output.say("All of it stands in .demo/demo.json. End with Ctrl-C; make demo goes on where it was.")
