"""What a reader of the page sees, through pdfium. Knows nothing of our forms and of filling."""
