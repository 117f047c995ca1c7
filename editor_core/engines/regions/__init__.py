"""Everything that makes a mask: attention maps, changed words, differences, outlines, blending."""
