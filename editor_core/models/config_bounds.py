"""What a configuration may ask for: a network of no more layers than its weights have tensors.

Libraries build what a configuration says before they look at the weights, however long that takes and whatever memory.
"""

from typing import Any

_MOST = 2**20
"""Of anything: the largest vocabulary of such a network has 49,408 words."""
_COUNTED = ("layers", "blocks", "depth")


def asks_too_much(value: Any, tensors: int, most: int = _MOST) -> bool:
    """Whether anything in a configuration is more than weights of so many tensors can be of."""
    if isinstance(value, dict):
        return any(
            asks_too_much(inner, tensors, tensors if any(word in key for word in _COUNTED) else most)
            for key, inner in value.items()
        )
    if isinstance(value, list):
        return len(value) > tensors or any(asks_too_much(inner, tensors, most) for inner in value)
    return isinstance(value, int | float) and value > most
