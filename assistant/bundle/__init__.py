"""The bundle of documents, the e-mail to ICE, file names."""
