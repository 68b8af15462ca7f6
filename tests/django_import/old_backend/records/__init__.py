"""The app ``records`` of the Django backend, as far as its tables go."""
