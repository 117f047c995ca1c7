"""Whether a tensor's bytes on the host are all numbers, neither infinite nor NaN, in one pass over the memory.

Such values have all bits of the exponent set: without the sign they are the largest there are, so the largest word
tells, once taken as a signed number (positive ones) and once as an unsigned one (negative ones). Several times faster
than to ask every value, and nothing is written.
"""

import numpy as np
import torch
from torch import Tensor

_WORDS: dict[torch.dtype, tuple[type[np.signedinteger], type[np.unsignedinteger], int]] = {
    torch.float16: (np.int16, np.uint16, 0x7C00),
    torch.bfloat16: (np.int16, np.uint16, 0x7F80),
    torch.float32: (np.int32, np.uint32, 0x7F80_0000),
    torch.float64: (np.int64, np.uint64, 0x7FF0_0000_0000_0000),
}
"""Of each type: its words, signed and not, and positive infinity as one."""


def all_finite(data: Tensor, dtype: torch.dtype) -> bool:
    """data: the tensor's bytes, uint8 (n,), on the host."""
    if not (dtype.is_floating_point or dtype.is_complex) or data.numel() == 0:
        return True
    if dtype.is_complex:
        dtype = torch.view_as_real(torch.empty(0, dtype=dtype)).dtype
    if dtype not in _WORDS:  # 8 bits and less; some have no infinity
        return bool(data.view(dtype).float().isfinite().all())
    signed, unsigned, infinity = _WORDS[dtype]
    words = data.numpy()
    sign = 1 << (8 * np.dtype(unsigned).itemsize - 1)
    return int(words.view(signed).max()) < infinity and int(words.view(unsigned).max()) < sign + infinity
