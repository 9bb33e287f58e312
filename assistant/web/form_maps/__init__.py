"""Official forms kept for use, and the pages that map an unknown one."""
