// SPDX-License-Identifier: GPL-2.0
/*
 * vswctl: sets of VLANs, as text and as bits
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parse.h"
#include "vlans.h"

#define NUM_VLANS	(8 * VSW_NL_VLANS_SIZE)

/* "4093-4094," for two of three is the longest that there can be. */
#define TEXT_SIZE	((NUM_VLANS / 3 + 1) * 10 + 1)

static bool has_vlan(const uint8_t *vlans, unsigned int vlan)
{
	return vlan < NUM_VLANS && vlans[vlan / 8] & (1U << vlan % 8);
}

/* A number that is a bit; whether it is a VLAN is the kernel's to say. */
static bool parse_vlan(const char **text, unsigned int *vlan)
{
	unsigned long number;
	char *end;

	if (!isdigit((unsigned char)**text))
		return false;
	number = strtoul(*text, &end, 10);
	*text = end;
	*vlan = number;
	return number < NUM_VLANS;
}

bool parse_vlans(const char *text, uint8_t *vlans)
{
	unsigned int first, last;

	memset(vlans, 0, VSW_NL_VLANS_SIZE);
	if (!strcmp(text, "none"))
		return true;
	for (;; text++) {
		if (!parse_vlan(&text, &first))
			return false;
		last = first;
		if (*text == '-') {
			text++;
			if (!parse_vlan(&text, &last) || last < first)
				return false;
		}
		for (; first <= last; first++)
			vlans[first / 8] |= 1U << first % 8;
		if (*text != ',')
			return !*text;
	}
}

const char *format_vlans(const uint8_t *vlans)
{
	static char text[TEXT_SIZE];
	unsigned int first, last;
	size_t len = 0;

	*text = '\0';
	for (first = 0; first < NUM_VLANS; first = last + 1) {
		last = first;
		if (!has_vlan(vlans, first))
			continue;
		while (has_vlan(vlans, last + 1))
			last++;
		len += snprintf(text + len, sizeof(text) - len, "%s%u",
				len ? "," : "", first);
		if (last > first)
			len += snprintf(text + len, sizeof(text) - len, "-%u",
					last);
	}
	return text;
}
