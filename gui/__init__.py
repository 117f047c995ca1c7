"""The window: shows and asks, decides nothing about images."""

from gui.worker import overrides

overrides.install()
