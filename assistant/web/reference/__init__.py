"""The program, ICE's lists, the rules, and the check of a finished agreement."""
