import shutil
import sys
from pathlib import Path

import pytest

from cache import Budget
from cache.budget import free_disk_bytes, free_ram_bytes


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


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_free_ram_is_less_than_all_ram():
    total = int(Path("/proc/meminfo").read_text().split("MemTotal:")[1].split()[0]) * 1024
    assert 0 < free_ram_bytes() < total


def test_nothing_is_kept_on_a_disk_or_a_card_unless_it_is_asked_for():
    budget = Budget()
    assert budget.device_bytes == budget.disk_bytes == 0 and budget.ram_bytes > 0
