"""An assistant for agencies that apply to ICE's 287(g) program. Importing it loads nothing else."""

__version__ = "0.1.0"
