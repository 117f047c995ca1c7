"""Attention, whichever network computes it: its sites, and what an engine lets it do otherwise."""
