"""What there is: resources, their fields, and reading and writing their rows. Free of HTTP."""
