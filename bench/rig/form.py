"""Reads a form out of a page as a browser does, and packs it as the bytes that a browser would send."""

from html.parser import HTMLParser

_BOUNDARY = "----motcua-bench-boundary"
KIND = f"multipart/form-data; boundary={_BOUNDARY}"


class _Form(HTMLParser):
    """The fields of the form with a given id, with what they hold when the page is opened."""

    def __init__(self, wanted: str) -> None:
        super().__init__()
        self.wanted = wanted
        self.inside = False
        self.fields: dict[str, str] = {}
        self.files: list[str] = []
        self._select = ""
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = values.get("id") == self.wanted
        if not self.inside:
            return
        name, kind = values.get("name", ""), values.get("type", "text")
        if tag == "input" and name:
            self._input(name, kind, values)
        elif tag == "textarea":
            self._text = name
            self.fields[name] = ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and (self._select not in self.fields or "selected" in values):
            self.fields[self._select] = values.get("value", "")

    def _input(self, name: str, kind: str, values: dict[str, str]) -> None:
        if kind == "file":
            self.files.append(name)
        elif kind == "checkbox":
            # "Đủ cả": every paper that belongs to the usual case is there.
            if "data-usual" in values or "checked" in values:
                self.fields[name] = values.get("value") or "on"
        elif kind != "radio" or "checked" in values:
            self.fields[name] = values.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._text:
            self.fields[self._text] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "textarea" and self._text:
            self.fields[self._text] = self.fields[self._text].removeprefix("\n")
            self._text = ""
        elif tag == "select":
            self._select = ""


def read(page: str, form_id: str) -> tuple[dict[str, str], list[str]]:
    """The fields of a form with their values, all usual papers ticked, and the names of its file fields."""
    form = _Form(form_id)
    form.feed(page)
    return form.fields, form.files


def pack(fields: dict[str, str], files: list[str]) -> bytes:
    """The body of a multipart request; no file is chosen, as a browser sends it then."""
    parts = [f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in fields.items()]
    parts += [
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename=""\r\n'
        "Content-Type: application/octet-stream\r\n\r\n\r\n"
        for name in files
    ]
    return "".join([*parts, f"--{_BOUNDARY}--\r\n"]).encode()
