"""What every engine uses: its context, the network call, decoding, compositing, results."""
