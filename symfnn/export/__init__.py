"""Numeric code generated from the derived closed forms."""
