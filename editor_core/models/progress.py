"""How long-running functions report and how they are stopped."""

from collections.abc import Callable
from typing import Protocol

OnProgress = Callable[[int, int], None]
"""Called with (parts done, parts in all)."""


class Cancel(Protocol):
    """What can stop a running function between its steps."""

    def raise_if_cancelled(self) -> None:
        """Raises JobCancelled once somebody asked."""
