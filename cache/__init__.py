"""Keeps tensors by key in host memory and on disk, within a budget. Knows tensors, keys and bytes, nothing else."""

from cache.budget import Budget
from cache.key import CacheKey
from cache.spec import TensorSpec
from cache.stats import CacheStats
from cache.store import ActivationCache, SpaceInfo

__all__ = ["ActivationCache", "Budget", "CacheKey", "CacheStats", "SpaceInfo", "TensorSpec"]
