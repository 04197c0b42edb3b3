"""The chart of a period: a bar up for what came in and one down for what went out, day by day.

Blue and orange are told apart by everybody, up and down also without colours; the background is the picture's own, so
that it is the same in a dark chat.
"""

import threading
from collections.abc import Sequence
from io import BytesIO

from babel.dates import format_date
from babel.numbers import format_compact_decimal
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from bot.service.reports import Day

BLUE, ORANGE, INK, PAPER, GRID = "#0072B2", "#E69F00", "#222222", "#FFFFFF", "#DDDDDD"
INCHES, DOTS = 7.2, 150  # 1080 pixels each way, as a phone shows them
MOST_LABELS = 7
# One day alone is no wall from side to side.
FEWEST_PLACES = 4
# Its fonts are shared and not made for several threads.
_one_at_a_time = threading.Lock()


def render(days: Sequence[Day], title: str, money_in: str, money_out: str, locale: str) -> bytes:
    """Return the picture, as PNG."""
    with _one_at_a_time:
        figure = Figure(figsize=(INCHES, INCHES), dpi=DOTS, facecolor=PAPER, layout="constrained")
        FigureCanvasAgg(figure)
        axes = figure.add_subplot()
        _draw(axes, days, money_in, money_out)
        _label(axes, days, title, locale)
        picture = BytesIO()
        figure.savefig(picture, format="png")
        return picture.getvalue()


def _draw(axes: Axes, days: Sequence[Day], money_in: str, money_out: str) -> None:
    for color, label, heights in (
        (BLUE, money_in, [day.money_in for day in days]),
        (ORANGE, money_out, [-day.money_out for day in days]),
    ):
        # It takes Decimals, though its types do not say so.
        axes.bar(range(len(days)), heights, color=color, width=0.8, label=label)  # type: ignore[arg-type]
    axes.axhline(0, color=INK, linewidth=1)


def _label(axes: Axes, days: Sequence[Day], title: str, locale: str) -> None:
    step = -(-len(days) // MOST_LABELS)
    places = range(0, len(days), step)
    axes.set_xticks(places, [format_date(days[n].day, "d MMM", locale=locale) for n in places], rotation=30, ha="right")
    middle, half = (len(days) - 1) / 2, max(len(days), FEWEST_PLACES) / 2 + 0.1
    axes.set_xlim(middle - half, middle + half)
    axes.yaxis.set_major_formatter(
        lambda value, _: format_compact_decimal(round(abs(value), 2), locale=locale, fraction_digits=1)
    )
    axes.tick_params(labelsize=15, colors=INK, length=0)
    axes.set_title(title, fontsize=18, color=INK, pad=12)
    axes.grid(axis="y", color=GRID)
    axes.set_axisbelow(True)
    axes.spines[:].set_visible(False)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=2, fontsize=15, frameon=False)
