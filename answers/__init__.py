"""What is said, as plain results: numbers, sentences and figures, without a screen."""
