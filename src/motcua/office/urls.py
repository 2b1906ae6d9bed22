"""Addresses of the pages for staff; no personal data ever stands in one."""

from django.urls import path

from motcua.office import (
    accounts,
    acts,
    desk,
    dossier,
    downloads,
    inbox,
    oidc,
    overview,
    own_account,
    person,
    recounting,
    register,
    retention,
    search,
)

app_name = "office"
urlpatterns = [
    path("", inbox.inbox, name="home"),
    path("tim/", search.search, name="search"),
    path("tiep-nhan/", desk.procedures, name="desk"),
    path("tiep-nhan/xong/<uuid:dossier_id>/", desk.done, name="done"),
    path("tiep-nhan/<str:code>/", desk.intake_page, name="intake"),
    path("tiep-nhan/<str:code>/hen-tra/", desk.appointment, name="appointment"),
    path("ho-so/<uuid:dossier_id>/", dossier.page, name="dossier"),
    path("ho-so/<uuid:dossier_id>/xem-day-du/", dossier.reveal, name="reveal"),
    path("ho-so/<uuid:dossier_id>/giay/<str:paper>.pdf", downloads.paper, name="paper"),
    path("ho-so/<uuid:dossier_id>/tep/<uuid:file_id>/", downloads.upload, name="file"),
    path("ho-so/<uuid:dossier_id>/luu-giu/", retention.dossier, name="dossier_retention"),
    path("ho-so/<uuid:dossier_id>/luu-giu/giu/", retention.hold, name="dossier_hold"),
    path("ho-so/<uuid:dossier_id>/luu-giu/xoa/", retention.erase, name="dossier_erase"),
    path("ho-so/<uuid:dossier_id>/<str:act>/", acts.act, name="act"),
    path("so-theo-doi/", register.listing, name="register"),
    path("so-theo-doi/in.pdf", register.printed_register, name="register_print"),
    path("mot-nguoi/", person.person, name="person"),
    path("mot-nguoi/tai-ve/", person.download, name="person_download"),
    path("mot-nguoi/giu/", person.hold, name="person_hold"),
    path("mot-nguoi/xoa/", person.erase, name="person_erase"),
    path("luu-giu/", retention.overview, name="retention"),
    path("luu-giu/xoa/", retention.erase_due, name="retention_erase"),
    path("luu-giu/bo/<uuid:hold_id>/", retention.lift, name="retention_lift"),
    path("tong-quan/", overview.overview, name="overview"),
    path("tong-quan/lich-moi/", recounting.recount, name="recount"),
    path("tai-khoan/", accounts.listing, name="accounts"),
    path("tai-khoan/cua-toi/", own_account.own_account, name="own_account"),
    path("tai-khoan/<int:staff_id>/", accounts.account, name="account"),
    path("dang-nhap/", oidc.begin, name="oidc"),
    path("dang-nhap/xong/", oidc.done, name="oidc_done"),
]
