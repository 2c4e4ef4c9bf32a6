"""Derivations as documents: Markdown, LaTeX, HTML, JSON, PDF."""
