"""symfnn: a symbolic derivation checker for feed-forward neural networks."""
