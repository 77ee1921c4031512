// SPDX-License-Identifier: GPL-2.0
/*
 * vswctl: objects as text, a line each, in the order of the command line
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "netns.h"
#include "options.h"
#include "print.h"
#include "vlans.h"
#include "vswctl.h"

#define COLOR_NAME	"\033[36m"	/* cyan, and yellow, as ip(8) does */
#define COLOR_MAC	"\033[33m"
#define COLOR_END	"\033[0m"

/**
 * struct layout - a line
 * @order: attributes that are shown, ends with 0
 * @bare: the attribute that is shown without its name
 * @config: attributes that "add" takes
 */
static const struct layout {
	uint8_t		order[32];
	unsigned int	bare;
	uint64_t	config;
} layouts[] = {
	[VSW_NL_SWITCH] = {
		.order = {
			VSW_A_SWITCH_NAME, VSW_A_SWITCH_LOOKUP,
			VSW_A_SWITCH_OPTIONS, VSW_A_SWITCH_AGEING, VSW_A_SWITCH_FDB_MAX,
			VSW_A_SWITCH_LINK_LOCAL, VSW_A_SWITCH_PORTS, VSW_A_SWITCH_FDB_ENTRIES,
			VSW_A_SWITCH_FDB_FULL, VSW_A_SWITCH_PORTS_MAX,
			VSW_A_SWITCH_SWITCHES_MAX,
		},
		.bare = VSW_A_SWITCH_NAME,
		.config = BIT(SWITCH_NAME) | BIT(SWITCH_LOOKUP) |
			  BIT(SWITCH_AGEING) | BIT(SWITCH_FDB_MAX) |
			  BIT(SWITCH_LINK_LOCAL),
	},
	[VSW_NL_PORT] = {
		.order = {
			VSW_A_PORT_NAME, VSW_A_PORT_SWITCH, VSW_A_PORT_INDEX,
			VSW_A_PORT_TYPE, VSW_A_PORT_DEV, VSW_A_PORT_IFINDEX,
			VSW_A_PORT_DEV_NETNS_ID,
			VSW_A_PORT_RINGS, VSW_A_PORT_SLOTS,
			VSW_A_PORT_BUF_SIZE, VSW_A_PORT_ON_FULL,
			VSW_A_PORT_DEADLINE, VSW_A_PORT_VNET_HDR,
			VSW_A_PORT_LOCKED,
			VSW_A_PORT_ISOLATED, VSW_A_PORT_LEARN_MAX,
			VSW_A_PORT_FLOOD_RATE, VSW_A_PORT_VLAN,
			VSW_A_PORT_TRUNK, VSW_A_PORT_NETNS_ID,
			VSW_A_PORT_ATTACHED, VSW_A_PORT_REGION,
			VSW_A_PORT_LEARNED,
		},
		.bare = VSW_A_PORT_NAME,
		.config = BIT(PORT_NAME) | BIT(PORT_SWITCH) | BIT(PORT_TYPE) |
			  BIT(PORT_RINGS) | BIT(PORT_SLOTS) |
			  BIT(PORT_BUF_SIZE) | BIT(PORT_ON_FULL) |
			  BIT(PORT_DEADLINE) | BIT(PORT_VNET_HDR) |
			  BIT(PORT_LOCKED) |
			  BIT(PORT_ISOLATED) | BIT(PORT_LEARN_MAX) |
			  BIT(PORT_FLOOD_RATE) | BIT(PORT_VLAN) |
			  BIT(PORT_TRUNK) | BIT(PORT_NETNS_ID),
	},
	[VSW_NL_REGION] = {
		.order = {
			VSW_A_REGION_ID, VSW_A_REGION_PORT,
			VSW_A_REGION_SWITCH, VSW_A_REGION_PORT_INDEX,
			VSW_A_REGION_SIZE, VSW_A_REGION_BUF_SIZE,
			VSW_A_REGION_BUFFERS, VSW_A_REGION_FILES,
		},
	},
	[VSW_NL_FDB] = {
		.order = {
			VSW_A_FDB_ADDRESS, VSW_A_FDB_SWITCH, VSW_A_FDB_VLAN,
			VSW_A_FDB_PORT, VSW_A_FDB_PORT_INDEX,
			VSW_A_FDB_STATIC, VSW_A_FDB_AGE,
		},
		.bare = VSW_A_FDB_ADDRESS,
		.config = BIT(FDB_ADDRESS) | BIT(FDB_SWITCH) | BIT(FDB_VLAN) |
			  BIT(FDB_PORT) | BIT(FDB_STATIC),
	},
	[VSW_NL_LOOKUP] = {
		.order = { VSW_A_LOOKUP_NAME, VSW_A_LOOKUP_SWITCHES },
		.bare = VSW_A_LOOKUP_NAME,
	},
};

static void colored(const char *color, const char *text)
{
	if (opts.color)
		printf("%s%s" COLOR_END, color, text);
	else
		fputs(text, stdout);
}

static void text_mac(const uint8_t *mac)
{
	char text[MAC_TEXT_SIZE];

	format_mac(text, mac);
	colored(COLOR_MAC, text);
}

static void text_u32(const struct vsw_nl_attr *attr, uint32_t value)
{
	uint32_t i;

	for (i = 0; attr->names && attr->names[i]; i++) {
		if (i == value) {
			fputs(attr->names[i], stdout);
			return;
		}
	}
	printf("%u", value);
}

static void text_value(const struct vsw_nl_attr *attr, const void *member)
{
	switch (attr->kind) {
	case VSW_NL_STRING:
		colored(COLOR_NAME, *(const char *const *)member);
		break;
	case VSW_NL_U32:
		text_u32(attr, *(const uint32_t *)member);
		break;
	case VSW_NL_S32:
		printf("%d", *(const int32_t *)member);
		break;
	case VSW_NL_UINT:
		printf("%" PRIu64, *(const uint64_t *)member);
		break;
	case VSW_NL_MAC:
		text_mac(member);
		break;
	case VSW_NL_VLAN:
		printf("%u", *(const uint32_t *)member);
		break;
	case VSW_NL_VLANS:
		fputs(format_vlans(member), stdout);
		break;
	default:
		break;
	}
}

/* What reads better than the plain attribute. */
static bool text_special(const struct vsw_nl_msg *msg, unsigned int type)
{
	const char *name;

	if (msg->object == VSW_NL_PORT && type == VSW_A_PORT_NETNS_ID) {
		name = netns_name(msg->port->netns_id);
		if (!name)
			return false;
		printf("netns %s", name);
		return true;
	}
	if (msg->object == VSW_NL_FDB && type == VSW_A_FDB_AGE) {
		printf("age %u.%03us", msg->fdb->age / 1000,
		       msg->fdb->age % 1000);
		return true;
	}
	return false;
}

/* So that a shell and a batch take it for one word. */
static void quoted(const char *text)
{
	if (*text && !strpbrk(text, " \t\r\n\v\f\"'\\#$`&|;<>()*?[]{}~!")) {
		fputs(text, stdout);
		return;
	}
	putchar('\'');
	for (; *text; text++) {
		if (*text == '\'')
			fputs("'\"'\"'", stdout);
		else
			putchar(*text);
	}
	putchar('\'');
}

/* Which of the options are shown, and what comes before the next. */
struct option_text {
	unsigned int	which;
	const char	*space;
};

#define SETTABLE	1
#define READ_ONLY	2

static void text_option(const struct option_value *value, void *data)
{
	const struct option *option = value->option;
	struct option_text *shown = data;

	if (option->type == VSW_ATTR_TYPE_LOOKUP) {
		if (shown->which & SETTABLE) {
			printf("%s%s %s", shown->space, option->name,
			       value->text);
			shown->space = " ";
		}
		options_decode_next(value, text_option, data);
		return;
	}
	if (!(shown->which & (option->flags & VSW_ATTR_FLAG_READ_ONLY ?
			      READ_ONLY : SETTABLE)))
		return;
	printf("%s%s ", shown->space, option->name);
	shown->space = " ";
	if (value->text)
		quoted(value->text);
	else if (value->address)
		text_mac(value->address);
	else
		printf("%s%u", option->type == VSW_ATTR_TYPE_PORT ? "index " : "",
		       value->number);
}

static void text_attrs(const struct vsw_nl_msg *msg, uint64_t which,
		       struct option_text shown)
{
	const struct layout *layout = &layouts[msg->object];
	const struct vsw_nl_attr *attrs;
	const uint8_t *type;
	unsigned int max;

	attrs = vsw_nl_attrs(msg->object, &max);
	for (type = layout->order; *type; type++) {
		const struct vsw_nl_attr *attr = &attrs[*type];

		if (!(which & VSW_NL_BIT(*type)))
			continue;
		if (attr->kind == VSW_NL_BINARY) {
			options_decode(msg->sw, text_option, &shown);
			continue;
		}
		fputs(shown.space, stdout);
		shown.space = " ";
		if (text_special(msg, *type))
			continue;
		if (*type != layout->bare)
			printf("%s%s", attr->name,
			       attr->kind == VSW_NL_FLAG ? "" : " ");
		text_value(attr, (const char *)msg->obj + attr->offset);
	}
}

static const char *newline(void)
{
	return opts.oneline ? "\\" : "\n";
}

static void text_drops(const struct vsw_nl_drops *drops)
{
	const struct vsw_nl_attr *attrs;
	const char *title = "    drops:";
	unsigned int type, max;
	uint64_t count;

	attrs = vsw_nl_attrs(VSW_NL_DROPS, &max);
	for (type = 1; type <= max; type++) {
		if (!(drops->present & VSW_NL_BIT(type)))
			continue;
		memcpy(&count, (const char *)drops + attrs[type].offset,
		       sizeof(count));
		if (!count && !opts.details)
			continue;
		if (title)
			printf("%s%s", newline(), title);
		title = NULL;
		printf(" %s %" PRIu64, attrs[type].name, count);
	}
}

static void text_stats(const struct vsw_nl_stats *stats)
{
	printf("%s    TX: %12s %16s", newline(), "frames", "bytes");
	printf("%s        %12" PRIu64 " %16" PRIu64, newline(),
	       stats->tx_frames, stats->tx_bytes);
	printf("%s    RX: %12s %16s", newline(), "frames", "bytes");
	printf("%s        %12" PRIu64 " %16" PRIu64, newline(),
	       stats->rx_frames, stats->rx_bytes);
	if (stats->drops)
		text_drops(stats->drops);
}

static void text_reasons(const struct vsw_nl_reason *const *reason)
{
	const char *title = "    drops:";

	for (; *reason; reason++) {
		if (!(*reason)->frames && !opts.details)
			continue;
		if (title)
			printf("%s%s", newline(), title);
		title = NULL;
		printf(" %s %" PRIu64, (*reason)->name, (*reason)->frames);
	}
}

/* An attribute of a lookup, "    ports port multi: Ports of the group." */
static void text_lookup_attr(const struct vsw_nl_lookup_attr *attr)
{
	const struct vsw_nl_attr *attrs;
	unsigned int max, i;

	attrs = vsw_nl_attrs(VSW_NL_ATTR, &max);
	printf("%s    %s ", newline(), attr->name);
	text_u32(&attrs[VSW_A_ATTR_TYPE], attr->type);
	for (i = 0; attrs[VSW_A_ATTR_FLAGS].names[i]; i++)
		if (attr->flags & (1U << i))
			printf(" %s", attrs[VSW_A_ATTR_FLAGS].names[i]);
	printf(": %s", attr->doc);
}

static void text_lookup(const struct vsw_nl_lookup *lookup)
{
	const struct vsw_nl_lookup_attr *const *attr = lookup->attr;

	if (!lookup_is_loaded(lookup))
		fputs(" not loaded", stdout);
	if (!opts.details)
		return;
	if (vsw_nl_has(lookup, LOOKUP_DOC))
		printf("%s    %s", newline(), lookup->doc);
	for (; vsw_nl_has(lookup, LOOKUP_ATTR) && *attr; attr++)
		if (vsw_nl_has(*attr, ATTR_NAME) && vsw_nl_has(*attr, ATTR_DOC))
			text_lookup_attr(*attr);
}

/* What the line of an event gives for pasting. */
static uint64_t config_of(const struct vsw_nl_msg *msg)
{
	uint64_t config = layouts[msg->object].config;

	if (msg->object == VSW_NL_SWITCH)
		config |= BIT(SWITCH_OPTIONS);
	/* A port in another namespace may have no name here. */
	if (msg->object == VSW_NL_FDB && !vsw_nl_has(msg->fdb, FDB_PORT))
		config |= BIT(FDB_PORT_INDEX);
	return config;
}

/* What does not limit a port. */
static uint64_t no_limits_of(const struct vsw_nl_port *port)
{
	return (port->locked ? 0 : BIT(PORT_LOCKED)) |
	       (port->isolated ? 0 : BIT(PORT_ISOLATED)) |
	       (port->learn_max ? 0 : BIT(PORT_LEARN_MAX) | BIT(PORT_LEARNED)) |
	       (port->flood_rate ? 0 : BIT(PORT_FLOOD_RATE));
}

/*
 * Shown with -d only: a trouble that did not happen, what never changes, and
 * limits and headers that there are not.
 */
static uint64_t details_of(const struct vsw_nl_msg *msg)
{
	uint64_t details;

	if (msg->object == VSW_NL_PORT)
		return no_limits_of(msg->port) |
		       (msg->port->vnet_hdr ? 0 : BIT(PORT_VNET_HDR));
	if (msg->object != VSW_NL_SWITCH)
		return 0;
	details = BIT(SWITCH_PORTS_MAX) | BIT(SWITCH_SWITCHES_MAX);
	if (!msg->sw->fdb_full)
		details |= BIT(SWITCH_FDB_FULL);
	return details;
}

void text_object(const struct vsw_nl_msg *msg, bool pasteable)
{
	uint64_t present = vsw_nl_present(msg->obj);
	uint64_t config = config_of(msg), rest = ~config;

	if (!opts.details)
		present &= ~details_of(msg);
	/* Some of them can be set, and some cannot. */
	if (msg->object == VSW_NL_SWITCH)
		rest |= BIT(SWITCH_OPTIONS);
	if (pasteable) {
		text_attrs(msg, present & config,
			   (struct option_text){ SETTABLE, "" });
		text_attrs(msg, present & rest,
			   (struct option_text){ READ_ONLY, " # " });
	} else {
		text_attrs(msg, present,
			   (struct option_text){ SETTABLE | READ_ONLY, "" });
	}
	if (msg->object == VSW_NL_LOOKUP)
		text_lookup(msg->lookup);
	if (msg->object == VSW_NL_SWITCH && opts.stats &&
	    vsw_nl_has(msg->sw, SWITCH_REASON))
		text_reasons(msg->sw->reason);
	if (msg->object == VSW_NL_PORT && opts.stats && msg->port->stats)
		text_stats(msg->port->stats);
	putchar('\n');
}
