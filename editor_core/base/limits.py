"""How large things may be: one table for those who write files, read them, change documents and recover them.

Whatever a document can hold within these limits can be saved and opened again; whatever passes one is refused in a
sentence, when it is made or when it is read.
"""

MAX_SIDE = 16_384
"""Pixels a side of a canvas, a picture, and one stored part of a layer."""
MAX_PIXELS = 128 * 2**20
"""Pixels of one picture, and of one stored part of a layer."""
MAX_OFFSET = 2**24
"""Pixels from the canvas's corner to a layer's, either way."""
PART_SIDE = 8192
"""Pixels a side of the parts in which a layer is stored that is larger than one picture may be."""

MAX_DEPTH = 64
"""Groups in groups, the layers of the innermost counted."""
MAX_LAYERS = 4000
"""Each may take a whole tile of 64 kB for a single pixel."""
MAX_TURNS = 20_000

MAX_NAME = 4096
"""Characters of a layer's or turn's name, of a method's, a model's, a cache space's."""
MAX_WORDS = 1_000_000
"""Characters of a prompt."""
MAX_STEPS = 100_000
"""Sampling steps of a turn."""
MAX_JSON_DEPTH = 256
"""Lists and objects in each other: two a group of layers, and what engines log."""

MAX_ENTRIES = 200_000
"""Files in one archive."""
MAX_TEXT = 64 * 2**20
"""Bytes of one XML or JSON file in an archive."""
MAX_PICTURE_BYTES = 2**30
"""Bytes of one picture, packed."""
MAX_NOTE_BYTES = 32 * 2**20
"""Bytes of a colour profile, of Exif data or of one text in a picture."""
MAX_KEPT_FILE_BYTES = 256 * 2**20
"""Bytes of a project of which a copy is kept in the state folder."""
MAX_KEPT_BYTES = 2**30
"""Bytes of all such copies."""
MAX_KEPT_FILES = 200
"""How many of them: each save looks at all."""
MAX_LATENTS_BYTES = 16 * 2**30
"""Bytes of the latents of one turn."""
MAX_LATENT_ARRAYS = 256

MIN_LAYER_BYTES = 2 * 2**30
"""What the unpacked layers of any file may take in memory, equal tiles counted once."""
MAX_PIXEL_RATIO = 400
"""Bytes of layers in memory to bytes of the file, beyond ``MIN_LAYER_BYTES``: real work is far below."""
MAX_RATIO = 200
"""Unpacked to packed, of all parts of an archive together."""
ALWAYS_UNPACKED = 64 * 2**20
"""Bytes unpacked below which the ratio of an archive does not matter."""
MAX_SETTINGS_BYTES = 2**20
"""Bytes of the file of settings."""
