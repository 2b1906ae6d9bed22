"""Addresses of the pages for citizens; words of the addresses are Vietnamese, since they are read aloud and printed."""

from django.urls import path

from motcua.portal import desks, procedures, style, tracking

app_name = "portal"
urlpatterns = [
    path("", procedures.home, name="home"),
    path("thu-tuc", procedures.listing, name="procedures"),
    path("thu-tuc/linh-vuc/<str:key>", procedures.field, name="field"),
    path("thu-tuc/<str:code>", procedures.procedure, name="procedure"),
    path("tra-cuu", tracking.lookup, name="lookup"),
    path("t/<str:token>", tracking.tracking, name="tracking"),
    path("noi-tiep-nhan", desks.listing, name="contact"),
    path("noi-tiep-nhan/chon", desks.choose, name="choose_desk"),
    path("noi-tiep-nhan/<str:code>", desks.desk, name="desk"),
    path("_style", style.style, name="style"),
]
