"""A page by its picture: its paper, which page it shows, and how it lies on it. Arrays in, arrays out.

Knows numpy and OpenCV, and neither PDF files nor forms, rules, storage or the web. It belongs to the extra ``scan`` and
runs in the sandbox alone: pdfium draws a page, and OpenCV gets the array, never a file.

Lengths are inches from the upper left corner of a page, x to the right and y down, where nothing else is said; a pixel
of a picture at ``dpi`` has its center at ``(column + 0.5) / dpi``.
"""
