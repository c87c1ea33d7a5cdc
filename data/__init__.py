"""Where numbers come from: contracts, readers, cleaning, the store and its queries."""
