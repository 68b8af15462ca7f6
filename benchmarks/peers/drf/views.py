"""View sets, with the filter and the paging that the benchmark asks for."""

from rest_framework.filters import OrderingFilter
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.response import Response
from rest_framework.viewsets import ModelViewSet

from benchmarks.peers.drf.models import Category, ShoppingRecord
from benchmarks.peers.drf.serializers import CategorySerializer, ShoppingRecordSerializer


class Pages(LimitOffsetPagination):
    """Pages as bare arrays, for those who ask for them."""

    default_limit = None
    max_limit = 1000

    def get_paginated_response(self, data):
        """Answer a page."""
        return Response(data, headers={"Total-Count": self.count})


class CategoryViewSet(ModelViewSet):
    """Categories."""

    queryset = Category.objects.order_by("id")
    serializer_class = CategorySerializer


class ShoppingRecordViewSet(ModelViewSet):
    """Records."""

    queryset = ShoppingRecord.objects.select_related(
        "store",
        "product__category",
        "product__unit",
        "product__manufacturer",
        "product__origin",
    )
    serializer_class = ShoppingRecordSerializer
    pagination_class = Pages
    filter_backends = (OrderingFilter,)
    ordering_fields = ("id", "purchase_date", "price")
    ordering = ("purchase_date", "id")

    def get_queryset(self):
        """Return the records of the category that is asked for, or all."""
        records = super().get_queryset()
        category = self.request.query_params.get("category_id")
        return records.filter(product__category_id=category) if category else records
