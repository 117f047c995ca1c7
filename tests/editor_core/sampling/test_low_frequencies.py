"""Light and large shapes go from the noise of an inverted picture, and nothing from plain noise."""

import torch

from editor_core.sampling.low_frequencies import low_frequencies, with_fresh_light


def noise(seed: int, side: int = 32) -> torch.Tensor:
    return torch.randn(1, 4, side, side, generator=torch.Generator().manual_seed(seed))


def inverted() -> torch.Tensor:
    """Noise in which a bright sky above a dark ground is left."""
    x = noise(1)
    x[..., :16, :] += 0.5
    x[..., 16:, :] -= 0.3
    return x


def test_plain_noise_stays_as_it_is():
    for seed in range(20):
        x = noise(seed)
        assert with_fresh_light(x, noise(99)) is x


def test_what_is_left_of_a_pictures_light_goes():
    x, fresh = inverted(), noise(2)
    found = with_fresh_light(x, fresh)
    assert low_frequencies(found).square().mean() < 0.3 * low_frequencies(x).square().mean()
    sky, ground = found[..., :16, :].mean(), found[..., 16:, :].mean()
    assert abs(sky - ground) < 0.3 < 0.7 < x[..., :16, :].mean() - x[..., 16:, :].mean()


def test_high_frequencies_stay():
    x = inverted()
    found = with_fresh_light(x, noise(2))
    high = [torch.fft.fft2(each)[..., 8:24, 8:24] for each in (x, found)]
    torch.testing.assert_close(high[1], high[0], atol=1e-3, rtol=0)


def test_low_frequencies_are_means_over_wide_areas():
    flat = torch.full((1, 4, 8, 12), 0.7)
    torch.testing.assert_close(low_frequencies(flat), flat)
    checks = torch.ones(8, 8)
    checks[::2, ::2] = checks[1::2, 1::2] = -1
    assert low_frequencies(checks[None, None]).abs().max() < 1e-4
