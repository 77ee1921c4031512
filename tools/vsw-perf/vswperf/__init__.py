# SPDX-License-Identifier: GPL-2.0
"""Experiments on virtual switches that join containers."""
