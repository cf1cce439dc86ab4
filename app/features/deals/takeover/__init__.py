"""期初接管: running orders, contracts and money of a site that goes live in the middle of its sale."""
