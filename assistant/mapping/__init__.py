"""Proposes a field map for a form edition that nobody has mapped yet, and compares one edition with another.

A proposal is never used by itself: it is a draft folder for a person to look through and to register.
"""
