"""Arguments that several commands share."""

from typing import Annotated

import typer

from momo.cli.kinds import Kind

Amount = Annotated[str, typer.Argument(help="In whole units of the account's currency, such as 12.50.")]
Number = Annotated[str, typer.Argument(help="Phone number with its calling code, digits only.")]
Reference = Annotated[str, typer.Argument(help="Reference id of the transaction.")]
OfKind = Annotated[Kind, typer.Option("--kind", help="What it was.")]
GivenReference = Annotated[
    str | None, typer.Option("--reference-id", help="UUID version 4 to send it under; a new one if not given.")
]
Note = Annotated[str, typer.Option(help="Shown to payer and payee; signs that MTN refuses are taken out.")]
ExternalId = Annotated[str | None, typer.Option(help="Your own mark, without spaces; the reference id if not given.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask before money moves.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]
Wait = Annotated[float, typer.Option("--wait", min=0, help="Seconds to wait for the end; 0 to look once.")]
