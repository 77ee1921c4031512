# SPDX-License-Identifier: GPL-2.0
"""The commands: each adds its options, and runs."""
