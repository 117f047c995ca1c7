"""Tensors of a pretend card, and what a card says to each operator that they meet."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import torch

from support.pretend_card import arguments
from support.pretend_card.graphs import Kernel, frozen
from support.pretend_card.memory import POISON, Allocation
from support.pretend_card.streams import Stream, active

aten = torch.ops.aten
CPU = torch.device("cpu")

# The host waits for their result, or for what they need copied.
_WAITING = {
    aten._local_scalar_dense.default, aten.nonzero.default, aten.equal.default, aten.masked_select.default,
    aten._unique2.default, aten.unique_dim.default, aten.repeat_interleave.Tensor, aten.bincount.default,
    aten.is_nonzero.default, aten.unique_consecutive.default,
}  # fmt: skip
_INDEXING = {
    aten.index.Tensor,
    aten.index_put_.default,
    aten.index_put.default,
    aten._index_put_impl_.default,
}
# What no number may stand in for: the processor's tensors without dimensions are refused here, too.
_STRICT = {
    aten.index_select.default, aten.gather.default, aten.embedding.default, aten.index_copy.default,
    aten.index_copy_.default, aten.index_fill.int_Scalar, aten.mm.default, aten.bmm.default, aten.cat.default,
}  # fmt: skip


class CardTensor(torch.Tensor):
    """A processor's tensor that says it lies on a card."""

    __torch_function__ = torch._C._disabled_torch_function_impl
    allocation: Allocation

    @property
    def device(self) -> torch.device:
        return self.allocation.stream.device

    @property
    def is_cuda(self) -> bool:
        return True

    @property
    def is_cpu(self) -> bool:
        return False

    def get_device(self) -> int:
        return self.device.index

    # What asks C++ for the device would be told that it is the processor.

    def to(self, *args: Any, **kwargs: Any) -> torch.Tensor:
        device, dtype, kwargs = _parsed(args, kwargs)
        target = self.device if device is None else active().numbered(device)
        dtype, memory_format = dtype or self.dtype, kwargs.get("memory_format")
        laid_out = memory_format in (None, torch.preserve_format) or self.is_contiguous(
            memory_format=memory_format
        )
        if (target, dtype, laid_out) == (self.device, self.dtype, True) and not kwargs.get("copy"):
            return self
        return aten._to_copy.default(
            self,
            dtype=dtype,
            device=target,
            non_blocking=kwargs.get("non_blocking", False),
            memory_format=memory_format,
        )

    def cpu(self, memory_format: torch.memory_format = torch.preserve_format) -> torch.Tensor:
        return self.to("cpu", memory_format=memory_format)

    def cuda(self, device: Any = None, non_blocking: bool = False) -> torch.Tensor:
        return self.to("cuda" if device is None else device, non_blocking=non_blocking)

    def __repr__(self, *_: Any) -> str:
        return f"<{tuple(self.shape)} {self.dtype} on {self.device}>"

    def record_stream(self, stream: Stream) -> None:
        self.allocation.kept_for.add(stream)

    def numpy(self, *, force: bool = False):
        if not force:
            raise TypeError(
                f"can't convert {self.device} device type tensor to numpy. Use Tensor.cpu() to copy it first."
            )
        return self.cpu().numpy()

    def __array__(self, *_: Any, **__: Any):
        return self.numpy()

    def __reduce_ex__(self, protocol):
        raise TypeError("a pretend card's tensor is not to be stored or copied deeply")

    @classmethod
    def __torch_dispatch__(cls, func, types, args=(), kwargs=None):
        return dispatch(func, args, kwargs or {})


def _parsed(args: Any, kwargs: Any) -> tuple[Any, torch.dtype | None, dict[str, Any]]:
    """What ``Tensor.to`` was asked for: device, precision, the rest by name."""
    kwargs = dict(kwargs)
    first, others = (args[0], args[1:]) if args else (kwargs.pop("other", None), ())
    device, dtype = kwargs.pop("device", None), kwargs.pop("dtype", None)
    if isinstance(first, torch.Tensor):
        device, dtype = first.device, first.dtype
    elif isinstance(first, torch.dtype):
        dtype = first
    elif args:
        device = first
        if others and (others[0] is None or isinstance(others[0], torch.dtype)):
            dtype, others = others[0], others[1:]
    return device, dtype, kwargs | dict(zip(("non_blocking", "copy"), others, strict=False))


def plain(tensor: torch.Tensor) -> torch.Tensor:
    """A processor's tensor over the same memory; does not keep it from being freed."""
    with torch._C._DisableTorchDispatch():
        return tensor.detach()


def dispatch(func: Any, args: Any, kwargs: Any) -> Any:
    """Run an operator as the machine with the cards would."""
    with torch._C.DisableTorchFunction():  # what is called on the way is no call of the program's
        return _dispatched(active(), func, args, kwargs)


def _dispatched(machine, func: Any, args: Any, kwargs: Any) -> Any:
    tensors = arguments.tensors(args, kwargs)
    cards = [tensor for tensor in tensors if isinstance(tensor, CardTensor)]
    asked = kwargs.get("device")
    on_card = asked is not None and torch.device(asked).type == "cuda"
    with machine.lock:
        if not cards and not on_card:
            return _on_processor(machine, func, args, kwargs)
        if func is aten._to_copy.default:
            return _to_copy(machine, args[0], kwargs)
        if func is aten.copy_.default:
            return _copy(machine, *args, **kwargs)
        if func is aten.is_pinned.default:
            return False
        if func is aten._pin_memory.default:
            raise RuntimeError("cannot pin a card's tensor: only dense CPU tensors can be pinned")
        device = _common_device(func, args, tensors, cards)
        if on_card:
            device = machine.numbered(asked)
        assert device is not None
        if asked is not None:
            kwargs = kwargs | {"device": CPU}
        if _makes_host_wait(func, args):
            wait_for(machine, device)
        return launch(machine, func, args, kwargs, device)


def _on_processor(machine, func: Any, args: Any, kwargs: Any) -> Any:
    """What has to do with no card, but perhaps with page-locked memory."""
    if func is aten.is_pinned.default:
        return machine.is_page_locked(args[0])
    if func is aten._pin_memory.default:
        return machine.page_lock(args[0].clone())
    if kwargs.get("pin_memory"):
        return machine.page_lock(func(*args, **kwargs | {"pin_memory": False}))
    return func(*args, **kwargs)


def _common_device(func: Any, args: Any, tensors: list, cards: list) -> torch.device | None:
    """The card that all tensors lie on. Raises RuntimeError where they do not."""
    if not cards:
        return None
    device = cards[0].device
    others = [tensor for tensor in tensors if not isinstance(tensor, CardTensor)]
    operator = _operator(func)
    if operator.indexes and isinstance(args[0], CardTensor):
        others = [tensor for tensor in args[2:3] if not isinstance(tensor, CardTensor)]
    strays = [other for other in others if other.ndim or operator.is_strict]
    strays += [card for card in cards if card.device != device]
    if strays:
        raise RuntimeError(
            "Expected all tensors to be on the same device, but found at least two devices, "
            f"{device} and {strays[0].device}! ({func})"
        )
    return device


def _makes_host_wait(func: Any, args: Any) -> bool:
    operator = _operator(func)
    if operator.waits:
        return True
    if not operator.indexes:
        return False
    indices = [index for index in args[1] if index is not None]
    masks = any(index.dtype in (torch.bool, torch.uint8) for index in indices)
    return masks or any(not isinstance(index, CardTensor) for index in indices)


def wait_for(machine, device: torch.device) -> None:
    """The host waits until the current stream has done all it was given. Raises RuntimeError in a capture."""
    stream = machine.current_stream(device)
    if stream.capture is not None:
        stream.capture.refuse()
    stream.synchronize()


@dataclass(frozen=True)
class _Operator:
    """What is to be known of an operator at every call."""

    name: str
    waits: bool
    indexes: bool
    is_strict: bool
    written: frozenset[str | int]
    """Which arguments, by place and name, it writes to."""
    is_view: bool
    """Whether it only looks at memory in another way: no kernel is launched for it."""


@cache
def _operator(func: Any) -> _Operator:
    written: set[str | int] = set()
    for place, argument in enumerate(func._schema.arguments):
        if argument.alias_info is not None and argument.alias_info.is_write:
            written |= {place, argument.name}
    returns = func._schema.returns
    looks = bool(returns) and all(each.alias_info is not None for each in returns)
    kinds = (func in _WAITING, func in _INDEXING, func in _STRICT)
    return _Operator(str(func), *kinds, frozenset(written), looks and not written)


def _uses(func: Any, args: Any, kwargs: Any) -> list[tuple[Allocation, bool]]:
    """The memory that a call uses, and whether it writes it."""
    written = _operator(func).written
    found: dict[Allocation, bool] = {}
    for name, value in (*enumerate(args), *kwargs.items()):
        for tensor in arguments.tensors(value):
            if isinstance(tensor, CardTensor):
                found[tensor.allocation] = found.get(tensor.allocation, False) or name in written
    return list(found.items())


def launch(machine, func: Any, args: Any, kwargs: Any, device: torch.device) -> Any:
    """Run a kernel on the device's current stream."""
    stream = machine.current_stream(device)
    uses = _uses(func, args, kwargs)
    operator = _operator(func)
    if operator.is_view:
        with torch._C._DisableTorchDispatch():
            return _wrapped(machine, func(*args, **kwargs), uses, stream)[0]
    stream.launch()
    if stream.capture is not None:
        return _capture(machine, func, args, kwargs, uses, stream)
    stream.drain()
    for allocation, writes in uses:
        allocation.touch(stream, operator.name, writes)
    try:
        with torch._C._DisableTorchDispatch():
            output = func(*args, **kwargs)
    except IndexError:
        machine.hazards.append(
            f"{func} is given an index out of range, after which a card does nothing any more"
        )
        raise RuntimeError("CUDA error: device-side assert triggered") from None
    wrapped, fresh = _wrapped(machine, output, uses, stream)
    for tensor in fresh:
        tensor.allocation.touch(stream, operator.name, True)
    return wrapped


def _capture(machine, func: Any, args: Any, kwargs: Any, uses: list, stream: Stream) -> Any:
    """Note a kernel. What lies outside of the capture is not touched before a replay."""
    recording = stream.capture
    if any(writes and allocation.recording is not recording for allocation, writes in uses):
        recording.note(Kernel(func, frozen(args, plain), frozen(kwargs, plain), []), uses)
        return args[0] if func._schema.returns else None
    keep = frozen(args, plain), frozen(kwargs, plain)
    with torch._C._DisableTorchDispatch():
        output = func(*args, **kwargs)
    wrapped, fresh = _wrapped(machine, output, uses, stream)
    recording.note(Kernel(func, *keep, [plain(tensor) for tensor in fresh]), uses)
    return wrapped


def _wrapped(machine, output: Any, uses: list, stream: Stream) -> tuple[Any, list[CardTensor]]:
    """An operator's output as the card's, and what of it has memory of its own."""
    known = {allocation.key: allocation for allocation, _ in uses}
    fresh: list[CardTensor] = []

    def wrap(leaf: torch.Tensor) -> torch.Tensor:
        if isinstance(leaf, CardTensor):
            return leaf
        allocation = known.get(leaf.untyped_storage()._cdata)
        own = allocation is None
        if allocation is None:
            allocation = machine.allocate(leaf, stream)
            known[allocation.key] = allocation
        tensor = as_card(leaf, allocation)
        fresh.extend([tensor] if own else [])
        return tensor

    return arguments.mapped(output, wrap), fresh


def as_card(tensor: torch.Tensor, allocation: Allocation) -> CardTensor:
    card = torch.Tensor._make_subclass(CardTensor, tensor)
    card.allocation = allocation
    return card


def _to_copy(machine, source: torch.Tensor, kwargs: Any) -> torch.Tensor:
    asked = kwargs.get("device")
    target = source.device if asked is None else machine.numbered(asked)
    late = kwargs.get("non_blocking", False)
    rest = {
        name: value for name, value in kwargs.items() if name not in ("device", "non_blocking", "pin_memory")
    }
    if target == source.device:
        return launch(machine, aten._to_copy.default, (source,), rest, target)
    with torch._C._DisableTorchDispatch():
        memory = aten._to_copy.default(source, **rest)
    if memory.untyped_storage()._cdata == source.untyped_storage()._cdata:
        memory = memory.clone()
    if target.type == "cpu":
        _transfer(machine, machine.page_lock(memory) if late else memory, source, late)
        return memory
    stream = machine.current_stream(target)
    if stream.capture is not None:
        stream.capture.refuse()
    there = as_card(memory, machine.allocate(memory, stream))
    _transfer(machine, there, source, late)
    return there


def _copy(machine, target: torch.Tensor, source: torch.Tensor, non_blocking: bool = False) -> torch.Tensor:
    number = source.ndim == 0 and machine.here.assigns_number  # `x[...] = 2` fills
    if target.device == source.device or (isinstance(target, CardTensor) and number):
        return launch(machine, aten.copy_.default, (target, source), {}, target.device)
    _transfer(machine, target, source, non_blocking)
    return target


def _transfer(machine, target: torch.Tensor, source: torch.Tensor, late: bool) -> None:
    """Copy between two devices; late, where it may be, when somebody waits for it."""
    cards = [tensor for tensor in (target, source) if isinstance(tensor, CardTensor)]
    hosts = [tensor for tensor in (target, source) if not isinstance(tensor, CardTensor)]
    stream = machine.current_stream(cards[-1].device)
    late = late and all(machine.is_page_locked(host) for host in hosts)
    if stream.capture is not None:
        stream.capture.refuse()
    for card in cards[:-1]:
        stream.wait_stream(machine.current_stream(card.device))
    stream.launch()
    for card in cards:
        card.allocation.touch(stream, "copy_", card is target)
    into, out_of = plain(target), plain(source)

    def work() -> None:
        with torch._C._DisableTorchDispatch(), torch.no_grad():
            into.copy_(out_of)

    if late:
        if isinstance(target, CardTensor):
            target.allocation.bytes.fill_(POISON) if into.numel() == target.allocation.bytes.numel() else None
        else:
            _poison(into)
        stream.later(work)
    else:
        stream.drain()
        work()
        if hosts:
            stream.synchronize()
    for card in cards[:-1]:
        machine.current_stream(card.device).wait_stream(stream)


def _poison(host: torch.Tensor) -> None:
    """What is to come is not there yet; a result that was there before would hide that somebody reads too early."""
    if host.is_contiguous():
        host.view(-1).view(torch.uint8).fill_(POISON)
