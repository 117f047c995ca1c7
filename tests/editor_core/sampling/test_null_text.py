import pytest
import torch

from editor_core.base.errors import JobCancelled
from editor_core.models.bundle import NoiseScheduleConfig
from editor_core.models.conditioning import Conditioning
from editor_core.sampling.ddim import DDIM, ddim_step
from editor_core.sampling.guidance import guided_denoiser
from editor_core.sampling.null_text import good_enough, learning_rate, null_text_inversion
from editor_core.sampling.schedule import NoiseSchedule
from support.sampling import invert, predictor, sample
from support.unets import tiny_unet

GUIDANCE = 5.0


def schedule_of(prediction):
    return NoiseSchedule.from_config(
        NoiseScheduleConfig(
            beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", prediction_type=prediction
        )
    )


def setting(prediction="epsilon", dtype=torch.float32, steps=4):
    unet, schedule = tiny_unet("default", dtype), schedule_of(prediction)
    generator = torch.Generator().manual_seed(3)
    x_0 = torch.randn(1, 8, 8, 16, generator=generator)
    cond, null = (Conditioning(torch.randn(1, 7, 12, generator=generator).to(dtype)) for _ in range(2))
    predict = predictor(unet)
    inverted = invert(guided_denoiser(predict, schedule, cond), x_0, schedule, steps)
    return predict, schedule, inverted, cond, null


def fitted(predict, schedule, inverted, *told, **options):
    plan = DDIM().plan(schedule, len(inverted) - 1)
    return null_text_inversion(predict, schedule, DDIM(), plan, inverted, *told, **options)


@pytest.mark.parametrize("prediction", ["epsilon", "v_prediction"])
def test_guided_run_comes_nearer_to_the_picture_and_no_step_ends_worse(prediction):
    predict, schedule, inverted, cond, null = setting(prediction)
    found = fitted(predict, schedule, inverted, cond, null, GUIDANCE)
    plain = sample(guided_denoiser(predict, schedule, cond, null, GUIDANCE), inverted[:1], schedule, 4)
    assert (found.trajectory[-1] - inverted[-1]).norm() < 0.9 * (plain[-1] - inverted[-1]).norm()
    assert found.embeddings.shape == (4, 7, 12) and found.embeddings.dtype == torch.float32
    for losses in found.losses:
        assert min(losses) <= losses[0] and len(losses) <= 11


def test_the_run_with_the_found_embeddings_repeats_the_trajectory():
    predict, schedule, inverted, cond, null = setting()
    found = fitted(predict, schedule, inverted, cond, null, GUIDANCE)
    step = iter(range(4))

    def denoise(x_t, t):
        embedding = found.embeddings[(index := next(step)) : index + 1]
        return guided_denoiser(predict, schedule, cond, null.with_hidden(embedding), GUIDANCE)(x_t, t)

    again = sample(denoise, inverted[:1], schedule, 4)
    torch.testing.assert_close(again, found.trajectory, rtol=1e-3, atol=1e-4)


def test_a_step_that_is_good_enough_is_left_alone():
    predict, schedule, inverted, cond, _ = setting()
    goal = sample(guided_denoiser(predict, schedule, cond, cond, GUIDANCE), inverted[:1], schedule, 4)
    found = fitted(predict, schedule, goal, cond, cond, GUIDANCE)
    assert [len(losses) for losses in found.losses] == [1, 1, 1, 1]
    torch.testing.assert_close(found.embeddings, cond.hidden.expand(4, -1, -1))


def test_the_embedding_that_fitted_best_is_kept_not_the_last():
    """A network so steep in the embedding that Adam's step oversteps the fit again and again."""
    schedule = schedule_of("epsilon")
    cond, null = Conditioning(torch.zeros(1, 7, 12)), Conditioning(torch.full((1, 7, 12), 0.012))
    inverted = torch.zeros(3, 1, 4, 4)

    def steep(x_t, t, conditioning):
        return 50 * conditioning.hidden.mean((1, 2))[:, None, None, None] + 0 * x_t

    found = fitted(steep, schedule, inverted, cond, null, GUIDANCE)
    assert any(losses[-1] > min(losses) for losses in found.losses)
    x = inverted[:1]
    for index, (t, t_prev) in enumerate(schedule.step_pairs(2)):
        best = null.with_hidden(found.embeddings[index : index + 1])
        denoise = guided_denoiser(steep, schedule, cond, best, GUIDANCE)
        x = ddim_step(x, denoise(x, t), t, t_prev, schedule)
        assert float((x - inverted[index + 1]).square().mean()) == pytest.approx(min(found.losses[index]))


def test_without_guidance_nothing_is_fitted():
    predict, schedule, inverted, cond, null = setting()
    calls = []

    def counting(x_t, t, told):
        calls.append(len(x_t))
        return predict(x_t, t, told)

    found = fitted(counting, schedule, inverted, cond, null, 1.0)
    assert calls == [1] * 4 and [len(losses) for losses in found.losses] == [1] * 4
    torch.testing.assert_close(found.embeddings, null.hidden.expand(4, -1, -1))
    plain = sample(guided_denoiser(predict, schedule, cond), inverted[:1], schedule, 4)
    torch.testing.assert_close(found.trajectory, plain, rtol=1e-4, atol=1e-5)


def test_the_reference_schedule():
    assert [learning_rate(i) for i in (0, 10, 49)] == pytest.approx([1e-2, 9e-3, 5.1e-3])
    assert [good_enough(i) for i in (0, 10)] == pytest.approx([1e-5, 2.1e-4])
    assert learning_rate(500) > 0


def test_half_precision_stays_finite():
    predict, schedule, inverted, cond, null = setting(dtype=torch.bfloat16)
    found = fitted(predict, schedule, inverted, cond, null, GUIDANCE, inner_steps=3)
    assert found.trajectory.isfinite().all() and found.embeddings.isfinite().all()
    assert found.trajectory.dtype == torch.float32


def test_a_network_that_overflows_keeps_the_embedding_it_had():
    predict, schedule, inverted, cond, null = setting()
    calls = 0

    def overflowing(x_t, t, context):
        nonlocal calls
        calls += 1
        return predict(x_t, t, context) + context.hidden.sum() * (torch.inf if calls > 6 else 0.0) * 0

    found = fitted(overflowing, schedule, inverted, cond, null, GUIDANCE, inner_steps=2)
    assert found.embeddings.isfinite().all()


def test_it_can_be_stopped():
    class Cancel:
        def raise_if_cancelled(self):
            raise JobCancelled

    predict, schedule, inverted, cond, null = setting()
    with pytest.raises(JobCancelled):
        fitted(predict, schedule, inverted, cond, null, GUIDANCE, cancel=Cancel())


def test_the_first_fit_moves_by_the_learning_rate():
    """Adam's first step is as long as its rate, whatever the gradient."""
    predict, schedule, inverted, cond, null = setting(steps=1)
    found = fitted(predict, schedule, inverted, cond, null, GUIDANCE, inner_steps=1)
    moved = (found.embeddings - null.hidden).abs()
    assert float(moved.max()) == pytest.approx(learning_rate(0), rel=0.02)
