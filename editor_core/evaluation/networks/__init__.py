"""Figures that need weights, which do not ship: each network lies in a folder of its own name and is named if it is not
there."""
