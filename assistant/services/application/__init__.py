"""One application: its answers, nominees, history, review, exports."""
