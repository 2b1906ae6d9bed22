"""The addresses of the peer: one to know that it is there, one to sign in, one to measure."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from bare.views import enter, intake


def alive(request: HttpRequest) -> HttpResponse:
    """Answers at once."""
    return HttpResponse()


urlpatterns = [path("", alive), path("enter/", enter), path("intake/", intake)]
