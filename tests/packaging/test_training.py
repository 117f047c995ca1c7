"""The training of the default model: every part on batches of the real scenes, at the smallest size."""

import copy
import json
import os
import shutil
import signal
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from editor_core.engines.generate import generate
from editor_core.messages.requests import Generate, Sampling
from editor_core.models.load import load
from support.engine_runs import context_for

RECIPE = Path(__file__).resolve().parents[2] / "packaging" / "default_model"
CPU = torch.device("cpu")
PARTS = ["autoencoder", "small", "decoder", "sketch_small", "few_steps"]


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Path:
    """The folder of a run that has been through all kinds of parts."""
    folder = tmp_path_factory.mktemp("run")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(RECIPE)
        go_on(folder, PARTS)
    return folder


def go_on(folder: Path, parts: list[str]) -> None:
    """Train some parts of the smallest preset as far as they are not done."""
    from train_on_card import Progress, prepared, train

    run = prepared("smoke", folder, parts)
    known = run.settings["parts"]
    train(run, Progress(folder, {name: known[name] for name in parts}), parts, seconds=3600, report_every=60)
    run.scenes.close()


@pytest.fixture
def batch():
    """Two samples of 64 x 64 pixels: the second token names the first mask, the first one the background."""
    owners = torch.full((2, 32), -1)
    owners[:, 0], owners[:, 1] = 1, 0
    masks = torch.zeros(2, 3, 4, 4)
    masks[:, 0, :2], masks[:, 1, 2:] = 1, 1
    return {
        "latents": torch.randn(2, 4, 8, 8),
        "tokens": torch.randint(300, (2, 32)),
        "owners": owners,
        "masks": masks,
        "sketches": torch.randint(255, (2, 1, 64, 64), dtype=torch.uint8),
    }


@pytest.fixture
def tokenizer(tmp_path):
    from tables import TABLES
    from tokenizer import write_tokenizer

    return write_tokenizer(tmp_path / "tokenizer", TABLES["smoke"])


def objective(kind: str, tokenizer, device: torch.device):
    """What a kind of part learns, at the smallest size."""
    from data import load_settings
    from few_steps import FewSteps
    from low_rank import LowRank
    from networks import build_adapter
    from painting import Painting, empty_tokens, painting_modules
    from sketching import Sketching

    settings = load_settings("smoke")
    with device:
        modules = painting_modules(settings["model"], tokenizer, latent_channels=4)
        empty = empty_tokens(tokenizer, device)
        if kind == "painting":
            return Painting(settings["model"], modules, empty, device)
        modules.requires_grad_(False)
        if kind == "sketching":
            adapter = build_adapter(settings["adapter"], settings["model"])
            return Sketching(settings["adapter"], adapter, modules, empty, device)
        return FewSteps(settings["few_steps"], LowRank(modules["unet"], 2), modules, empty, device)


KINDS = ["painting", "sketching", "few_steps"]
PART = {"learning_rate": 1e-3, "warm_up": 1, "fall": 0.5, "average": 0.5}


def test_every_part_learns_and_is_noted_as_done(run):
    states = {path.stem: torch.load(path, weights_only=True) for path in run.glob("*.pt")}
    assert {name: state["updates"] for name, state in states.items()} == {
        "autoencoder": 2,
        "model": 2,
        "adapter": 2,
        "few_steps": 5,
    }
    assert states["few_steps"]["average"]["up.conv_in"].abs().max() > 0
    progress = json.loads((run / "progress.json").read_text())
    assert {name: part["fraction"] for name, part in progress.items()} == dict.fromkeys(PARTS, 1.0)


def test_an_export_in_shards_opens_and_paints_in_the_program(run, tmp_path):
    from export import export_run

    export_run(run, tmp_path, shard=1)
    whole = load_bundle(tmp_path)
    assert whole.latent_channels == 4 and whole.capabilities.adapter
    with context_for(whole) as context:
        painted = generate(
            Generate("a fox in the snow", 64, 64, Sampling(seed=1, steps=2, guidance=4.0)), context, 1
        )
    assert painted.image.shape == (64, 64, 3) and painted.image.std() > 1


def test_an_export_paints_in_few_steps_and_after_sketches(run, tmp_path):
    from export import export_run
    from few_step_rows import few_step_rows
    from sampling import few_steps_use, load_model, sample
    from tables import TABLES

    export_run(run, tmp_path)
    use = few_steps_use(tmp_path)
    blank, line = np.zeros((2, 1, 64, 128), np.uint8)
    line[:, 30:33] = 255
    painted = []
    for few_steps in (False, True):
        model = load_model(tmp_path, CPU, few_steps)
        steps, guidance = (use.steps, use.guidance) if few_steps else (2, 4.0)
        painted += [
            sample(model, ["a fox"], [0], (64, 128), steps, guidance, sketches)
            for sketches in (None, blank, line)
        ]
    assert model.scheduler.timesteps.tolist() == [999, 749, 499, 249]
    assert all(picture.shape == (1, 64, 128, 3) for picture in painted)
    assert len({picture.tobytes() for picture in painted}) == 6
    rows = few_step_rows(tmp_path, TABLES["smoke"], 1, (64, 64))
    assert [row.id for row in rows] == ["few_steps_psnr", "guided_in_few_psnr"]
    assert all(5 < row.value < 60 for row in rows)


def load_bundle(folder: Path):
    return load(str(folder), "cpu")


@pytest.mark.parametrize("kind", KINDS)
def test_a_step_never_reads_from_the_device(kind, tokenizer, batch):
    from trainer import Trainer

    class NothingIsRead(TorchDispatchMode):
        def __torch_dispatch__(self, func, types, args=(), kwargs=None):
            assert func.overloadpacket not in (
                torch.ops.aten._local_scalar_dense,
                torch.ops.aten.nonzero,
                torch.ops.aten.masked_select,
                torch.ops.aten.equal,
            ), f"{func} waits for the device"
            return func(*args, **(kwargs or {}))

    trainer = Trainer(objective(kind, tokenizer, CPU), PART, CPU)
    with NothingIsRead():
        trainer.step(batch, 0.1)
        trainer.step(batch, 0.2)
    assert trainer.updates == 2


@pytest.mark.parametrize("kind", KINDS)
def test_the_losses_need_nothing_but_the_device(kind, tokenizer, batch, monkeypatch):
    """Meta tensors have no values: reading one is an error, and none may come from the processor meanwhile."""

    class NothingComesFromTheProcessor(TorchDispatchMode):
        def __torch_dispatch__(self, func, types, args=(), kwargs=None):
            made = func(*args, **(kwargs or {}))
            for each in made if isinstance(made, tuple | list) else [made]:
                assert not isinstance(each, torch.Tensor) or each.device.type == "meta", func
            return made

    import few_steps
    import painting
    import sketching

    for module in (painting, sketching, few_steps):
        monkeypatch.setattr(module, "autocast", lambda device: nullcontext())
    meta = torch.device("meta")
    learning = objective(kind, tokenizer, meta)
    batch = {name: part.to(meta) for name, part in batch.items()}
    with NothingComesFromTheProcessor():
        sum(learning.losses(batch)).backward()
    assert all(
        parameter.grad is not None for parameter in learning.learned.parameters() if parameter.dim() > 1
    )


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs an NVIDIA graphics card")
@pytest.mark.parametrize("kind", KINDS)
def test_a_card_replays_captured_steps(kind, tokenizer, batch):
    from trainer import Trainer

    card = torch.device("cuda")
    batch = {name: part.to(card) for name, part in batch.items()}
    trainer = Trainer(objective(kind, tokenizer, card), PART, card, capture=True)
    before = [parameter.clone() for parameter in trainer.average.parameters()]
    losses = [trainer.step(batch, 0.1).tolist() for _ in range(8)]
    assert len(trainer._learn._graphs) == 1
    assert len({loss[0] for loss in losses}) == 8 and np.isfinite(losses).all()
    assert not all(map(torch.equal, before, trainer.average.parameters()))
    assert all(parameter.isfinite().all() for parameter in trainer.average.parameters())


def test_a_run_that_is_stopped_goes_on_where_it_ended(tokenizer, batch, monkeypatch):
    from runs import Budget
    from trainer import Trainer, fit

    class Stopping(Trainer):
        def step(self, batch, fraction):
            losses = super().step(batch, fraction)
            if self.updates == 2:
                os.kill(os.getpid(), signal.SIGTERM)
            return losses

    monkeypatch.setattr(Budget, "stopped", False)
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        torch.manual_seed(0)
        stopped = Stopping(objective("painting", tokenizer, CPU), PART, CPU)
        saved = []
        fit(stopped, lambda: batch, Budget(3600), lambda: saved.append(copy.deepcopy(stopped.state())))
        assert Budget.stopped and len(saved) == 1 and saved[0]["updates"] == 2
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    again = Trainer(objective("painting", tokenizer, CPU), PART, CPU)
    again.resume(saved[0])
    for trainer in (stopped, again):
        torch.manual_seed(1)
        trainer.step(batch, 1.0)
    for ours, theirs in zip(again.learned.parameters(), stopped.learned.parameters(), strict=True):
        assert torch.equal(ours, theirs)


def test_a_second_call_trains_only_what_is_missing(run, tmp_path):
    folder = tmp_path / "run"
    shutil.copytree(run, folder)
    progress = json.loads((folder / "progress.json").read_text())
    progress["small"]["fraction"] = 0.5
    (folder / "progress.json").write_text(json.dumps(progress))
    before = {path.stem: path.read_bytes() for path in folder.glob("*.pt")}
    go_on(folder, ["small", "few_steps"])
    changed = {path.stem for path in folder.glob("*.pt") if path.read_bytes() != before[path.stem]}
    assert changed == {"model"}
    assert torch.load(folder / "model.pt", weights_only=True)["updates"] == 4


def test_the_seconds_that_are_left_are_shared_out_among_what_is_not_done(tmp_path):
    from train_on_card import Progress

    parts = {"first": {"share": 0.5}, "second": {"share": 0.3}, "third": {"share": 0.2}}
    assert Progress(tmp_path, parts).left("first", 100_000) == pytest.approx(50_000, rel=0.01)
    done = {"first": {"seconds": 40_000, "fraction": 1.0}, "second": {"seconds": 10_000, "fraction": 0.5}}
    (tmp_path / "progress.json").write_text(json.dumps(done))
    assert Progress(tmp_path, parts).left("second", 100_000) == pytest.approx(50_000 * 0.15 / 0.35, rel=0.01)
    assert Progress(tmp_path, {"third": parts["third"]}).left("third", 100_000) == pytest.approx(
        100_000, rel=0.01
    )
    assert Progress(tmp_path, parts).left("third", 30_000) == 0


def test_a_part_without_time_is_left_out_and_one_with_a_number_of_steps_is_not(tmp_path, capsys, monkeypatch):
    import train_on_card

    begun = []
    monkeypatch.setattr(
        train_on_card, "train_part", lambda run, progress, name, budget: begun.append((name, budget))
    )
    parts = {"counted": {"share": 0.5, "steps": 2}, "timed": {"share": 0.5}}
    whole = train_on_card.Run({"parts": parts}, tmp_path, None, None, CPU, False)
    for seconds in (0, 100):
        train_on_card.train(whole, train_on_card.Progress(tmp_path, parts), list(parts), seconds, 60)
    assert [name for name, _ in begun] == ["counted", "counted", "timed"]
    assert [str(budget) == "no limit" for _, budget in begun] == [True, True, False]
    assert capsys.readouterr().out == "timed: no time is left\n"


def test_a_part_that_fails_does_not_stop_the_others_and_one_without_memory_goes_on_in_smaller_batches(
    tmp_path, capsys, monkeypatch
):
    import train_on_card

    batches = []

    def greedy(run, part, budget, note):
        batches.append(part["batch"])
        if part["batch"] > 3:
            raise torch.OutOfMemoryError("too much")

    def broken(run, part, budget, note):
        raise ValueError("broken part")

    monkeypatch.setitem(train_on_card.KINDS, "greedy", greedy)
    monkeypatch.setitem(train_on_card.KINDS, "broken", broken)
    shared = {"share": 0.5, "steps": 1, "batch": 12, "at_once": 4, "fresh": 1}
    parts = {kind: {**shared, "kind": kind} for kind in ("broken", "greedy")}
    whole = train_on_card.Run({"parts": parts}, tmp_path, None, None, CPU, False)
    progress = train_on_card.Progress(tmp_path, parts)
    assert train_on_card.train(whole, progress, list(parts), 60, 60) == ["broken"]
    assert batches == [12, 6, 3]
    assert progress.fraction("greedy") == 1.0 and progress.fraction("broken") == 0.0
    told = capsys.readouterr()
    assert "on with batches of 3" in told.out and "broken part" in told.err


def test_where_a_capture_fails_steps_stay_ordinary_ones(monkeypatch, capsys):
    from capturing import WARM_UP, Captured

    def failing(self, batch):
        raise RuntimeError("not here")

    monkeypatch.setattr(Captured, "_aside", lambda self, batch: self._step(batch))
    monkeypatch.setattr(Captured, "_capture", failing)
    monkeypatch.setattr(torch.cuda, "synchronize", lambda: None)
    step = Captured(lambda batch: batch["latents"].sum(), enabled=True)
    batches = [{"latents": torch.full((2,), float(i))} for i in range(WARM_UP + 2)]
    assert [step(each).item() for each in batches] == [2.0 * i for i in range(WARM_UP + 2)]
    assert capsys.readouterr().out.count("not here") == 1


def test_one_step_of_ddim_gets_to_where_its_velocity_was_taken_from():
    from noising import Noising

    noising = Noising(CPU)
    steps, to = torch.tensor([999, 124]), torch.tensor([874, -1])
    noisy, reached = torch.randn(2, 2, 4, 8, 8)
    velocity = noising.velocity_between(noisy, steps, reached, to)
    torch.testing.assert_close(noising.moved(noisy, velocity, steps, to), reached, rtol=1e-4, atol=1e-4)
    latents, noise = torch.randn(2, 2, 4, 8, 8)
    noisy, velocity = noising.noised(latents, noise, steps)
    expected, _ = noising.noised(latents, noise, to.clamp_min(0))
    torch.testing.assert_close(noising.moved(noisy, velocity, steps, to), expected, rtol=1e-4, atol=1e-4)


def test_few_steps_learn_to_get_where_the_guided_model_gets_in_several(tokenizer, batch, monkeypatch):
    """Against the guided model stepped by hand: two steps of 125 for each of the four of the few-step version."""
    import few_steps
    from noising import Noising

    monkeypatch.setattr(few_steps, "autocast", lambda device: nullcontext())
    torch.manual_seed(3)
    learning = objective("few_steps", tokenizer, CPU)
    learning.losses(batch)
    state = next(iter(learning._painted.values()))
    still = state["index"] < 4  # those that are finished begin anew
    index, tokens, noisy = (state[name][still].clone() for name in ("index", "tokens", "noisy"))
    (loss,) = learning.losses(batch)
    assert still.any() and loss > 0
    expected, encode, noising = noisy, learning._text_encoder, Noising(CPU)
    with torch.no_grad():
        for part in range(2):
            now = 999 - 250 * index - 125 * part
            without, given = (
                learning._unet(expected, now.clamp_min(0), encode(words)[0]).sample
                for words in (learning._empty.expand(len(now), -1), tokens)
            )
            expected = noising.moved(expected, without + 4.0 * (given - without), now, now - 125)
    torch.testing.assert_close(state["noisy"][still], expected, rtol=1e-3, atol=1e-4)
    assert torch.equal(state["index"][still], index + 1) and torch.equal(state["tokens"][still], tokens)


def test_merged_changes_paint_what_was_learned(tokenizer, tmp_path):
    from torch.func import functional_call

    from low_rank import merge

    learning = objective("few_steps", tokenizer, CPU)
    unet = learning._unet.eval()
    with torch.no_grad():
        for parameter in learning.learned.parameters():
            parameter.copy_(0.1 * torch.randn_like(parameter))
        inputs = (torch.randn(1, 4, 8, 8), 500, torch.randn(1, 32, 16))
        untouched = unet(*inputs).sample
        wanted = functional_call(unet, learning.learned.changed(unet), inputs).sample
        learning.learned.save(tmp_path / "change.safetensors", {})
        merge(unet, tmp_path / "change.safetensors")
        merged = unet(*inputs).sample
    assert (untouched - wanted).abs().max() > 0.01
    torch.testing.assert_close(merged, wanted, rtol=1e-2, atol=1e-3)


def test_a_deeper_decoder_begins_with_the_same_pictures():
    from autoencoding import deepened
    from data import load_settings
    from networks import build_autoencoder

    settings = load_settings("smoke")["autoencoder"]
    model = build_autoencoder({**settings, "decoder_layers": [1, 1, 1, 1]})
    deeper = deepened(model, settings["decoder_layers"])
    latents = torch.randn(1, 4, 4, 4)
    with torch.no_grad():
        assert torch.equal(deeper.decode(latents).sample, model.decode(latents).sample)
        assert len(deeper.state_dict()) > len(model.state_dict())
    with pytest.raises(SystemExit, match="fewer layers"):
        deepened(deeper, [1, 1, 1, 1])


def test_the_critic_pushes_the_decoder_only_after_its_start():
    from autoencoding import AutoencoderTrainer
    from data import load_settings
    from networks import build_autoencoder

    settings = load_settings("smoke")
    part = {**settings["autoencoder"], **settings["parts"]["decoder"], "adversarial_from": 0.5}
    torch.manual_seed(0)
    trainer = AutoencoderTrainer(part, build_autoencoder(part), True, CPU)
    encoder = [parameter.clone() for parameter in trainer.model.encoder.parameters()]
    critic = [parameter.clone() for parameter in trainer.critic.parameters()]
    crops = {
        "pixels": torch.randint(255, (2, 3, 32, 32), dtype=torch.uint8),
        "latents": torch.randn(2, 4, 4, 4),
    }
    assert trainer.step(crops, 0.4)[1] == 0
    assert all(map(torch.equal, critic, trainer.critic.parameters()))
    assert trainer.step(crops, 0.6)[1] > 0
    assert not all(map(torch.equal, critic, trainer.critic.parameters()))
    assert all(map(torch.equal, encoder, trainer.model.encoder.parameters()))
    again = AutoencoderTrainer(part, build_autoencoder(part), True, CPU)
    again.resume(trainer.state())
    assert again.updates == 2
    assert all(map(torch.equal, again.averaged, trainer.averaged))


def test_crops_are_windows_of_their_pictures():
    from autoencoding import cropped

    rows, columns = torch.meshgrid(torch.arange(40), torch.arange(60), indexing="ij")
    pictures = torch.stack([rows, columns, rows * 100 + columns]).repeat(8, 1, 1, 1)
    parts = cropped(pictures, 16)
    assert parts.shape == (8, 3, 16, 16)
    assert (parts[:, 0].diff(dim=1) == 1).all() and (parts[:, 1].diff(dim=2) == 1).all()
    assert (parts[:, 2] == parts[:, 0] * 100 + parts[:, 1]).all()
    assert len(parts[:, 2, 0, 0].unique()) > 4


def test_a_replay_keeps_the_latest_samples():
    from replay import Replay

    made = iter(range(1000))
    replay = Replay(
        lambda count: {"n": torch.tensor([next(made) for _ in range(count)])}, 10, start=6, fresh=3
    )
    assert set(replay.draw(200)["n"].tolist()) == set(range(9))
    assert set(replay.draw(200)["n"].tolist()) == set(range(2, 12))
    assert set(replay.draw(200)["n"].tolist()) == set(range(5, 15))


def test_a_replay_makes_several_draws_samples_at_once():
    from replay import Replay

    asked = []
    replay = Replay(
        lambda count: {"n": torch.full((count,), asked.append(count) or len(asked))}, 10, 6, 2, at_once=4
    )
    for _ in range(5):
        replay.draw(3)
    assert asked == [6, 4, 4]


@pytest.fixture
def kernels_run_on():
    """Where the kernels of a card run: on it or, interpreted, on the processor."""
    pytest.importorskip("triton")
    return CPU if os.environ.get("TRITON_INTERPRET") == "1" else torch.device("cuda")


@pytest.mark.parametrize("size", [2, 12], ids=["part of a program", "two programs"])
def test_fused_norms_come_to_pytorchs_numbers_and_slopes(kernels_run_on, size):
    import fused_norms

    assert fused_norms.difference(kernels_run_on, size) < fused_norms.TOLERANCE


def test_a_unet_with_fused_norms_keeps_its_weights_names_and_paints_the_same(kernels_run_on):
    from data import load_settings
    from fused_norms import swap
    from networks import build_unet

    unet = build_unet(load_settings("smoke")["model"], 4)
    for parameter in unet.parameters():
        torch.nn.init.normal_(parameter, float(parameter.dim() == 1), 0.2)
    unet.to(kernels_run_on)
    given = torch.randn(2, 4, 8, 8), torch.tensor([3, 700]), torch.randn(2, 5, 16)
    given = tuple(each.to(kernels_run_on) for each in given)
    names = list(unet.state_dict())
    with torch.no_grad(), torch.autocast(kernels_run_on.type, torch.bfloat16):
        expected = unet(*given).sample.float()
        swap(unet)
        found = unet(*given).sample.float()
    assert list(unet.state_dict()) == names
    torch.testing.assert_close(found, expected, rtol=0, atol=0.03 * float(expected.abs().max()))


def test_a_run_begins_from_a_model_of_the_same_shape_and_takes_only_the_autoencoder_of_another(
    run, tmp_path, capsys
):
    from begin import begin
    from export import export_run
    from runs import load_autoencoder

    export_run(run, tmp_path / "model")
    begin(tmp_path / "model", tmp_path / "same", "smoke")
    made = torch.load(run / "model.pt", weights_only=True)
    begun = torch.load(tmp_path / "same" / "model.pt", weights_only=True)
    assert begun["samples"] == made["samples"]
    key = "unet.conv_in.weight"
    torch.testing.assert_close(begun["average"][key], made["average"][key], rtol=1e-3, atol=1e-4)
    assert "_name_or_path" not in load_autoencoder(tmp_path / "same" / "autoencoder.pt").config
    begin(tmp_path / "model", tmp_path / "other", "cpu")
    assert "another shape" in capsys.readouterr().out
    assert (tmp_path / "other" / "autoencoder.pt").exists() and not (tmp_path / "other" / "model.pt").exists()
