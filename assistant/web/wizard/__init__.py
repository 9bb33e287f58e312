"""The task list and the pages of questions."""
