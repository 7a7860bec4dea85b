"""Many colleges that share money, centres and places: plans are priced college by college, then chosen."""
