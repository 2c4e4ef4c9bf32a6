"""One-step partial derivatives and the adjoint recursion over the definitions of a model."""
