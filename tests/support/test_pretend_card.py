"""The pretend card itself: it refuses, delays and overwrites what a real one would."""

import pytest
import torch

from support.pretend_card.machine import pretend_cards


@pytest.fixture
def cards():
    with pretend_cards(cards=2, capacity=1 << 20) as machine:
        yield machine


def page_locked(*shape):
    return torch.empty(shape, pin_memory=True)


def test_tensors_say_where_they_lie_and_compute_what_the_processor_computes(cards):
    a, b = torch.randn(3, 4), torch.randn(4, 5)
    product = a.to("cuda:1") @ b.to("cuda:1")
    assert product.device == torch.device("cuda:1") and product.is_cuda
    assert torch.equal(product.cpu(), a @ b)
    assert (
        torch.zeros(2, device="cuda").device
        == torch.tensor([1], device="cuda").device
        == torch.device("cuda:0")
    )
    with torch.cuda.device(1):
        assert torch.zeros(2, device="cuda").device == torch.device("cuda:1")


def test_devices_do_not_mix(cards):
    on_card, other = torch.ones(3, device="cuda:0"), torch.ones(3, device="cuda:1")
    for stranger in (torch.ones(3), other):
        with pytest.raises(RuntimeError, match="same device"):
            on_card + stranger
    with pytest.raises(RuntimeError, match="same device"):
        on_card.index_select(0, torch.tensor([1]))
    with pytest.raises(TypeError, match="numpy"):
        on_card.numpy()
    assert torch.equal((on_card + torch.tensor(2.0)).cpu(), torch.full((3,), 3.0))  # a number
    assert torch.equal(on_card[torch.tensor([1, 2])].cpu(), torch.ones(2))  # copied there first
    assert torch.equal((on_card.to("cuda:1") + other).cpu(), torch.full((3,), 2.0))


def test_modules_move_there_and_back(cards):
    module, x = torch.nn.Linear(4, 3), torch.randn(2, 4)
    expected = module(x)
    module.to("cuda")
    assert {parameter.device for parameter in module.parameters()} == {torch.device("cuda:0")}
    assert torch.equal(module(x.cuda()).cpu(), expected)
    assert torch.equal(module.to("cpu")(x), expected)


def test_the_kernel_of_group_norm_takes_contiguous_channels_only(cards):
    """Seen on an H200; `torch.nn.functional.group_norm` lays them so before it calls the kernel."""
    x = torch.randn(2, 4, 3, 3, device="cuda")
    torch.native_group_norm(x, None, None, 2, 4, 9, 2, 1e-5)
    with pytest.raises(RuntimeError, match="is_contiguous"):
        torch.native_group_norm(x.contiguous(memory_format=torch.channels_last), None, None, 2, 4, 9, 2, 1e-5)


def test_gradients_flow_on_a_card(cards):
    x = torch.randn(4, device="cuda").requires_grad_()
    (gradient,) = torch.autograd.grad((x * x).sum(), x)
    assert gradient.is_cuda and torch.equal(gradient.cpu(), 2 * x.detach().cpu())


def test_bytes_are_counted_and_can_be_full(cards):
    tensor = torch.empty(1 << 19, dtype=torch.uint8, device="cuda:1")
    view = tensor[: 1 << 10]
    assert torch.cuda.memory_allocated(1) == 1 << 19 and torch.cuda.memory_allocated(0) == 0
    with pytest.raises(torch.OutOfMemoryError):
        torch.empty((1 << 19) + 1, dtype=torch.uint8, device="cuda:1")
    del tensor
    assert torch.cuda.memory_allocated(1) == 1 << 19, "a view keeps it"
    del view
    assert torch.cuda.memory_allocated(1) == 0 and torch.cuda.mem_get_info(1) == (1 << 19, 1 << 20)
    torch.cuda.empty_cache()
    assert torch.cuda.mem_get_info(1) == (1 << 20, 1 << 20)


def test_copies_of_page_locked_memory_come_late(cards):
    tensor, host = torch.ones(4, device="cuda"), page_locked(4)
    host.zero_()
    host.copy_(tensor, non_blocking=True)
    assert host.isnan().all()
    torch.cuda.current_stream().synchronize()
    assert torch.equal(host, torch.ones(4))
    there = host.to("cuda", non_blocking=True)
    host.fill_(7)
    assert torch.equal(there.cpu(), torch.full((4,), 7.0)), "the copy began after the host wrote"
    plain = torch.ones(4)
    there = plain.to("cuda", non_blocking=True)
    plain.fill_(7)
    assert torch.equal(there.cpu(), torch.ones(4)), "other memory is staged"


def test_a_stream_that_does_not_wait_is_a_hazard(cards):
    side = torch.cuda.Stream()
    tensor = torch.ones(4, device="cuda")
    tensor.record_stream(side)
    with torch.cuda.stream(side):
        tensor + 1
    assert "without waiting" in cards.hazards.pop()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        result = tensor + 1
        done = side.record_event()
    tensor.add_(1)
    assert "reads, without waiting" in cards.hazards.pop()
    done.wait()
    result.record_stream(torch.cuda.current_stream())
    result + 1
    del result
    assert not cards.hazards


def test_memory_that_another_stream_still_uses_must_be_kept_for_it(cards):
    side = torch.cuda.Stream()
    for kept in (False, True):
        tensor = torch.ones(4, device="cuda")
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            tensor + 1
        if kept:
            tensor.record_stream(side)
        del tensor
        assert [("is freed while" in hazard) for hazard in cards.hazards] == [True] * (not kept)
        cards.hazards.clear()


def captured(run, **options):
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph, **options):
        results = run()
    return graph, results


def test_a_graph_repeats_kernels_on_its_memory(cards):
    x, total = torch.ones(3, device="cuda"), torch.zeros(3, device="cuda")
    number = torch.tensor(2.0)

    def run():
        total.add_(1)
        doubled = x * number
        doubled[1:] = 5
        return doubled + total

    graph, result = captured(run)
    assert result.cpu().isnan().all() and not total.cpu().any(), "nothing is computed while it is captured"
    for value in (1.0, 4.0):
        x.fill_(value)
        number.fill_(0)
        graph.replay()
        assert torch.equal(result.cpu(), torch.tensor([2 * value, 5, 5]) + total.cpu())
    assert torch.equal(total.cpu(), torch.full((3,), 2.0))


@pytest.mark.parametrize(
    "waits",
    [
        lambda x: x.sum().item(),
        lambda x: x[x > 0],
        lambda x: x.nonzero(),
        lambda x: x.cpu(),
        lambda x: x + torch.ones(3).to(x.device),
        lambda x: x[[0, 2]],
        lambda x: torch.cuda.synchronize(),
    ],
)
def test_what_makes_the_host_wait_cannot_be_captured(cards, waits):
    x = torch.ones(3, device="cuda")
    with pytest.raises(RuntimeError, match="CUDA error"):
        captured(lambda: waits(x))


def test_a_graph_whose_input_was_freed_is_a_hazard(cards):
    inputs = [torch.ones(3, device="cuda")]
    graph, result = captured(lambda: inputs[0] + 1)
    inputs.clear()
    graph.replay()
    assert result.cpu().isnan().all()
    assert "memory that was freed" in cards.hazards.pop()


def test_what_runs_on_another_card_is_not_captured(cards):
    x = torch.ones(3, device="cuda:1")
    with pytest.warns(UserWarning, match="empty"):
        captured(lambda: x + 1)
    with torch.cuda.device(1):
        graph, result = captured(lambda: x + 1, stream=torch.cuda.Stream())
    graph.replay()
    assert torch.equal(result.cpu(), torch.full((3,), 2.0))


def test_graphs_that_share_a_pool_share_memory(cards):
    x = torch.ones(1 << 10, device="cuda")

    def run():
        return ((x + 1) * 2)[:1].clone()

    before = torch.cuda.memory_allocated()
    graph = (first := captured(run))[0]
    one = torch.cuda.memory_allocated() - before
    second = captured(run, pool=graph.pool())
    assert torch.cuda.memory_allocated() - before < 1.1 * one
    del first, graph
    assert torch.cuda.memory_allocated() - before >= one
    del second
    assert torch.cuda.memory_allocated() == before


def test_a_hazard_fails_the_body():
    with pytest.raises(AssertionError, match="a hazard"), pretend_cards() as machine:
        machine.hazards.append("a hazard")
