# SPDX-License-Identifier: GPL-2.0
"""Figures of several runs and of several receivers."""
import statistics


def trim(samples, first=1, last=1):
    """Without the first and the last ones that are something: before and behind
    them a receiver waits, and they are parts of a second."""
    busy = [i for i, sample in enumerate(samples) if sample]
    if not busy:
        return []
    return samples[busy[0] + first:busy[-1] + 1 - last]


def spread(values):
    """Median, least and greatest, and their distance in percent of the median."""
    middle = statistics.median(values)
    low, high = min(values), max(values)
    percent = 100 * (high - low) / middle if middle else 0.0
    return {"median": middle, "min": low, "max": high,
            "spread-percent": round(percent, 2), "repeats": len(values)}


def fairness(rates):
    """Jain's index: 1 if all get the same, 1/n if one gets everything."""
    squares = sum(rate * rate for rate in rates)
    return sum(rates) ** 2 / (len(rates) * squares) if squares else 0.0


def totals(rates):
    """Of one run: T = M x N, M being the mean of N receivers."""
    mean = statistics.fmean(rates)
    return {"mean": mean, "receivers": len(rates), "total": mean * len(rates),
            "min": min(rates), "max": max(rates), "fairness": fairness(rates)}
