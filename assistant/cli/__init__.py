"""The command line: one module a command or group, each holding a click command of the same name."""
