"""A receipt as one page of PDF with a QR code. Any script may be in a name; what the font lacks is left blank."""

import importlib.util
import logging
from pathlib import Path

import segno
from fpdf import FPDF
from fpdf.enums import Align, XPos, YPos

# Half of a sheet; all in millimetres.
WIDTH, HEIGHT, MARGIN = 148.0, 210.0, 14.0
LABEL, LINE, QR = 38.0, 6.5, 46.0
# Two lines of the page at most, so that a receipt stays on one page.
LONGEST_VALUE, LONGEST_TITLE = 100, 60
FAMILY = "Page"

Rows = list[tuple[str, str]]


def render(title: str, warning: str, rows: Rows, check: str, code: str, link: str) -> bytes:
    """Return the page: *rows* as they stand on the receipt, *check* in words beside the code, *link* in the QR code."""
    pdf = _page(title)
    _write(pdf, 20, title, bold=True)
    if warning:
        _write(pdf, 11, warning, bold=True)
    pdf.ln(3)
    for place, (label, value) in enumerate(rows):
        _row(pdf, label, value, bold=place == 1)
    pdf.ln(5)
    top = pdf.get_y()
    _draw_qr(pdf, link, top)
    pdf.set_xy(MARGIN + QR + 5, top + 4)
    pdf.set_font(FAMILY, "", 9)
    pdf.multi_cell(WIDTH - 2 * MARGIN - QR - 5, 5, f"{check}\n\n/verify\n{code}", align=Align.L)
    return bytes(pdf.output())


def _page(title: str) -> FPDF:
    logging.getLogger("fpdf").setLevel(logging.ERROR)  # a letter the font lacks is no news
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    pdf = FPDF(format=(WIDTH, HEIGHT))
    pdf.set_auto_page_break(auto=False)
    pdf.set_margins(MARGIN, MARGIN)
    pdf.set_title(title)
    fonts = _fonts()
    pdf.add_font(FAMILY, "", fonts / "DejaVuSans.ttf")
    pdf.add_font(FAMILY, "B", fonts / "DejaVuSans-Bold.ttf")
    pdf.add_page()
    return pdf


def _fonts() -> Path:
    """Return where matplotlib keeps its fonts, found without importing it."""
    found = importlib.util.find_spec("matplotlib")
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError("matplotlib")
    return Path(found.submodule_search_locations[0]) / "mpl-data" / "fonts" / "ttf"


def _write(pdf: FPDF, size: int, text: str, *, bold: bool) -> None:
    pdf.set_font(FAMILY, "B" if bold else "", size)
    pdf.multi_cell(0, size / 2, text[:LONGEST_TITLE], new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _row(pdf: FPDF, label: str, value: str, *, bold: bool) -> None:
    pdf.set_font(FAMILY, "", 10)
    pdf.cell(LABEL, LINE, label)
    pdf.set_font(FAMILY, "B" if bold else "", 15 if bold else 10)
    short = value if len(value) <= LONGEST_VALUE else f"{value[:LONGEST_VALUE]} …"
    pdf.multi_cell(0, LINE, " ".join(short.split()), align=Align.L, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _draw_qr(pdf: FPDF, text: str, top: float) -> None:
    """Draw the code as rectangles, a run of dark modules at a time: sharp at any size, and no picture is needed."""
    matrix = [bytes(line) for line in segno.make_qr(text, error="m").matrix]
    size = QR / (len(matrix) + 8)  # four modules of quiet zone on each side
    pdf.set_fill_color(0)
    for y, line in enumerate(matrix):
        start = 0
        for run in line.replace(b"\1", b"#").replace(b"\0", b" ").split(b" "):
            if run:
                pdf.rect(MARGIN + (4 + start) * size, top + (4 + y) * size, len(run) * size, size, style="F")
            start += len(run) + 1
