"""Scenes rendered ahead in processes of their own, so that a GPU does not wait for the painting of its examples."""

import multiprocessing
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np

from captions import Caption, describe
from scenes import Picture, Scene, render, scene_of
from sprites import Sprites
from tables import Tables


@dataclass(frozen=True)
class Shot:
    """How seeds become pictures: whose tables, which sprites, (height, width), and how much objects are enlarged."""

    tables: Tables
    sprites: Sprites
    size: tuple[int, int]
    scale: float = 1.0

    def take(self, seed: int) -> tuple[Caption, Picture]:
        """The picture of a seed, and one of the wordings of its scene."""
        scene: Scene = scene_of(seed, self.tables, scale=self.scale)
        caption = describe(scene, np.random.default_rng((7, seed)))
        return caption, render(scene, self.sprites, *self.size)


class Renderer:
    """Renders seeds, here or, with workers, ahead of time in other processes."""

    def __init__(self, shot: Shot, workers: ProcessPoolExecutor | None = None, ahead: int = 4):
        self._shot, self._workers, self._ahead = shot, workers, ahead
        self._started: deque[list[Future[tuple[Caption, Picture]]]] = deque()

    def take(self, seeds: list[int]) -> list[tuple[Caption, Picture]]:
        """Some pictures; with workers those of seeds that were asked for some calls before."""
        if self._workers is None:
            return [self._shot.take(seed) for seed in seeds]
        shot = self._shot
        self._started.append(
            [self._workers.submit(_take, shot.tables, shot.size, shot.scale, seed) for seed in seeds]
        )
        if len(self._started) <= self._ahead:
            return []
        return [future.result() for future in self._started.popleft()]


def start_workers(number: int) -> ProcessPoolExecutor | None:
    """So many processes that render, or None for none; each reads the sprites once."""
    if not number:
        return None
    context = multiprocessing.get_context("spawn")  # a fork would take CUDA's state along
    return ProcessPoolExecutor(number, mp_context=context, initializer=_load_sprites)


_own: dict[str, Sprites] = {}
"""A worker's sprites, which are too large to be sent with every seed."""


def _load_sprites() -> None:
    _own["sprites"] = Sprites.load()


def _take(tables: Tables, size: tuple[int, int], scale: float, seed: int) -> tuple[Caption, Picture]:
    return Shot(tables, _own["sprites"], size, scale).take(seed)
