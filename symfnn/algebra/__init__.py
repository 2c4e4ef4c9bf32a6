"""The index language: quantities, their entries, sums with fresh bound letters, normal form."""
