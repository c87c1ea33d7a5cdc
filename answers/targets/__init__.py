"""Dated commitments: where they stand and the pace they need."""
