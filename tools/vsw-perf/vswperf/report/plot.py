# SPDX-License-Identifier: GPL-2.0
"""Plots by gnuplot: lines with the least and the greatest of the repeats."""
import os
import re
import subprocess
from dataclasses import dataclass, field

from .. import command, switches
from ..error import PerfError

_SIZE = {"svg": "svg size 720,440 font 'sans,11' background 'white'",
         "png": "pngcairo size 960,600 font 'sans,11'"}


@dataclass
class Plot:
    """One picture. A series is a list of points (x, median, min, max)."""
    name: str
    title: str
    xlabel: str
    ylabel: str
    series: dict = field(default_factory=dict)
    logx: bool = False
    identity: bool = False

    def add(self, label, x, spread, scale=1.0):
        """One more point; SPREAD has median, min and max."""
        values = tuple(spread[key] * scale for key in ("median", "min", "max"))
        if values[0] > 0:
            self.series.setdefault(label, []).append((x, *values))


def _quote(text):
    return "'" + text.replace("'", "''") + "'"


def _data(plot):
    lines = []
    for number, points in enumerate(plot.series.values()):
        lines.append(f"$d{number} << EOD")
        lines += [" ".join(f"{value:.9g}" for value in point) for point in sorted(points)]
        lines.append("EOD")
    return lines


def _ticks(plot):
    """Those x values that were measured."""
    if not plot.logx:
        return []
    values = sorted({point[0] for points in plot.series.values() for point in points})
    return ["set xtics (" + ", ".join(f"{value:g}" for value in values[:12]) + ")"]


def _curves(plot):
    """A point, its range and a line for each series."""
    names, curves = list(switches.ALL), []
    if plot.identity:
        curves.append("x with lines dashtype 2 linecolor 'gray' title 'received = offered'")
    for number, label in enumerate(plot.series):
        # A switch looks the same in all plots; kinds of sockets do not matter so much.
        line = names.index(label) + 1 if label in names else len(names) + 1 + number
        curves.append(f"$d{number} using 1:2:3:4 with yerrorlines linetype {line} "
                      f"linewidth 1.5 title {_quote(label)}")
    return curves


def script(plot, caption, kind, file):
    """What gnuplot is told."""
    return "\n".join([
        f"set terminal {_SIZE[kind]}", f"set output {_quote(file)}",
        f"set title \"{_plain(plot.title)}\\n{{/*0.8 {_plain(caption)}}}\"",
        f"set xlabel {_quote(plot.xlabel)}", f"set ylabel {_quote(plot.ylabel)}",
        "set key outside right noenhanced", "set grid", "set logscale y",
        "set format y '%g'", "set offsets graph 0.03, graph 0.03, 0, 0",
        *(["set logscale x"] if plot.logx else []), *_ticks(plot), *_data(plot),
        "plot " + ", ".join(_curves(plot)), ""])


def _plain(text):
    """Text in which gnuplot finds no markup."""
    return re.sub(r'[\\"{}^_@&~]', "-", text)


def draw(plot, caption, kind, folder):
    """Draw it into a file of FOLDER; its name."""
    program = command.find("gnuplot")
    if not program:
        raise PerfError("no gnuplot: install gnuplot-nox")
    name = f"{plot.name}.{kind}"
    path = os.path.join(folder, name)
    done = subprocess.run([program], input=script(plot, caption, kind, path), text=True,
                          capture_output=True, check=False)
    if done.returncode or not os.path.exists(path):
        raise PerfError(f"gnuplot: {done.stderr.strip()}")
    if kind == "svg":
        _strip(path)
    return name


def _strip(path):
    """Take away the blanks at the ends of lines."""
    with open(path, encoding="utf-8") as file:
        text = re.sub(r"[ \t]+$", "", file.read(), flags=re.MULTILINE)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
