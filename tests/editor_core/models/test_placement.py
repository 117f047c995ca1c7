import pytest
import torch

from editor_core.base.errors import DeviceError
from editor_core.models import placement
from editor_core.models.placement import choose_device, choose_dtype


@pytest.fixture
def machine(monkeypatch):
    """Pretends a machine with so many NVIDIA cards of a capability, and perhaps an Apple processor."""

    def pretend(cards: int = 0, capability: tuple[int, int] = (8, 0), apple: bool = False):
        monkeypatch.setattr(torch.cuda, "is_available", lambda: cards > 0)
        monkeypatch.setattr(torch.cuda, "device_count", lambda: cards)
        monkeypatch.setattr(torch.cuda, "get_device_capability", lambda device=None: capability)
        monkeypatch.setattr(torch.backends.mps, "is_available", lambda: apple)

    return pretend


@pytest.mark.parametrize(
    "cards, apple, expected", [(0, False, "cpu"), (1, False, "cuda:0"), (0, True, "mps")]
)
def test_auto_takes_the_best_there_is(machine, cards, apple, expected):
    machine(cards, apple=apple)
    assert choose_device("auto") == torch.device(expected)


def test_a_named_device_is_taken(machine):
    machine(cards=2)
    assert choose_device("cpu") == torch.device("cpu")
    assert choose_device("cuda") == torch.device("cuda:0")
    assert choose_device("cuda:1") == torch.device("cuda:1")


@pytest.mark.parametrize(
    "name, says",
    [
        ("cuda", "No supported NVIDIA graphics card"),
        ("cuda:0", "No supported NVIDIA graphics card"),
        ("mps", "No supported Apple GPU"),
        ("gpu", "no device called"),
        ("", "no device called"),
        ("meta", "no device called"),
        ("cuda:x", "no device called"),
    ],
)
def test_what_is_not_here_is_said_plainly(machine, name, says):
    machine()
    with pytest.raises(DeviceError, match=says):
        choose_device(name)


def test_a_card_number_too_high(machine):
    machine(cards=1)
    with pytest.raises(DeviceError, match="no graphics card number 3"):
        choose_device("cuda:3")


@pytest.mark.parametrize("amx, expected", [(True, torch.bfloat16), (False, torch.float32)])
def test_a_large_network_in_half_precision_stays_so_where_a_processor_gains(monkeypatch, amx, expected):
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: amx)
    cpu = torch.device("cpu")
    assert choose_dtype(cpu, placement.LARGE) == expected
    assert choose_dtype(cpu, placement.LARGE - 1) == choose_dtype(cpu) == torch.float32
    assert choose_dtype(torch.device("mps"), placement.LARGE) == torch.float32


@pytest.mark.parametrize(
    "device, capability, expected",
    [
        ("cpu", (8, 0), torch.float32),
        ("mps", (8, 0), torch.float32),
        ("cuda", (9, 0), torch.bfloat16),
        ("cuda", (7, 5), torch.float16),
    ],
)
def test_precision_suits_the_device(machine, device, capability, expected):
    machine(cards=1, capability=capability)
    assert choose_dtype(torch.device(device)) == expected
