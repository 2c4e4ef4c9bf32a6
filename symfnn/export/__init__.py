"""Numeric code generated from the derived closed forms."""

from symfnn.export.c_load import load_c as load_c
