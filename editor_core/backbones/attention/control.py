"""What an engine lets attention do otherwise, as plain data: every backbone takes it, none is named here.

Maps are probabilities after the softmax. They are made explicitly only where asked for, and only in the conditional
half; everything else runs fused. A batch holds [unconditional half, conditional half], as in diffusers' pipelines.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch.nn import functional as F

from editor_core.backbones.attention.sites import AttentionSite, Where, everywhere

MapCallback = Callable[[AttentionSite, torch.Tensor], None]
MapSource = Callable[[AttentionSite], torch.Tensor]
Inject = Callable[[AttentionSite, torch.Tensor], torch.Tensor]


@dataclass(frozen=True)
class MapControl:
    """Cross-attention maps that are shown or changed, at the sites that `where` picks.

    `record` gets (items·heads, positions, tokens) as used, after any injection. With `guided` false the whole batch is
    conditional.
    """

    record: MapCallback | None = None
    inject: Inject | None = None
    guided: bool = True
    where: Where = everywhere


@dataclass(frozen=True)
class Injection:
    """The base run's maps and where its words went.

    Prompt-to-Prompt (Hertz et al., arXiv 2208.01626, section 3.2, "adding a new phrase") keeps a picture's layout while
    its words change by giving the unchanged words the base run's maps. FISEdit (arXiv 2305.17423) does so during the
    first, dense steps, so that the difference of the two runs shows only the edit.

    `base_maps` returns a site's map (items·heads, positions, base tokens); None changes no column. `alignment`
    (tokens,) holds, for each token of the edited prompt, the index of the same token in the base prompt, or -1 for a
    new one. The tokens ``hidden`` are not looked at, as if the softmax were over the others only.
    """

    base_maps: MapSource | None
    alignment: torch.Tensor
    hidden: tuple[int, ...] = ()

    def __call__(self, site: AttentionSite, probs: torch.Tensor) -> torch.Tensor:
        """Replace the columns of unchanged words in `probs` (items·heads, positions, tokens), and hide others.

        The first is the Refine controller of Prompt-to-Prompt; like its authors, it does not normalise again.
        """
        if len(self.alignment) != probs.shape[-1]:
            raise ValueError(f"alignment of {len(self.alignment)} tokens for a map of {probs.shape[-1]}")
        return self._without_hidden(self._with_base(site, probs))

    def _without_hidden(self, probs: torch.Tensor) -> torch.Tensor:
        if not self.hidden:
            return probs
        seen = probs.clone()
        seen[..., list(self.hidden)] = 0
        return seen / seen.sum(-1, keepdim=True).clamp(min=torch.finfo(seen.dtype).tiny)

    def _with_base(self, site: AttentionSite, probs: torch.Tensor) -> torch.Tensor:
        if self.base_maps is None:
            return probs
        alignment = self.alignment.to(probs.device)
        kept = alignment >= 0
        base = self.base_maps(site).to(probs)
        return torch.where(kept, base[..., alignment.clamp(min=0)], probs)

    def at(self, positions: torch.Tensor) -> "Injection":
        """The same for rows: ``positions``, int64 (N,), are those that `probs` has of every map."""
        maps = self.base_maps
        rows = None if maps is None else lambda site: maps(site)[..., positions, :]
        return Injection(rows, self.alignment, self.hidden)


@dataclass(frozen=True)
class InjectionBeside:
    """As `Injection`, for a base that runs in the same batch: the first half of the conditional items is the base."""

    alignment: torch.Tensor

    def __call__(self, site: AttentionSite, probs: torch.Tensor) -> torch.Tensor:
        """Give the second half of `probs` (items·heads, positions, tokens) the first half's columns."""
        base, edited = probs.chunk(2)
        return torch.cat([base, Injection(lambda _site: base, self.alignment)(site, edited)])


@dataclass(frozen=True, eq=False)
class TokenMask:
    """Tokens that some items do not look at from within a region: there the softmax is over the others."""

    tokens: tuple[int, ...]
    region: torch.Tensor
    """bool (h, w), on the latent grid."""
    items: tuple[bool, ...]
    """Which of the batch's items."""
    _visible: dict[tuple[int, int], torch.Tensor] = field(default_factory=dict, init=False)

    def visible(self, site: AttentionSite, token_count: int) -> torch.Tensor:
        """bool (items, 1, positions, tokens): what may be looked at from where; the same at all sites of a level."""
        known = site.level, token_count
        if known not in self._visible:
            self._visible[known] = self._visible_from(site, token_count)
        return self._visible[known]

    def _visible_from(self, site: AttentionSite, token_count: int) -> torch.Tensor:
        region = self.region.float()[None, None]
        for _ in range(site.level):
            region = F.max_pool2d(region, 2, ceil_mode=True)
        hidden = torch.zeros(token_count, dtype=torch.bool, device=region.device)
        hidden[list(self.tokens)] = True
        items = torch.tensor(self.items, device=region.device)
        return ~(items[:, None, None, None] & (region.flatten() > 0)[:, None] & hidden)


RowChoice = tuple[int, int, int]
"""The rows that queries, keys and values come from."""
RecordedRows = Callable[[AttentionSite], torch.Tensor]
RecordRows = Callable[[AttentionSite, torch.Tensor], None]


@dataclass(frozen=True)
class Sharing:
    """Where each row of the batch takes the queries, keys and values of self-attention from.

    MaSaFusion (arXiv 2405.15313, equations 9 and 10) gives a row all three of the source's outside the region, and the
    intermediate's queries and keys with its own values inside. MasaCtrl (arXiv 2304.08465) keeps the queries and takes
    keys and values; Prompt-to-Prompt's self-attention does the opposite. All are a choice of rows.

    Rows from the batch's length on stand for recorded ones: `recorded` returns theirs at a site, (3, rows, positions,
    channels). `record` is handed those of the rows in `to_record`, in the same form.
    """

    rows: tuple[RowChoice, ...]
    recorded: RecordedRows | None = None
    record: RecordRows | None = None
    to_record: tuple[int, ...] = ()
    where: Where = everywhere
    """At which sites; elsewhere rows attend to themselves."""


def own(row: int) -> RowChoice:
    """The choice of a row that shares nothing."""
    return row, row, row


@dataclass(frozen=True)
class AttentionControl:
    """All that attention does otherwise in a call; where maps are controlled no token is masked."""

    maps: MapControl | None = None
    token_mask: TokenMask | None = None
    sharing: Sharing | None = None
