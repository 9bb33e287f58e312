"""The pages: the only part that knows requests, sessions of a browser, and WTForms. One blueprint a module."""
