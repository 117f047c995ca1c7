"""What stands in for a CUDA graph on a processor."""

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_flatten, tree_map

WAITING = (torch.ops.aten._local_scalar_dense.default, torch.ops.aten.nonzero.default)
"""What needs to know a tensor's values, for which a card would have to be waited for."""


def repeat(run):
    """Repeat the function itself, its results always in the same memory, as a graph's are."""
    results = run()

    def replay():
        torch._foreach_copy_(results, run())
        return results

    return replay


class Kernels(TorchDispatchMode):
    """While it is entered, notes every kernel that runs, with the memory it ran on; `replay` runs them again."""

    def __init__(self):
        super().__init__()
        self.calls = []  # they hold the tensors, whose ids so stay their own

    def __torch_dispatch__(self, kernel, types, args=(), named=None):
        if kernel in WAITING:
            raise RuntimeError(f"{kernel} cannot be captured")
        result = kernel(*args, **(named or {}))
        self.calls.append((kernel, args, named or {}, result))
        return result

    def replay(self, results):
        """What now stands in place of `results` once every kernel has run again. Nothing of Python's runs again."""
        made = {}

        def now(value):
            return made.get(id(value), value)

        for kernel, args, named, before in self.calls:
            after = kernel(*tree_map(now, args), **tree_map(now, named))
            for old, new in zip(tree_flatten(before)[0], tree_flatten(after)[0], strict=True):
                made[id(old)] = new
        return tree_map(now, results)


def kernels_of(run):
    """Capture a function as a graph does: of what it computes, not of what it is."""
    with Kernels() as kernels:
        results = run()
    return lambda: kernels.replay(results)
