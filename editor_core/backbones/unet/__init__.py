"""The instrumented U-Net: it knows layers and blocks, nothing of samplers, caches or engines."""
