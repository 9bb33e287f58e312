"""What comes after an export: signed copies, the message to ICE, its answers, what the published lists say."""
