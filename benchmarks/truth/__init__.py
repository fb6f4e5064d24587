"""Random sessions of random notebooks, what run-all really gives, and who says so beforehand."""
