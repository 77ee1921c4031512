/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VSWCTL_OPTIONS_H
#define _VSWCTL_OPTIONS_H

#include "vswctl.h"

/**
 * struct option - an attribute of a lookup
 * @id: its number
 * @type: enum vsw_attr_type
 * @flags: of enum vsw_attr_flag
 * @name: its name
 */
struct option {
	uint32_t	id;
	uint32_t	type;
	uint32_t	flags;
	char		*name;
};

/* One value of a switch's options; only the members of its type are set. */
struct option_value {
	const struct option	*option;
	uint32_t		number;
	const char		*text;	/* also the name of a port; or NULL */
	const uint8_t		*address;
	const struct nlattr	*options;	/* of the lookup @text; or NULL */
	const char		*sw;
};

typedef void option_fn(const struct option_value *value, void *data);

/*
 * Encode the words that are no attributes of the switch to its options. Returns
 * 0, an exit code, or a negative errno.
 */
int options_encode(struct vsw_nl *nl, union request *req);

/* The name of the option that was encoded with this number; or NULL. */
const char *option_name(unsigned int id);

/* Call @fn for each value of the options of a switch. */
void options_decode(const struct vsw_nl_switch *sw, option_fn *fn, void *data);

/* The same for those of a lookup that is such a value. */
void options_decode_next(const struct option_value *value, option_fn *fn,
			 void *data);

/* Lookups and ports may have changed since. */
void options_forget(void);

#endif /* _VSWCTL_OPTIONS_H */
