"""Recorded activations: what a run leaves in the cache, and painting that computes a region only."""
