"""What the cache warns of, as the artist is told."""

from cache.disk import DISK_FULL, FOLDER_FAILED, INDEX_FAILED, WRITE_FAILED
from editor_core.base.message import Message

CACHE_WARNINGS = {
    DISK_FULL: Message("The cache disk is full. New results are kept in memory only; you can go on editing."),
    WRITE_FAILED: Message(
        "The cache folder is not writable. New results are kept in memory only; you can go on editing."
    ),
    FOLDER_FAILED: Message(
        "The cache folder cannot be used. Until the program is restarted, results are kept in memory only."
    ),
    INDEX_FAILED: Message(
        "The cache on disk was damaged and has been reset. Earlier turns are computed again."
    ),
}
