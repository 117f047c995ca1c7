"""Why the system could not read or write a file, in our own words: its own are in no language we choose."""

import errno

from editor_core.base.message import Message

_FULL = Message("the disk is full")
_NOT_ALLOWED = Message("you do not have permission")
_NO_FOLDER = Message("the folder does not exist")
_REASONS = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EFBIG: Message("the file is too large for the disk"),
    errno.EACCES: _NOT_ALLOWED,
    errno.EPERM: _NOT_ALLOWED,
    errno.EROFS: Message("the disk is read-only"),
    errno.ENOENT: _NO_FOLDER,
    errno.ENOTDIR: _NO_FOLDER,
    errno.EEXIST: Message("a file of that name is in the way"),
    errno.EISDIR: Message("there is a folder of that name"),
    errno.ENAMETOOLONG: Message("the name is too long"),
}


def reason_of(fault: OSError) -> Message:
    """The middle of a sentence, such as "the disk is full"."""
    code = fault.errno or 0
    return _REASONS.get(code) or Message("the disk reported an error (code {code})", code=code)
