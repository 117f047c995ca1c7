"""What the list of models shows: the shipped one, those the artist added, and what lies in watched folders."""

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QCoreApplication

from editor_core.base.settings import Settings
from editor_core.library.entry import Entry, Kind
from editor_core.library.hashes import SHORT
from editor_core.models.available import ModelListing
from editor_core.models.embedded import NAME
from gui.dialogs.model_list import Row
from gui.texts.messages import message_text
from gui.texts.numbers import byte_text


def kind_names() -> dict[Kind | None, str]:
    """What can be looked at alone, in order; None is all that can be used."""
    translate = QCoreApplication.translate
    return {
        Kind.MODEL: translate("models", "Models"),
        Kind.LORA: translate("models", "LoRAs"),
        Kind.VAE: translate("models", "Autoencoders (VAE)"),
        Kind.EMBEDDING: translate("models", "Textual inversions"),
        Kind.CONTROLNET: translate("models", "ControlNets"),
        Kind.ADAPTER: translate("models", "T2I-Adapters"),
        Kind.SEGMENTER: translate("models", "Object selection (SAM)"),
        Kind.UPSCALER: translate("models", "Upscalers"),
        None: translate("models", "Everything"),
        Kind.OTHER: translate("models", "What cannot be used"),
    }


def _one(kind: Kind) -> str:
    translate = QCoreApplication.translate
    return {
        Kind.MODEL: translate("models", "Model"),
        Kind.LORA: translate("models", "LoRA"),
        Kind.VAE: translate("models", "VAE"),
        Kind.EMBEDDING: translate("models", "Textual inversion"),
        Kind.CONTROLNET: translate("models", "ControlNet"),
        Kind.ADAPTER: translate("models", "T2I-Adapter"),
        Kind.SEGMENTER: translate("models", "Object selection"),
        Kind.UPSCALER: translate("models", "Upscaler"),
    }.get(kind, "")


def rows_of(
    settings: Settings,
    listings: Iterable[ModelListing],
    entries: Iterable[Entry],
    digests: Mapping[str, str],
    kind: Kind | None,
    search: str,
) -> list[Row]:
    """Those of a kind that have every word of the search, the shipped and the added models first."""
    listed = [listing for listing in listings if kind in (Kind.MODEL, None) and _found(listing, search)]
    rows = [_row_of_listing(listing, settings) for listing in listed]
    known = {listing.folder for listing in listings}
    for entry in entries:
        fits = entry.kind is kind or (kind is None and entry.kind is not Kind.OTHER)
        digest = digests.get(entry.path, "")
        hit = entry.matches(search) or (bool(search) and digest.startswith(search.strip().lower()))
        if fits and hit and entry.path not in known:
            rows.append(_row_of_entry(entry, digest, settings, mixed=kind is None))
    return rows


def _found(listing: ModelListing, search: str) -> bool:
    return Entry(listing.folder, Kind.MODEL, listing.name).matches(search)


def _row_of_listing(listing: ModelListing, settings: Settings) -> Row:
    used = listing.source == settings.model
    return Row(
        listing.source,
        Kind.MODEL,
        _named(listing.name, used),
        about_model(listing),
        listing.folder,
        wrong=listing.problem is not None,
        used=used,
        listed=listing.source in settings.model_folders,
        listing=listing,
    )


def _row_of_entry(entry: Entry, digest: str, settings: Settings, mixed: bool) -> Row:
    used = entry.path in (
        settings.model,
        settings.vae,
        settings.object_model,
        *(lora.source for lora in settings.loras),
    )
    return Row(
        entry.path,
        entry.kind,
        _named(entry.name, used),
        _about(entry, digest, mixed),
        entry.path,
        entry.thumbnail,
        entry.problem is not None,
        used,
    )


def _named(name: str, used: bool) -> str:
    if not used:
        return name
    return QCoreApplication.translate("models", "{name} · in use").format(name=name)


def _about(entry: Entry, digest: str, mixed: bool) -> str:
    """mixed: whether rows of other kinds are beside it, so that it has to say its own."""
    if entry.problem is not None:
        return message_text(entry.problem)
    parts = [_one(entry.kind) if mixed else "", entry.family, byte_text(entry.bytes)]
    if entry.trigger_words:
        words = ", ".join(entry.trigger_words)
        parts.append(QCoreApplication.translate("models", "Trigger words: {words}").format(words=words))
    parts += [", ".join(entry.tags), digest[:SHORT]]
    return " · ".join(part for part in parts if part)


def about_model(listing: ModelListing) -> str:
    """What a model can do, or why it cannot be used."""
    translate = QCoreApplication.translate
    if listing.problem is not None:
        return message_text(listing.problem)
    if listing.size is None or listing.capabilities is None:
        return ""
    width, height = listing.size
    able = [translate("models", "{width} × {height} pixels").format(width=width, height=height)]
    if listing.source == NAME:
        able.append(translate("models", "a small picture-book model, works offline"))
    follows = listing.capabilities.adapter
    able.append(
        translate("models", "follows sketches") if follows else translate("models", "no sketch support")
    )
    if not listing.prediction_is_sure:
        predicts_v = listing.capabilities.prediction_type == "v_prediction"
        able.append(
            translate("models", "predicts v") if predicts_v else translate("models", "predicts noise")
        )
    if listing.capabilities.inpainting:
        able.append(translate("models", "made for inpainting"))
    return " · ".join(able)
