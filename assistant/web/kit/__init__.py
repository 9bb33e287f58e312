"""What every page uses: fields, errors, headers, tokens, files, the context of a request."""
