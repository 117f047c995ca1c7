"""One kind of layer a file; ``LAYER_KINDS`` in ``document/layers.py`` lists them."""
