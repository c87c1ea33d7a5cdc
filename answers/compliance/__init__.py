"""The national criteria: who meets them, what stands in the way, what it costs."""
