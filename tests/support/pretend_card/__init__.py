"""Graphics cards on a machine without one: processor tensors that call themselves "cuda:0" and "cuda:1".

A processor forgives what a card does not. A pretend card does not forgive either:
- tensors of two devices do not mix, and numpy sees none of a card's;
- copies to and from page-locked memory run as late as a real card's may, when somebody waits for them or works on;
- a stream that touches what another one wrote or reads, without having waited for it, is a `hazard`, and so is memory
  that is freed while another stream still uses it; what is freed is overwritten;
- memory is counted, and can be full;
- a captured graph repeats kernels on the memory that it was captured with, computes nothing while it is captured, and
  refuses what would make the host wait.

What it computes is what the processor computes, so results can be compared bit by bit. Times mean nothing on it.
"""

from support.pretend_card.machine import Machine, pretend_cards
from support.pretend_card.tensors import CardTensor

__all__ = ["CardTensor", "Machine", "pretend_cards"]
