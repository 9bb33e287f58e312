"""What is known of PDF: compile, fill, measure, draw, read back, compare, render. Knows nothing of agencies.

Section numbers in this package are those of ISO 32000-2:2020.
"""
