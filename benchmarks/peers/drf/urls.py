"""Addresses."""

from django.urls import include, path
from rest_framework.routers import SimpleRouter
from rest_framework_simplejwt.views import TokenObtainPairView

from benchmarks.peers.drf.views import CategoryViewSet, ShoppingRecordViewSet

router = SimpleRouter()
router.register("categories", CategoryViewSet)
router.register("shopping-records", ShoppingRecordViewSet)

urlpatterns = [
    path("api/", include(router.urls)),
    path("api/auth/token/", TokenObtainPairView.as_view()),
]
