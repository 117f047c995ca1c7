"""What the checks of the self-test share."""

from typing import Any

Facts = dict[str, Any]
"""What a passed check found out, for the report."""


class CheckFailed(Exception):
    """The built program does not do what it should; the text says what it did."""


def require(passed: object, otherwise: str) -> None:
    if not passed:
        raise CheckFailed(otherwise)
