"""The mathematics of diffusion. A denoiser is any callable (x_t, t) → eps; whatever computes it."""
