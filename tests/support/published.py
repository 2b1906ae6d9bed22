"""A procedure with every part that a decision publishes, each in words that a test can find again."""

from motcua.procedures import content as c

FULL = c.Content(
    name="Thủ tục đăng ký khai sinh",
    field="Hộ tịch",
    issuer="Bộ Tư pháp",
    levels=("Cấp xã",),
    legal_class="TTHC được luật giao quy định chi tiết",
    objects=("Công dân Việt Nam",),
    authority="Ủy ban nhân dân cấp xã nơi cư trú",
    agencies=("Phòng Văn hóa - Xã hội",),
    coordinating="Công an cấp xã",
    receiving_address="Tầng một, nhà bên trái",
    decision="163/QĐ-BTP",
    steps="- Bước đầu: chuẩn bị\n- Bước hai: nộp\nLời dặn ở giữa\n+ Bước cuối: nhận",
    filings=(
        c.Filing(
            c.Channel.DIRECT,
            c.Limit("1", "trong ngày", c.Confidence.RESOLVED, "Nơi công bố không ghi đơn vị"),
            (c.Fee("Miễn phí", free=True), c.Fee("8.000 VNĐ", amount=8000, note="/bản")),
        ),
        c.Filing(
            c.Channel.ONLINE,
            c.Limit("2 Ngày làm việc", "2 ngày làm việc", c.Confidence.PUBLISHED),
            (c.Fee("Phí theo nghị quyết", set_by_council=True, note="Lời ghi về phí. " * 30),),
            "Chỉ nhận tệp có chữ ký số",
        ),
        c.Filing(c.Channel.POST, c.Limit("khoảng một tuần"), (c.Fee("10 USD"),)),
    ),
    filing_text="Nộp tại nơi cư trú của cha hoặc mẹ",
    components=(
        c.Component(1, "Tờ khai đăng ký khai sinh", originals=1, form="TK-KS.docx"),
        c.Component(2, "Giấy chứng sinh", originals=2, copies=3),
        c.Component(3, "Thẻ căn cước của cha hoặc mẹ", c.ComponentKind.PRESENT, originals=1),
        c.Component(4, "Văn bản ủy quyền", c.ComponentKind.SUBMIT_IF, originals=1, case="* Người khác đi thay:"),
        c.Component(5, "Giấy tờ dài, " * 40 + "hết lời.", originals=1),
    ),
    set_count=1,
    results=(c.Result("Giấy khai sinh", "KQ.G15.000031"),),
    forms=("Mẫu tờ khai khai sinh",),
    conditions="Trẻ sinh ra còn sống từ 24 giờ trở lên",
    legal_bases=(c.LegalBasis("Luật Hộ tịch", "60/2014/QH13"),),
    related=("Thủ tục đăng ký thường trú",),
    source_url="https://dichvucong.gov.vn/thu-tuc-hanh-chinh/khai-sinh",
)
# Decree 63/2010, Article 8: what each part must leave on the page.
PARTS = {
    "name": "Thủ tục đăng ký khai sinh",
    "order of steps": "Bước cuối: nhận",
    "ways": "Nộp tại nơi cư trú của cha hoặc mẹ",
    "papers": "Giấy chứng sinh",
    "number of papers": "2 bản chính, 3 bản sao",
    "number of sets": "Số bộ hồ sơ",
    "limit": "2 ngày làm việc",
    "for whom": "Công dân Việt Nam",
    "agency that decides": "Ủy ban nhân dân cấp xã nơi cư trú",
    "agency that carries out": "Phòng Văn hóa - Xã hội",
    "agency that co-operates": "Công an cấp xã",
    "result": "Giấy khai sinh",
    "forms": "Mẫu tờ khai khai sinh",
    "fee": "8.000\u00a0đ/bản",
    "fee of the council": "Do Hội đồng nhân dân tỉnh quy định",
    "conditions": "Trẻ sinh ra còn sống",
    "legal basis": "Luật Hộ tịch (60/2014/QH13)",
    "decision": "163/QĐ-BTP",
}
