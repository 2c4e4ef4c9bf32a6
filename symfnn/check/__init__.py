"""Checking: claims are tested by an oracle of their own, proved by the calculus, and diagnosed where they are wrong."""
