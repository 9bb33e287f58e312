"""Official forms and their maps: store, propose, correct, register."""
