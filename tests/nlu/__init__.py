"""The components of the pipeline."""
