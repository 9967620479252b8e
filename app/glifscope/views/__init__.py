"""One file for each plot. A view reads Results and never imports a sibling."""
