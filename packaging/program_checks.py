"""What the built program has to do, command by command and in its window."""

import json
import struct
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from checks import CheckFailed, Facts, require
from machine import Machine, interrupt, sessions, until
from project import version

PROJECT = "лиса fuchs.palimpsest"
WINDOW_STEPS = ("window", "model", "picture", "reword", "save", "reopen", "cancel")
QUICK = ("--steps", "6")


def tells_its_version(machine: Machine) -> Facts:
    done = machine.run("--version")
    require(
        done.stdout.strip() == f"palimpsest {version()}", f"it says {done.stdout!r} {done.stderr[-300:]!r}"
    )
    return {"version": version()}


def lists_its_model(machine: Machine) -> Facts:
    names = [model["source"] for model in machine.json("models")["models"]]
    require("default" in names, f"the default model is not among {names}")
    return {}


def makes_a_picture(machine: Machine) -> Facts:
    made = machine.json("new", "a fox on the snow", "-o", machine.work / PROJECT, "--seed", "7", *QUICK)
    return {"new_s": made["seconds"]}


def rewords(machine: Machine) -> Facts:
    made = machine.json("edit", machine.work / PROJECT, "--prompt", "a cat on the snow")
    require(0 < made["changed"] < 100, f"{made['changed']} % of the picture changed")
    return {"edit_s": made["seconds"], "changed": made["changed"]}


def edits_in_a_given_mask(machine: Machine) -> Facts:
    mask = machine.work / "mask.png"
    mask.write_bytes(half_white(256))
    made = machine.json("edit", machine.work / PROJECT, "--prompt", "a cat on the beach", "--mask", mask)
    require(40 <= made["changed"] <= 60, f"{made['changed']} % changed, the mask covers half")
    return {}


def finds_a_mask(machine: Machine) -> Facts:
    """InstDiffEdit, as far as its mask."""
    file = machine.work / "found.png"
    machine.json("mask", machine.work / PROJECT, "--prompt", "a panda", "-o", file)
    require(png_size(file) == (256, 256), "the mask has another size")
    return {}


def repaints_a_phrase(machine: Machine) -> Facts:
    return by_method(machine, "instdiffedit", "--prompt", "a panda")


def redraws(machine: Machine) -> Facts:
    """MaSaFusion, in the region that `edits_in_a_given_mask` drew."""
    words = ("--prompt", "a panda on the beach", "--region", machine.work / "mask.png")
    return by_method(machine, "masafusion", *words)


def by_method(machine: Machine, method: str, *words: str | Path) -> Facts:
    made = machine.json("edit", machine.work / PROJECT, "--method", method, *words)
    found = machine.json("history", machine.work / PROJECT)["turns"][-1]["method"]
    require(found == method, f"the turn was made by {found}")
    return {f"{method}_s": made.get("seconds")}


def opens_a_picture(machine: Machine) -> Facts:
    """A picture made elsewhere; also shows that the codecs are there."""
    picture = machine.work / "picture.png"
    machine.json("export", machine.work / PROJECT, "-o", picture)
    words = ("--prompt", "a cat on the beach", *QUICK)
    machine.json("open", picture, *words, "-o", machine.work / "opened.palimpsest")
    return {}


def exports(machine: Machine) -> Facts:
    turns = machine.json("history", machine.work / PROJECT)["turns"]
    require(len(turns) >= 3, f"{len(turns)} turns")
    for what in ("image", "mask"):
        file = machine.work / f"{what} ü.png"
        machine.json("export", machine.work / PROJECT, "--what", what, "-o", file)
        require(png_size(file) == (256, 256), f"the {what} has another size")
    return {"turns": len(turns)}


def refuses_with_one_sentence(machine: Machine) -> Facts:
    broken = machine.work / "broken.palimpsest"
    broken.write_bytes(b"PK\x03\x04 not a project")
    done = machine.run("edit", broken, "--prompt", "a cat")
    sentence = done.stderr.strip()
    require(
        done.returncode == 1 and "Traceback" not in sentence,
        f"it ended with {done.returncode}: {sentence[-300:]}",
    )
    require(broken.read_bytes() == b"PK\x03\x04 not a project", "it changed a file that it could not read")
    return {"sentence": sentence}


def stops_when_interrupted(machine: Machine) -> Facts:
    file = machine.work / "never.palimpsest"
    with machine.started(
        "new", "a fox on the snow", "-o", file, "--steps", "1000", "--size", "512x512"
    ) as process:
        assert process.stderr is not None
        told = (
            process.stderr.readline()
        )  # without a terminal a line comes when a stage is over: painting follows
        require("loading" in told, f"it says {told!r}")
        interrupt(process)
        begun = time.monotonic()
        until(lambda: process.poll() is not None, "ending after an interrupt", 60)
        seconds = time.monotonic() - begun
    require(process.returncode == 1, f"it ended with {process.returncode}")
    require(not file.exists(), "a stopped job left a file behind")
    return {"stops_s": round(seconds, 2)}


def works_in_its_window(machine: Machine) -> Facts:
    """The main job in the window, and that it starts no other processes: a frozen program can start itself for ever."""
    begun = time.monotonic()
    with machine.started("selftest", machine.work) as process:
        assert process.stdout is not None and process.stderr is not None
        seconds, most = {}, 0
        for line in process.stdout:
            told = json.loads(line)
            require(told["step"] != "failed", told.get("sentence", ""))
            seconds[told["step"]] = round(time.monotonic() - begun, 2)
            most = max(most, sum(1 for _, session in sessions() if session == process.pid))
        process.wait(60)
        fault = process.stderr.read()[-300:]
    require(process.returncode == 0, f"it ended with {process.returncode}: {fault}")
    require(tuple(seconds) == WINDOW_STEPS, f"it did {', '.join(seconds)}")
    require(most <= 1, f"{most} processes at once")
    return {f"{step}_s": value for step, value in seconds.items()}


def opens_its_window_twice(machine: Machine) -> Facts:
    """Two instances at once share the caches and do not disturb each other."""
    folders = [machine.work / "one", machine.work / "two"]
    with (
        machine.started("selftest", folders[0]) as one,
        machine.started("selftest", folders[1]) as two,
    ):
        for process in (one, two):
            out, err = process.communicate(timeout=900)
            require(
                process.returncode == 0,
                f"one of two ended with {process.returncode}: {out[-200:]} {err[-300:]}",
            )
    return {}


def keeps_a_log(machine: Machine) -> Facts:
    """The window has made its log folder, and the interpreter did not crash."""
    crashes = machine.work / "state" / "logs" / "crash.log"
    require(crashes.exists(), f"{crashes} is missing")
    require(crashes.stat().st_size == 0, f"it crashed: {crashes.read_text(encoding='utf-8')[:300]}")
    return {}


CHECKS: dict[str, Callable[[Machine], Facts]] = {
    "the window: picture, reword, save, reopen, cancel, close": works_in_its_window,
    "version": tells_its_version,
    "the default model is listed": lists_its_model,
    "new": makes_a_picture,
    "edit": rewords,
    "edit --mask": edits_in_a_given_mask,
    "mask": finds_a_mask,
    "edit --method instdiffedit": repaints_a_phrase,
    "edit --method masafusion --region": redraws,
    "history and export": exports,
    "open": opens_a_picture,
    "bad input": refuses_with_one_sentence,
    "cancel": stops_when_interrupted,
    "two windows at once": opens_its_window_twice,
    "log folder": keeps_a_log,
}


def half_white(side: int) -> bytes:
    """A grey PNG whose left half is white."""
    row = b"\0" + b"\xff" * (side // 2) + b"\0" * (side - side // 2)
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(row * side)), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def png_size(file: Path) -> tuple[int, int]:
    head = file.read_bytes()[:24]
    if not head.startswith(b"\x89PNG"):
        raise CheckFailed(f"{file.name} is not a PNG")
    size: Any = struct.unpack(">II", head[16:24])
    return size
