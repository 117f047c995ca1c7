"""The networks that predict noise, each family with its attention sites, recording and sparse execution."""
