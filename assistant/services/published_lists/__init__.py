"""ICE's published lists: import them, look agencies up."""
