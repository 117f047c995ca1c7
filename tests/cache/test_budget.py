import shutil
import sys
from pathlib import Path

import pytest

from cache import Budget
from cache.budget import _linux_free_ram, _macos_free_ram, free_disk_bytes, free_ram_bytes

VM_STAT = """Mach Virtual Memory Statistics: (page size of 16384 bytes)
Pages free:                               10.
Pages active:                            500.
Pages inactive:                           20.
Pages speculative:                         3.
"Translation faults":                    999.
"""


def test_a_share_of_what_is_free(tmp_path):
    budget = Budget.from_machine(tmp_path)
    assert 0 < budget.ram_bytes < free_ram_bytes()
    assert 0 < budget.disk_bytes < shutil.disk_usage(tmp_path).free
    assert budget.device_bytes == 0


def test_without_a_folder_there_is_no_disk_tier():
    assert Budget.from_machine().disk_bytes == 0


def test_a_folder_that_is_not_there_yet_is_measured_where_it_would_be(tmp_path):
    assert free_disk_bytes(tmp_path / "not" / "there") == pytest.approx(
        shutil.disk_usage(tmp_path).free, rel=0.5
    )


def test_what_linux_says():
    assert _linux_free_ram("MemTotal:  100 kB\nMemAvailable:     60 kB\nHugePages_Free: 0\n") == 60 * 1024


def test_what_macos_says():
    assert _macos_free_ram(VM_STAT) == 33 * 16384


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_free_ram_is_less_than_all_ram():
    total = int(Path("/proc/meminfo").read_text().split("MemTotal:")[1].split()[0]) * 1024
    assert 0 < free_ram_bytes() < total
