"""From a request to its route: who asks, what there is to judge, what was pinned, who can do it."""
