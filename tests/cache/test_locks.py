import subprocess
import sys

from cache.locks import FileLock

HOLD = """
import sys
from pathlib import Path
from cache.locks import FileLock
lock = FileLock(Path(sys.argv[1]))
print(lock.acquire(wait=False), flush=True)
sys.stdin.read()
"""


def holder(path):
    return subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def test_another_process_is_kept_out_until_release(tmp_path):
    lock = FileLock(tmp_path / "lock")
    assert lock.acquire(wait=False)
    with holder(lock.path) as other:
        assert other.stdout.readline() == "False\n"
        other.stdin.close()
    lock.release()
    with holder(lock.path) as other:
        assert other.stdout.readline() == "True\n"
        assert not lock.acquire(wait=False)
        other.kill()
    assert lock.acquire(wait=False), "the system let go of the dead process's lock"
    lock.release()


def test_two_locks_of_one_process_exclude_each_other(tmp_path):
    with FileLock(tmp_path / "lock"):
        assert not FileLock(tmp_path / "lock").acquire(wait=False)
