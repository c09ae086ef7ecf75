"""What is run while the product is worked on, and is no part of it."""
