"""palimpsest worker: this computer does the work of others."""

from typing import TYPE_CHECKING, Annotated

import typer

from editor_core.commands.options import Device

if TYPE_CHECKING:
    from editor_core.commands.console import Console

Address = Annotated[
    str,
    typer.Option(
        "--address", help="HOST:PORT of the first worker, to join it; without it this is the first."
    ),
]
Bind = Annotated[
    str,
    typer.Option(help="This computer's address for others; without it only this computer itself gets in."),
]
Port = Annotated[int, typer.Option(min=1024, max=65535, help="Where other workers join the first one.")]
ClientPort = Annotated[
    int, typer.Option(min=1024, max=65535, help="Where windows and commands reach the first one.")
]
Workers = Annotated[
    int | None,
    typer.Option(min=1, max=64, help="How many pictures at once; one for each graphics card if not given."),
]


def worker(
    console: "Console",
    address: Address = "",
    bind: Bind = "",
    port: Port = 6379,
    client_port: ClientPort = 10001,
    workers: Workers = None,
    device: Device = None,
) -> None:
    """Do the work of other computers' windows and commands, until Ctrl+C; the first worker starts a cluster."""
    from dataclasses import replace

    from editor_core.base import settings
    from editor_core.commands.working import serve
    from editor_core.remote.cluster import LOOPBACK
    from editor_core.remote.node import Node

    kept = settings.load()
    chosen = replace(kept, device=device or kept.device, compute_address="")
    with Node(address, bind or LOOPBACK, port, client_port) as node:
        serve(
            node, chosen, workers, f"ray://{bind or LOOPBACK}:{client_port}" if not address else "", console
        )
