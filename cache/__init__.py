"""Keeps tensors by key in device memory, host memory and on disk, within a budget.

Knows tensors, keys and bytes, nothing else.
"""

from cache.budget import Budget
from cache.key import CacheKey
from cache.layered import LayeredReader, RowNumbers, flatten, put_rows
from cache.spec import TensorSpec
from cache.stats import CacheStats
from cache.store import ActivationCache, SpaceInfo

__all__ = [
    "ActivationCache",
    "Budget",
    "CacheKey",
    "CacheStats",
    "LayeredReader",
    "RowNumbers",
    "SpaceInfo",
    "TensorSpec",
    "flatten",
    "put_rows",
]
