"""What a repository of the hub, or an address, holds that is worth fetching: a plan of files, nothing fetched yet."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import httpx2

from editor_core.base.errors import DownloadError
from editor_core.library.client import check, endpoint, headers_for, told_plainly
from editor_core.library.transfer import RemoteFile
from editor_core.models.weight_files import PICKLED

_REPOSITORY = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
_PAGES = ("blob", "resolve", "tree", "raw")
_STEMS = ("diffusion_pytorch_model", "model")
_WORDS = (".json", ".txt", ".model")
_PARTS = ("unet", "vae", "text_encoder", "text_encoder_2", "tokenizer", "tokenizer_2", "scheduler")
_SHARD = re.compile(r"-\d{5}-of-\d{5}")


@dataclass(frozen=True)
class Plan:
    name: str
    """Of the folder, or of the one file."""
    files: tuple[RemoteFile, ...]
    is_folder: bool

    @property
    def bytes(self) -> int:
        """As far as it is known."""
        return sum(file.size or 0 for file in self.files)


def plan_of(client: httpx2.Client, source: str, full: bool = False, sha256: str = "") -> Plan:
    """What to fetch for a hub id ("owner/name" or "owner/name/file.safetensors"), a page of the hub, or an address.

    full: full precision where a repository has half, too. sha256: of the one file, where somebody knows it. Raises
    DownloadError where there is nothing that can be used.
    """
    source = source.strip()
    path = source
    if "://" in source:
        try:
            address = urlsplit(source)
        except ValueError as error:
            raise DownloadError("“{address}” is no address.", address=source[:200]) from error
        if address.netloc != urlsplit(endpoint()).netloc:
            return _of_address(client, source, sha256)
        path = unquote(address.path)
    owner, name, revision, inside = _divided(path)
    repository = f"{owner}/{name}"
    if not _REPOSITORY.fullmatch(repository):
        raise DownloadError(
            "“{source}” is neither a model of the hub, such as owner/name, nor an address.",
            source=source[:200],
        )
    files, commit = _listing(client, repository, revision)
    remote = {each: _remote(repository, commit, each, told) for each, told in files.items()}
    if inside:
        return _one(remote, inside, sha256)
    wanted = list(_wanted(repository, tuple(files), full))
    if len(wanted) == 1 and wanted[0].endswith(".safetensors"):
        return _one(remote, wanted[0], sha256)
    return Plan(name, tuple(remote[each] for each in wanted), True)


def _divided(path: str) -> tuple[str, str, str, str]:
    """Owner, name, revision, and the file or folder inside; empty where they are not said."""
    parts = [part for part in path.split("/") if part]
    owner, name, *rest = [*parts, "", ""][: max(2, len(parts))]
    revision = "main"
    if rest and rest[0] in _PAGES:
        revision, rest = (rest[1] if len(rest) > 1 else "main"), rest[2:]
    return owner, name, revision, "/".join(rest)


def _listing(
    client: httpx2.Client, repository: str, revision: str
) -> tuple[dict[str, Mapping[str, Any]], str]:
    """The repository's files, what the hub says of each, and the commit."""
    address = f"{endpoint()}/api/models/{repository}/revision/{quote(revision, safe='')}?blobs=true"
    with told_plainly(repository):
        response = client.get(address, headers=headers_for(address))
    check(response, repository)
    try:
        told = response.json()
        files = {str(each["rfilename"]): each for each in told["siblings"]}
        return {name: each for name, each in files.items() if _is_safe(name)}, str(
            told.get("sha") or revision
        )
    except (ValueError, KeyError, TypeError) as error:
        raise DownloadError(
            "{name} cannot be fetched: the answer makes no sense.", name=repository
        ) from error


def _is_safe(name: str) -> bool:
    """Whether a file of this name stays in its folder."""
    parts = PurePosixPath(name).parts
    return (
        bool(parts)
        and not name.startswith("/")
        and ".." not in parts
        and "\\" not in name
        and ":" not in name
    )


def _remote(repository: str, commit: str, name: str, told: Mapping[str, Any]) -> RemoteFile:
    large = told.get("lfs")
    size, digest = told.get("size"), large.get("sha256") if isinstance(large, dict) else ""
    url = f"{endpoint()}/{repository}/resolve/{quote(commit, safe='')}/{quote(name)}"
    return RemoteFile(url, name, size if isinstance(size, int) else None, str(digest or ""))


def _one(remote: Mapping[str, RemoteFile], inside: str, sha256: str) -> Plan:
    if inside not in remote:
        raise DownloadError("There is no {name} at this address.", name=inside[:200])
    _check_ending(inside)
    found, name = remote[inside], PurePosixPath(inside).name
    return Plan(name, (RemoteFile(found.url, name, found.size, sha256 or found.sha256),), False)


def _wanted(repository: str, names: Sequence[str], full: bool) -> Iterator[str]:
    """The files of a model in diffusers' layout, of one network, or the only file of weights."""
    if "model_index.json" in names:
        yield "model_index.json"
        for part in _PARTS:
            inside = [name for name in names if name.startswith(f"{part}/")]
            yield from (name for name in inside if name.endswith(_WORDS) and "index" not in name)
            if f"{part}/config.json" in inside and not part.startswith("tokenizer"):
                yield from _weights(part, inside, full)
        return
    top = [name for name in names if "/" not in name]
    if "config.json" in top and any(name.startswith(tuple(f"{stem}." for stem in _STEMS)) for name in top):
        yield "config.json"
        yield from _weights("", top, full)
        return
    files = [name for name in top if name.endswith(".safetensors")]
    if len(files) > 1:
        raise DownloadError(
            "{name} holds several models; add the file's name, such as {name}/{file}.",
            name=repository,
            file=sorted(files)[0],
        )
    if not files:
        raise _nothing(repository, names)
    yield files[0]


def _weights(part: str, names: Iterable[str], full: bool) -> Iterator[str]:
    """One variant of a network's weights: half precision first, unless the full one is asked for."""
    bare = {PurePosixPath(name).name: name for name in names if name.endswith((".safetensors", ".index.fp16.json",
        ".safetensors.index.json"))}  # fmt: skip
    for variant in ("", ".fp16") if full else (".fp16", ""):
        for stem in _STEMS:
            if f"{stem}{variant}.safetensors" in bare:
                yield bare[f"{stem}{variant}.safetensors"]
                return
            index = f"{stem}.safetensors.index{variant}.json"
            if index in bare:
                yield bare[index]
                yield from (
                    whole
                    for name, whole in bare.items()
                    if _SHARD.search(name) and _SHARD.sub("", name) == f"{stem}{variant}.safetensors"
                )
                return
    raise _nothing(part or "it", tuple(names))


def _nothing(what: str, names: Sequence[str]) -> DownloadError:
    if any(name.endswith(PICKLED) for name in names):
        return DownloadError(
            "{name} is pickled only, which is unsafe; look for a version with .safetensors files.", name=what
        )
    return DownloadError("{name} holds no weights that can be used.", name=what)


def _of_address(client: httpx2.Client, address: str, sha256: str) -> Plan:
    """One file behind an address; what it is called, the server says, or else the address."""
    if urlsplit(address).scheme not in ("http", "https"):
        raise DownloadError("“{address}” is no address.", address=address[:200])
    with told_plainly(address), client.stream("GET", address, headers=headers_for(address)) as response:
        check(response, address)
        name = _called(response.headers.get("Content-Disposition", ""), str(response.url)) or _called(
            "", address
        )
        length = response.headers.get("Content-Length")
    _check_ending(name)
    size = int(length) if length and length.isdigit() else None
    return Plan(name, (RemoteFile(address, name, size, sha256),), False)


def _called(disposition: str, address: str) -> str:
    """A plain file name, without anything that a file system reads otherwise."""
    star = re.search(r"filename\*=(?:UTF-8|utf-8)''([^;]+)", disposition)
    plain = re.search(r'filename="?([^";]+)"?', disposition)
    told = unquote(star[1]) if star else plain[1] if plain else unquote(urlsplit(address).path)
    name = re.split(r"[\\/]", told.strip())[-1]
    return re.sub(r'[<>:"|?*\x00-\x1f]', "_", name).lstrip(".")[:200]


def _check_ending(name: str) -> None:
    if name.lower().endswith(PICKLED):
        raise DownloadError(
            "{name} is pickled only, which is unsafe; look for a version with .safetensors files.", name=name
        )
    if not name.lower().endswith(".safetensors"):
        raise DownloadError("{name} is no .safetensors file.", name=name or "–")
