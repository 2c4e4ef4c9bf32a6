"""Documents: where the formulas, headings, prose and directives of a file stand."""
