"""Whether somebody is at a cluster's address and lets us in, asked before Ray is: its client keeps on trying for half a
minute, and then does not say why it was not let in."""

from importlib import import_module
from typing import Any

from editor_core.base.errors import RemoteError

KNOCK_SECONDS = 15.0
_SCHEME = "ray://"


def knock(address: str) -> None:
    """Raises RemoteError where nobody answers at "ray://HOST:PORT" or wants another token. Other addresses pass."""
    if not address.startswith(_SCHEME):
        return
    import grpc

    channels: Any = import_module("ray._private.grpc_utils")
    messages: Any = import_module("ray.core.generated.ray_client_pb2")
    stubs: Any = import_module("ray.core.generated.ray_client_pb2_grpc")
    question = messages.ClusterInfoRequest(type=messages.ClusterInfoType.PING)
    channel = channels.init_grpc_channel(address.removeprefix(_SCHEME))
    try:
        stubs.RayletDriverStub(channel).ClusterInfo(question, timeout=KNOCK_SECONDS)
    except grpc.RpcError as error:
        if error.code() is grpc.StatusCode.UNAUTHENTICATED:
            raise RemoteError("{address} does not accept the token.", address=address) from error
        raise RemoteError("{address} cannot be reached.", address=address) from error
    finally:
        channel.close()
