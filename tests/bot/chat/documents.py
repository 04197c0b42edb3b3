"""Files as people open them: what a page says, what its QR code says, what a table holds."""

import csv
import io
from typing import Any

import openpyxl
import pypdfium2
import zxingcpp

from bot.chat.language import _, speak
from bot.playground.events import Event
from bot.playground.parameters import Upload
from tests.bot.chat.town import Town


def file_of(town: Town, event: Event) -> Upload:
    """Return the file of a message."""
    told = event.data.get("document") or event.data["photo"][0]
    return town.api.files[told["file_id"]]


def french(sentence: str, **values: object) -> str:
    """Return a sentence of the bot in French, whatever its translators made of it."""
    with speak("fr"):
        said = _(sentence)
    assert said != sentence
    return said.format(**values)


def is_file(event: Event) -> bool:
    """Tell whether a message brings a file."""
    return "document" in event.data or "photo" in event.data


class Page:
    """The one page of a PDF."""

    def __init__(self, content: bytes) -> None:
        with pypdfium2.PdfDocument(content) as pdf:
            self.count = len(pdf)
            self.text = pdf[0].get_textpage().get_text_range()
            picture = pdf[0].render(scale=3).to_pil()
        self.codes = [found.text for found in zxingcpp.read_barcodes(picture)]


def csv_rows(content: bytes) -> list[list[str]]:
    """Return the rows of a CSV file, which says that it is UTF-8."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def xlsx_rows(content: bytes) -> list[list[Any]]:
    """Return the cells of a workbook's first sheet."""
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    return [[cell.value for cell in row] for row in sheet.iter_rows()]
