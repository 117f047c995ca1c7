"""The networks that figures are made with, tiny and random, in folders as the real ones are handed out."""

import torch
from safetensors.torch import save_file
from transformers import CLIPConfig, CLIPImageProcessorPil, CLIPModel, ViTConfig, ViTModel

from support.tiny_models import MAX_TOKENS, tiny_tokenizer

SIDE = 32


def write_networks(folder):
    """A folder with clip, dino, lpips and inception."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        write_clip(folder / "clip")
        write_dino(folder / "dino")
        write_lpips(folder / "lpips")
        write_inception(folder / "inception")
    return folder


def write_clip(folder):
    tokenizer = tiny_tokenizer()
    size = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4}
    ends = {
        "bos_token_id": len(tokenizer) - 2,
        "eos_token_id": len(tokenizer) - 1,
        "pad_token_id": len(tokenizer) - 1,
    }
    text = size | ends | {"vocab_size": len(tokenizer), "max_position_embeddings": MAX_TOKENS}
    vision = size | {"image_size": SIDE, "patch_size": 8}
    CLIPModel(CLIPConfig(text_config=text, vision_config=vision, projection_dim=16)).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    processor = CLIPImageProcessorPil(size={"shortest_edge": SIDE}, crop_size={"height": SIDE, "width": SIDE})
    processor.save_pretrained(folder)


def write_dino(folder):
    config = ViTConfig(
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        image_size=SIDE,
        patch_size=8,
    )
    ViTModel(config, add_pooling_layer=False).save_pretrained(folder)


def write_lpips(folder, width=4):
    """torchvision's file of AlexNet and the paper's of linear layers, both .pth."""
    folder.mkdir(parents=True)
    alex, channels = {}, 3
    for number, kernel in ((0, 11), (3, 5), (6, 3), (8, 3), (10, 3)):
        alex[f"features.{number}.weight"] = torch.randn(width, channels, kernel, kernel) * 0.2
        alex[f"features.{number}.bias"] = torch.randn(width) * 0.1
        channels = width
    torch.save(alex, folder / "alexnet-owt-7be5be79.pth")
    linear = {f"lin{number}.model.1.weight": torch.rand(1, width, 1, 1) for number in range(5)}
    torch.save(linear, folder / "alex.pth")


def inception_weights(width=2):
    """By name, every width the same."""
    found = {}

    def add(name, inputs, kernel):
        rows, columns = kernel if isinstance(kernel, tuple) else (kernel, kernel)
        found[f"{name}.conv.weight"] = torch.randn(width, inputs, rows, columns) * 0.3
        found[f"{name}.bn.weight"], found[f"{name}.bn.bias"] = (
            torch.rand(width) + 0.5,
            torch.randn(width) * 0.1,
        )
        found[f"{name}.bn.running_mean"], found[f"{name}.bn.running_var"] = (
            torch.zeros(width),
            torch.ones(width),
        )

    def block(name, inputs, **chains):
        for kernels in chains.values():
            channels = inputs
            for part, kernel in kernels:
                add(f"{name}.{part}", channels, kernel)
                channels = width

    pool = [("branch_pool", 1)]
    add("Conv2d_1a_3x3", 3, 3)
    for name, kernel in (("2a_3x3", 3), ("2b_3x3", 3), ("3b_1x1", 1), ("4a_3x3", 3)):
        add(f"Conv2d_{name}", width, kernel)
    dbl = [("branch3x3dbl_1", 1), ("branch3x3dbl_2", 3), ("branch3x3dbl_3", 3)]
    for name, inputs in (("5b", width), ("5c", 4 * width), ("5d", 4 * width)):
        five = [("branch5x5_1", 1), ("branch5x5_2", 5)]
        block(f"Mixed_{name}", inputs, a=[("branch1x1", 1)], b=five, c=dbl, d=pool)
    block("Mixed_6a", 4 * width, a=[("branch3x3", 3)], b=dbl)
    flat, tall = (1, 7), (7, 1)
    for name, inputs in (("6b", 6 * width), ("6c", 4 * width), ("6d", 4 * width), ("6e", 4 * width)):
        seven = [("branch7x7_1", 1), ("branch7x7_2", flat), ("branch7x7_3", tall)]
        double = [(f"branch7x7dbl_{n}", k) for n, k in enumerate((1, tall, flat, tall, flat), 1)]
        block(f"Mixed_{name}", inputs, a=[("branch1x1", 1)], b=seven, c=double, d=pool)
    last = [(f"branch7x7x3_{n}", k) for n, k in enumerate((1, flat, tall, 3), 1)]
    block("Mixed_7a", 4 * width, a=[("branch3x3_1", 1), ("branch3x3_2", 3)], b=last)
    for name in ("7b", "7c"):
        block(f"Mixed_{name}", 6 * width, a=[("branch1x1", 1)], b=[("branch3x3_1", 1)], c=dbl[:2], d=pool)
        for part, kernel in (("2a", (1, 3)), ("2b", (3, 1))):
            add(f"Mixed_{name}.branch3x3_{part}", width, kernel)
        for part, kernel in (("3a", (1, 3)), ("3b", (3, 1))):
            add(f"Mixed_{name}.branch3x3dbl_{part}", width, kernel)
    return found


def write_inception(folder):
    folder.mkdir(parents=True)
    save_file(inception_weights(), folder / "pt_inception.safetensors")
