"""The one way to another machine, opened only by a download that somebody asked for.

The program's libraries are told to stay offline (`base/startup.py`), and are not told otherwise here: this is an HTTP
client of its own, the one that huggingface_hub is built on, with the hub's own login for the hub's own addresses.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import httpx2
import huggingface_hub
from huggingface_hub import constants
from huggingface_hub.utils._headers import build_hf_headers  # which `utils` does not export to type checkers

from editor_core import __version__
from editor_core.base.errors import DownloadError

_SECONDS = 30.0  # without a word from the other side


def endpoint() -> str:
    """The hub's address, or that of a mirror that HF_ENDPOINT names."""
    return os.environ.get("HF_ENDPOINT", constants.ENDPOINT).rstrip("/")


def client() -> httpx2.Client:
    return httpx2.Client(follow_redirects=True, timeout=_SECONDS)


def headers_for(url: str) -> dict[str, str]:
    """With the token of `hf auth login` where the address is the hub's; redirects elsewhere do not get it."""
    token = huggingface_hub.get_token() if urlsplit(url).netloc == urlsplit(endpoint()).netloc else None
    return build_hf_headers(token=token or False, library_name="palimpsest", library_version=__version__)


@contextmanager
def told_plainly(what: str) -> Iterator[None]:
    """Failures of the network within the body become a DownloadError."""
    try:
        yield
    except httpx2.InvalidURL as error:
        raise DownloadError("“{address}” is no address.", address=what[:200]) from error
    except httpx2.UnsupportedProtocol as error:
        raise DownloadError("“{address}” is no address.", address=what[:200]) from error
    except httpx2.HTTPError as error:
        raise DownloadError("{name} could not be reached; are you online?", name=what[:200]) from error


def check(response: httpx2.Response, what: str) -> None:
    """Raises DownloadError, with the way out, for an answer that is none."""
    status = response.status_code
    if status < 400:
        return
    if status in (401, 403) and urlsplit(str(response.url)).netloc == urlsplit(endpoint()).netloc:
        raise DownloadError(
            "{name} is not open to everybody or does not exist: accept its terms on its page, and log in with "
            "“hf auth login”.",
            name=what[:200],
        )
    if status in (401, 403):
        raise DownloadError("{name} may only be fetched after logging in there.", name=what[:200])
    if status == 404:
        raise DownloadError("There is no {name} at this address.", name=what[:200])
    raise DownloadError(
        "{name} cannot be fetched now: the server answers {status}.", name=what[:200], status=status
    )
