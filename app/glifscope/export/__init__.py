"""What is on the page as files: a module for each workspace's figures, and what they share."""
