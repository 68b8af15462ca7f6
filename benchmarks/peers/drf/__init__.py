"""Django REST Framework on gunicorn: serializers, simplejwt, ``select_related``, as its guides teach it."""
