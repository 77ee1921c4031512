/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libvsw: the generic netlink family of vsw
 *
 * What the kernel knows of an object, and what a request says of it, is a
 * struct vsw_nl_*: each member has the name of an attribute of
 * Documentation/netlink/specs/vsw.yaml (of "switch" and "static", which are
 * words of C, "sw" and "is_static"), and a bit in @present that says whether it
 * counts. So a request is built with
 *
 *   struct vsw_nl_switch sw = {};
 *
 *   vsw_nl_put(&sw, SWITCH_NAME, name, "s0");
 *   vsw_nl_put(&sw, SWITCH_AGEING, ageing, 300);
 *   err = vsw_nl_switch_new(nl, &sw);
 *
 * These structs grow at their end only. Programs never pass one that the
 * library fills: answers come by callback.
 *
 * Functions that can fail return 0 or a negative errno. When the kernel refused
 * a request, vsw_nl_error() has its explanation. A handle belongs to one thread
 * at a time.
 */
#ifndef _VSW_NL_H
#define _VSW_NL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/vsw_netlink.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The bit of an attribute in a set of attributes, such as @present. */
#define VSW_NL_BIT(attr)	(1ULL << (attr))

/* Whether an object has an attribute: vsw_nl_has(port, PORT_REGION). */
#define vsw_nl_has(obj, attr)	\
	(((obj)->present & VSW_NL_BIT(VSW_A_##attr)) != 0)

/* Give an attribute to an object: vsw_nl_put(&port, PORT_NAME, name, "p0"). */
#define vsw_nl_put(obj, attr, member, value)			\
	do {							\
		(obj)->member = (value);			\
		(obj)->present |= VSW_NL_BIT(VSW_A_##attr);	\
	} while (0)

/* Bytes whose meaning the library does not know. */
struct vsw_nl_binary {
	const void	*data;
	size_t		len;
};

/* Bytes of a set of VLANs: VLAN n is bit n % 8 of byte n / 8. */
#define VSW_NL_VLANS_SIZE	512

/* Frames that a lookup has dropped for a reason of its own. */
struct vsw_nl_reason {
	uint64_t	present;
	const char	*name;
	uint64_t	frames;
};

struct vsw_nl_switch {
	uint64_t	present;
	const char	*name;
	const char	*lookup;
	uint32_t	ageing;
	uint32_t	fdb_max;
	uint32_t	ports;
	uint32_t	fdb_entries;
	uint64_t	fdb_full;
	uint32_t	ports_max;
	uint32_t	switches_max;
	struct vsw_nl_binary options;	/* attributes, as the lookup has them */
	const struct vsw_nl_reason *const *reason;	/* ends with NULL */
	uint32_t	link_local;	/* enum vsw_link_local */
};

struct vsw_nl_drops {
	uint64_t	present;
	uint64_t	bad_buf;
	uint64_t	bad_len;
	uint64_t	bad_chain;
	uint64_t	runt;
	uint64_t	same_port;
	uint64_t	no_port;
	uint64_t	no_listener;
	uint64_t	lookup;
	uint64_t	no_room;
	uint64_t	too_long;
	uint64_t	bad_rx_slot;
	uint64_t	deadline;
	uint64_t	no_memory;
	uint64_t	bad_vnet_hdr;
};

struct vsw_nl_stats {
	uint64_t	present;
	uint64_t	tx_frames;
	uint64_t	tx_bytes;
	uint64_t	rx_frames;
	uint64_t	rx_bytes;
	const struct vsw_nl_drops *drops;
};

struct vsw_nl_port {
	uint64_t	present;
	const char	*name;
	const char	*sw;
	uint32_t	index;
	uint32_t	type;		/* enum vsw_port_type */
	int32_t		netns_id;
	uint32_t	netns_fd;
	uint32_t	netns_pid;
	uint32_t	rings;
	uint32_t	slots;
	uint32_t	buf_size;
	uint32_t	attached;
	uint32_t	region;
	const struct vsw_nl_stats *stats;
	uint32_t	on_full;	/* enum vsw_on_full */
	uint32_t	deadline;	/* milliseconds */
	uint32_t	locked;		/* enum vsw_off_on */
	uint32_t	isolated;	/* enum vsw_off_on */
	uint32_t	learn_max;
	uint32_t	flood_rate;	/* frames per second */
	uint32_t	learned;
	const char	*dev;
	uint32_t	ifindex;
	int32_t		dev_netns_id;
	uint32_t	vlan;		/* 0: none */
	uint8_t		trunk[VSW_NL_VLANS_SIZE];
	uint32_t	vnet_hdr;	/* enum vsw_off_on */
};

struct vsw_nl_region {
	uint64_t	present;
	uint32_t	id;
	const char	*port;
	const char	*sw;
	uint32_t	port_index;
	uint64_t	size;
	uint32_t	buf_size;
	uint32_t	buffers;
	uint32_t	files;
};

struct vsw_nl_fdb {
	uint64_t	present;
	const char	*sw;
	uint8_t		address[6];
	const char	*port;
	uint32_t	port_index;
	bool		is_static;
	bool		dynamic;
	uint32_t	age;		/* milliseconds */
	bool		replace;
	uint32_t	vlan;
};

/* An attribute of a lookup, in the options of a switch. */
struct vsw_nl_lookup_attr {
	uint64_t	present;
	uint32_t	id;
	const char	*name;
	uint32_t	type;		/* enum vsw_attr_type */
	uint32_t	flags;		/* of enum vsw_attr_flag */
	const char	*doc;
};

struct vsw_nl_lookup {
	uint64_t	present;
	const char	*name;
	uint32_t	switches;
	const char	*doc;
	const struct vsw_nl_lookup_attr *const *attr;	/* ends with NULL */
};

enum vsw_nl_object {
	VSW_NL_SWITCH,
	VSW_NL_PORT,
	VSW_NL_REGION,
	VSW_NL_FDB,
	VSW_NL_LOOKUP,
	VSW_NL_STATS,		/* only inside a port */
	VSW_NL_DROPS,		/* only inside stats */
	VSW_NL_REASON,		/* only inside a switch */
	VSW_NL_ATTR,		/* only inside a lookup */
};

/**
 * struct vsw_nl_msg - a message of the kernel about one object
 * @cmd: VSW_CMD_*
 * @name: the name of @cmd in the specification, "port-new-ntf"
 * @object: which object it is, VSW_NL_SWITCH to VSW_NL_LOOKUP
 * @obj: the object, valid until the callback returns; @sw, @port, @region, @fdb
 *	and @lookup are the same pointer
 */
struct vsw_nl_msg {
	uint32_t		cmd;
	const char		*name;
	enum vsw_nl_object	object;
	union {
		const void			*obj;
		const struct vsw_nl_switch	*sw;
		const struct vsw_nl_port	*port;
		const struct vsw_nl_region	*region;
		const struct vsw_nl_fdb		*fdb;
		const struct vsw_nl_lookup	*lookup;
	};
};

/**
 * typedef vsw_nl_cb - is called for each object of an answer, and each event
 * @msg: the message
 * @data: what was given along with the callback
 *
 * Return: 0; anything else ends the call, which returns it.
 */
typedef int (*vsw_nl_cb)(const struct vsw_nl_msg *msg, void *data);

/* A netlink socket. */
struct vsw_nl;

/**
 * vsw_nl_open() - open a socket in the caller's network namespace
 * @nl: out: the handle
 *
 * Return: 0; -ENOENT if the kernel does not know vsw; the errors of socket(2).
 */
int vsw_nl_open(struct vsw_nl **nl);

/**
 * vsw_nl_close() - close it
 * @nl: the handle; NULL is allowed
 */
void vsw_nl_close(struct vsw_nl *nl);

/**
 * vsw_nl_fd() - file descriptor for poll(2), to wait for events
 * @nl: the handle
 */
int vsw_nl_fd(const struct vsw_nl *nl);

/**
 * struct vsw_nl_error - how the kernel explained the result of a request
 * @text: its words, empty if there were none; a request that succeeds may leave
 *	a warning
 * @attr: name of the attribute at fault, empty if none was named
 * @missing: @attr was missing
 * @option: number of the attribute of the lookup at fault, if @attr is
 *	"options"; 0 if none was named
 */
struct vsw_nl_error {
	char		text[256];
	char		attr[32];
	bool		missing;
	unsigned int	option;
};

/**
 * vsw_nl_error() - the kernel's explanation of the last request
 * @nl: the handle
 *
 * Return: the explanation, valid until the next request.
 */
const struct vsw_nl_error *vsw_nl_error(const struct vsw_nl *nl);

/*
 * Requests. A @key names an object, as the do request of the get operation in
 * the specification does. The errors are the kernel's, and besides
 *
 * EMSGSIZE	the request is longer than any that the kernel accepts
 * EBADMSG	the answer makes no sense
 * EINTR	from a dump: the objects changed whenever it was tried, and what
 *		the callback saw may contain an object twice or not at all
 */

/**
 * vsw_nl_switch_get() - look at a switch
 * @nl: the handle
 * @key: name
 * @cb: is called once
 * @data: for @cb
 */
int vsw_nl_switch_get(struct vsw_nl *nl, const struct vsw_nl_switch *key,
		      vsw_nl_cb cb, void *data);

/**
 * vsw_nl_switch_dump() - look at all switches of the namespace
 * @nl: the handle
 * @cb: is called for each
 * @data: for @cb
 */
int vsw_nl_switch_dump(struct vsw_nl *nl, vsw_nl_cb cb, void *data);

/**
 * vsw_nl_switch_new() - create a switch
 * @nl: the handle
 * @sw: name; lookup, ageing, fdb-max, link-local and options if wanted
 */
int vsw_nl_switch_new(struct vsw_nl *nl, const struct vsw_nl_switch *sw);

/**
 * vsw_nl_switch_set() - change a switch
 * @nl: the handle
 * @sw: name, and what shall change
 */
int vsw_nl_switch_set(struct vsw_nl *nl, const struct vsw_nl_switch *sw);

/**
 * vsw_nl_switch_del() - delete a switch with its ports
 * @nl: the handle
 * @key: name
 */
int vsw_nl_switch_del(struct vsw_nl *nl, const struct vsw_nl_switch *key);

/**
 * vsw_nl_port_get() - look at a port
 * @nl: the handle
 * @key: name, and switch or a netns; or switch and index
 * @cb: is called once
 * @data: for @cb
 */
int vsw_nl_port_get(struct vsw_nl *nl, const struct vsw_nl_port *key,
		    vsw_nl_cb cb, void *data);

/**
 * vsw_nl_port_dump() - look at ports
 * @nl: the handle
 * @filter: switch, whose ports are wanted; NULL for all
 * @cb: is called for each
 * @data: for @cb
 */
int vsw_nl_port_dump(struct vsw_nl *nl, const struct vsw_nl_port *filter,
		     vsw_nl_cb cb, void *data);

/**
 * vsw_nl_port_new() - add a port to a switch
 * @nl: the handle
 * @port: name and switch; type, one of the three netns, rings, slots, buf-size,
 *	vlan and trunk if wanted; dev for an uplink
 */
int vsw_nl_port_new(struct vsw_nl *nl, const struct vsw_nl_port *port);

/**
 * vsw_nl_port_set() - change a port that no program has attached
 * @nl: the handle
 * @port: the key as for vsw_nl_port_get(), and what shall change
 */
int vsw_nl_port_set(struct vsw_nl *nl, const struct vsw_nl_port *port);

/**
 * vsw_nl_port_del() - delete a port, though programs may have attached it
 * @nl: the handle
 * @key: as for vsw_nl_port_get()
 */
int vsw_nl_port_del(struct vsw_nl *nl, const struct vsw_nl_port *key);

/**
 * vsw_nl_region_get() - look at a region
 * @nl: the handle
 * @key: id
 * @cb: is called once
 * @data: for @cb
 */
int vsw_nl_region_get(struct vsw_nl *nl, const struct vsw_nl_region *key,
		      vsw_nl_cb cb, void *data);

/**
 * vsw_nl_region_dump() - look at all regions
 * @nl: the handle
 * @cb: is called for each
 * @data: for @cb
 */
int vsw_nl_region_dump(struct vsw_nl *nl, vsw_nl_cb cb, void *data);

/**
 * vsw_nl_fdb_get() - look up an address
 * @nl: the handle
 * @key: switch and address, and the vlan if ports of the switch have some
 * @cb: is called once
 * @data: for @cb
 */
int vsw_nl_fdb_get(struct vsw_nl *nl, const struct vsw_nl_fdb *key,
		   vsw_nl_cb cb, void *data);

/**
 * vsw_nl_fdb_dump() - look at FDB entries
 * @nl: the handle
 * @filter: switch, whose entries are wanted; NULL for all
 * @cb: is called for each
 * @data: for @cb
 */
int vsw_nl_fdb_dump(struct vsw_nl *nl, const struct vsw_nl_fdb *filter,
		    vsw_nl_cb cb, void *data);

/**
 * vsw_nl_fdb_new() - add a static entry; the address must be a new one
 * @nl: the handle
 * @fdb: switch, address, and port or port-index; vlan as in vsw_nl_fdb_get()
 */
int vsw_nl_fdb_new(struct vsw_nl *nl, const struct vsw_nl_fdb *fdb);

/**
 * vsw_nl_fdb_replace() - add a static entry, in place of any of its address
 * @nl: the handle
 * @fdb: as for vsw_nl_fdb_new()
 */
int vsw_nl_fdb_replace(struct vsw_nl *nl, const struct vsw_nl_fdb *fdb);

/**
 * vsw_nl_fdb_del() - delete an entry
 * @nl: the handle
 * @key: as for vsw_nl_fdb_get()
 */
int vsw_nl_fdb_del(struct vsw_nl *nl, const struct vsw_nl_fdb *key);

/**
 * vsw_nl_fdb_flush() - delete many entries
 * @nl: the handle
 * @filter: switch; port or port-index, static, and dynamic if wanted
 */
int vsw_nl_fdb_flush(struct vsw_nl *nl, const struct vsw_nl_fdb *filter);

/**
 * vsw_nl_lookup_get() - look at a lookup
 * @nl: the handle
 * @key: name; the kernel loads the lookup if it is not loaded and the caller has
 *	CAP_NET_ADMIN over the machine
 * @cb: is called once
 * @data: for @cb
 */
int vsw_nl_lookup_get(struct vsw_nl *nl, const struct vsw_nl_lookup *key,
		      vsw_nl_cb cb, void *data);

/**
 * vsw_nl_lookup_dump() - look at all lookups that are loaded
 * @nl: the handle
 * @cb: is called for each
 * @data: for @cb
 */
int vsw_nl_lookup_dump(struct vsw_nl *nl, vsw_nl_cb cb, void *data);

/*
 * Events. A handle that has joined a group must not be used for requests any
 * more: their answers would drown among the events.
 */

/**
 * vsw_nl_join() - receive the events of a group
 * @nl: the handle
 * @group: VSW_MCGRP_*
 *
 * Return: 0; -ENOENT if there is no such group; the errors of setsockopt(2).
 */
int vsw_nl_join(struct vsw_nl *nl, const char *group);

/**
 * vsw_nl_events() - wait for events, and hand over those that are there
 * @nl: the handle
 * @cb: is called for each
 * @data: for @cb
 *
 * Return: 0; -ENOBUFS if events were lost, after which it may be called again;
 * what @cb returned, with the rest of the datagram lost; the errors of recv(2).
 */
int vsw_nl_events(struct vsw_nl *nl, vsw_nl_cb cb, void *data);

/*
 * The attributes of an object, for programs that treat them all alike.
 */

enum vsw_nl_kind {
	VSW_NL_NONE,		/* a hole in the numbers */
	VSW_NL_STRING,		/* const char * */
	VSW_NL_U32,		/* uint32_t */
	VSW_NL_S32,		/* int32_t */
	VSW_NL_UINT,		/* uint64_t */
	VSW_NL_FLAG,		/* bool */
	VSW_NL_MAC,		/* uint8_t [6] */
	VSW_NL_NEST,		/* const struct vsw_nl_* */
	VSW_NL_NESTS,		/* const struct vsw_nl_* const *, ends with NULL */
	VSW_NL_FLAGS,		/* uint32_t */
	VSW_NL_BINARY,		/* struct vsw_nl_binary */
	VSW_NL_VLAN,		/* uint32_t, 0: none */
	VSW_NL_VLANS,		/* uint8_t [VSW_NL_VLANS_SIZE] */
};

/**
 * struct vsw_nl_attr - an attribute
 * @name: its name in the specification
 * @kind: type of the member
 * @nest: object that the member points to, if it is a nest, or several
 * @offset: offset of the member in the struct
 * @names: names of the values of an enumeration, or of the bits of flags, ends
 *	with NULL; or NULL
 */
struct vsw_nl_attr {
	const char		*name;
	enum vsw_nl_kind	kind;
	enum vsw_nl_object	nest;
	size_t			offset;
	const char *const	*names;
};

/**
 * vsw_nl_attrs() - the attributes of an object, as an array by VSW_A_*
 * @object: the object
 * @max: out: the last index
 */
const struct vsw_nl_attr *vsw_nl_attrs(enum vsw_nl_object object,
				       unsigned int *max);

/**
 * vsw_nl_present() - the attributes that an object has, whatever it is
 * @obj: a struct vsw_nl_*
 */
static inline uint64_t vsw_nl_present(const void *obj)
{
	return *(const uint64_t *)obj;
}

#ifdef __cplusplus
}
#endif

#endif /* _VSW_NL_H */
