"""Addresses of the pages for citizens; words of the addresses are Vietnamese, since they are read aloud and printed."""

from django.urls import path

from motcua.portal import desks, log, papers, person, procedures, style, tracking

app_name = "portal"
urlpatterns = [
    path("", procedures.home, name="home"),
    path("thu-tuc", procedures.listing, name="procedures"),
    path("thu-tuc/linh-vuc/<str:key>", procedures.field, name="field"),
    path("thu-tuc/<str:code>", procedures.procedure, name="procedure"),
    path("tra-cuu", tracking.lookup, name="lookup"),
    path("t/<str:token>", tracking.tracking, name="tracking"),
    path("G/<str:text>", papers.statement, name="paper"),  # capitals: the densest letters of a QR code
    path("giay-to", papers.check, name="paper_check"),
    path("noi-tiep-nhan", desks.listing, name="contact"),
    path("noi-tiep-nhan/chon", desks.choose, name="choose_desk"),
    path("noi-tiep-nhan/<str:code>", desks.desk, name="desk"),
    path("nhat-ky", log.page, name="log"),
    path("nhat-ky/atom.xml", log.atom, name="log_atom"),
    path("nhat-ky/feed.json", log.feed, name="log_feed"),
    path("nhat-ky/dau.json", log.head_data, name="log_head"),
    path("nhat-ky/dau/<int:size>.txt", log.note, name="log_note"),
    path("nhat-ky/vi-tri/<int:position>.json", log.inclusion, name="log_inclusion"),
    path("nhat-ky/tang-truong/<int:size>.json", log.growth, name="log_growth"),
    path("nhat-ky/checkpoint", log.checkpoint, name="log_checkpoint"),
    path("nhat-ky/tile/<int:level>/<path:rest>", log.tile, name="log_tile"),
    path("cong-dan", person.own_dossiers, name="person"),
    path("cong-dan/luot-xem", person.accesses, name="person_accesses"),
    path("cong-dan/du-lieu", person.own_data, name="person_data"),
    path("cong-dan/dang-nhap", person.begin, name="person_begin"),
    path("cong-dan/dang-nhap/xong", person.done, name="person_done"),
    path("cong-dan/dang-xuat", person.sign_out, name="person_sign_out"),
    path("_style", style.style, name="style"),
]
