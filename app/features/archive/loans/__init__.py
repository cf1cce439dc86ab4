"""借阅: a paper leaves the box for somebody, by approval, until a day, and comes back."""
