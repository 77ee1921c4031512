/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VSWCTL_VLANS_H
#define _VSWCTL_VLANS_H

#include <stdbool.h>
#include <stdint.h>

/* "10,20-30" or "none", to a bit for each VLAN; or false. */
bool parse_vlans(const char *text, uint8_t *vlans);

/* The other way; valid until the next call. */
const char *format_vlans(const uint8_t *vlans);

#endif /* _VSWCTL_VLANS_H */
