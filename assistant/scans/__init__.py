"""A page by its picture: its paper, which page it shows, how it lies on it, and what is written in its blanks.

Knows numpy and OpenCV, and of a form the positions of its words and blanks; neither PDF files nor rules, storage or the
web. It belongs to the extra ``scan`` and runs in the sandbox alone: pdfium draws a page, and OpenCV gets the array,
never a file. Arrays in, arrays and plain values out.

Lengths are inches from the upper left corner of a page, x to the right and y down, unless stated otherwise; a pixel
of a picture at ``dpi`` has its center at ``(column + 0.5) / dpi``. Where a print's stored positions are used, lengths
are points from the same corner, as the module says.
"""
