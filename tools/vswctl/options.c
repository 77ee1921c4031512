// SPDX-License-Identifier: GPL-2.0
/*
 * vswctl: the attributes of a lookup, of which only the kernel knows
 *
 * Their names, numbers and types are asked for, so that a lookup that anybody
 * has written is configured and shown like the switch itself.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libmnl/libmnl.h>

#include "options.h"
#include "parse.h"

/* What the kernel takes, and a netlink attribute can have. */
#define OPTIONS_MAX	65536

/* The lookup that was asked about last; no lookup has 64 attributes. */
static struct {
	char		lookup[32];
	unsigned int	n;
	struct option	options[64];
} known;

/* The ports of the switch that was asked about last, by index. */
static struct {
	char		sw[32];
	uint32_t	n;
	char		**names;
} ports;

static void forget_ports(void)
{
	while (ports.n)
		free(ports.names[--ports.n]);
	free(ports.names);
	ports.names = NULL;
	*ports.sw = '\0';
}

static void forget_lookup(void)
{
	while (known.n)
		free(known.options[--known.n].name);
	*known.lookup = '\0';
}

void options_forget(void)
{
	forget_ports();
	forget_lookup();
}

static int learn_lookup(const struct vsw_nl_msg *msg, void *data)
{
	const struct vsw_nl_lookup_attr *const *attr = msg->lookup->attr;

	(void)data;
	if (!vsw_nl_has(msg->lookup, LOOKUP_ATTR))
		return 0;
	for (; *attr && known.n < ARRAY_SIZE(known.options); attr++) {
		struct option *option = &known.options[known.n];

		if (!vsw_nl_has(*attr, ATTR_NAME))
			continue;
		option->id = (*attr)->id;
		option->type = (*attr)->type;
		option->flags = (*attr)->flags;
		option->name = strdup((*attr)->name);
		if (!option->name)
			return -ENOMEM;
		known.n++;
	}
	return 0;
}

/* Ask for a lookup; the kernel may load it. */
static int ask_lookup(struct vsw_nl *nl, const char *name)
{
	struct vsw_nl_lookup key = {};
	int err;

	if (*known.lookup && !strcmp(known.lookup, name))
		return 0;
	forget_lookup();
	vsw_nl_put(&key, LOOKUP_NAME, name, name);
	err = vsw_nl_lookup_get(nl, &key, learn_lookup, NULL);
	if (!err)
		snprintf(known.lookup, sizeof(known.lookup), "%s", name);
	return err;
}

const char *option_name(unsigned int id)
{
	unsigned int i;

	for (i = 0; i < known.n; i++)
		if (known.options[i].id == id)
			return known.options[i].name;
	return NULL;
}

/*
 * Words to attributes
 */

/* Where options are written: behind a header that nobody reads. */
static union {
	struct nlmsghdr	nlh;
	char		buf[OPTIONS_MAX];
} encoded;

/* What is being encoded. */
struct encoder {
	struct vsw_nl		*nl;
	const char		*sw;
	const struct option	*option;
};

static int put(const struct option *option, const void *value, size_t len)
{
	return mnl_attr_put_check(&encoded.nlh, sizeof(encoded), option->id,
				  len, value) ? 0 : -EMSGSIZE;
}

static int take_index(const struct vsw_nl_msg *msg, void *data)
{
	*(uint32_t *)data = msg->port->index;
	return vsw_nl_has(msg->port, PORT_INDEX) ? 0 : -ENODEV;
}

/* The kernel's own refusal would be about an attribute of another request. */
static int put_port(const struct encoder *to, const char *name)
{
	struct vsw_nl_port key = {};
	uint32_t index;
	int err;

	vsw_nl_put(&key, PORT_NAME, name, name);
	vsw_nl_put(&key, PORT_SWITCH, sw, to->sw);
	err = vsw_nl_port_get(to->nl, &key, take_index, &index);
	if (err == -ENODEV)
		return error(EXIT_REFUSED,
			     "\"%s\" needs a port of switch \"%s\", and \"%s\" is none",
			     to->option->name, to->sw, name);
	if (err == -ENOTUNIQ)
		return error(EXIT_REFUSED,
			     "several ports of switch \"%s\" have the name \"%s\", give \"index\" and a number",
			     to->sw, name);
	return err ? err : put(to->option, &index, sizeof(index));
}

static int put_value(const struct encoder *to, const char *value)
{
	struct vsw_nl_attr attr = { .name = to->option->name };
	union {
		uint32_t	number;
		uint8_t		address[6];
	} member;
	int exit_code;

	switch (to->option->type) {
	case VSW_ATTR_TYPE_STRING:
		return put(to->option, value, strlen(value) + 1);
	case VSW_ATTR_TYPE_PORT:
		return put_port(to, value);
	case VSW_ATTR_TYPE_U32:
		attr.kind = VSW_NL_U32;
		exit_code = parse_value(&attr, value, &member);
		return exit_code ? exit_code :
		       put(to->option, &member, sizeof(member.number));
	case VSW_ATTR_TYPE_ADDRESS:
		attr.kind = VSW_NL_MAC;
		exit_code = parse_value(&attr, value, &member);
		return exit_code ? exit_code :
		       put(to->option, &member, sizeof(member.address));
	}
	return error(EXIT_REFUSED, "\"%s\" is of a type that vswctl does not know",
		     attr.name);
}

/* Text may contain commas itself. */
static bool is_list(const struct option *option)
{
	return (option->flags & VSW_ATTR_FLAG_MULTI) &&
	       option->type != VSW_ATTR_TYPE_STRING;
}

static int put_list(const struct encoder *to, char *list)
{
	char *value;
	int err = 0;

	if (!is_list(to->option))
		return put_value(to, list);
	while (!err && (value = strsep(&list, ",")))
		err = put_value(to, value);
	return err;
}

static int put_index(const struct encoder *to, const char *number)
{
	const struct vsw_nl_attr attr = { .name = "index", .kind = VSW_NL_U32 };
	uint32_t index;
	int exit_code = parse_value(&attr, number, &index);

	return exit_code ? exit_code : put(to->option, &index, sizeof(index));
}

static bool was_put(const struct option *option)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, &encoded.nlh, 0)
		if (mnl_attr_get_type(attr) == option->id)
			return true;
	return false;
}

static int find_option(const char *word, struct encoder *to)
{
	const struct option *option = known.options;

	while (option < &known.options[known.n] && strcmp(option->name, word))
		option++;
	if (option == &known.options[known.n])
		return error(EXIT_SYNTAX, "lookup \"%s\" has no attribute \"%s\"",
			     known.lookup, word);
	if (option->flags & VSW_ATTR_FLAG_READ_ONLY)
		return error(EXIT_SYNTAX, "\"%s\" of lookup \"%s\" cannot be set",
			     word, known.lookup);
	if (!(option->flags & VSW_ATTR_FLAG_MULTI) && was_put(option))
		return error(EXIT_SYNTAX, "\"%s\" is given twice", word);
	to->option = option;
	return 0;
}

static int put_words(struct encoder *to, const struct words *words)
{
	char **word = words->word;
	int n, err = 0;

	for (; !err && word < words->word + words->n; word += n) {
		n = words_of_value(word + 1, words->word + words->n - word - 1) + 1;
		err = find_option(word[0], to);
		if (err)
			return err;
		if (n == 3 && to->option->type == VSW_ATTR_TYPE_PORT)
			err = put_index(to, word[2]);
		else if (n == 3)
			err = unknown_word(word[2], "switch");
		else
			err = put_list(to, word[1]);
	}
	return err;
}

static int take_lookup(const struct vsw_nl_msg *msg, void *data)
{
	snprintf(data, sizeof(known.lookup), "%s",
		 vsw_nl_has(msg->sw, SWITCH_LOOKUP) ? msg->sw->lookup : "");
	return 0;
}

/* The lookup that the words are about. */
static int ask_about(struct vsw_nl *nl, const union request *req)
{
	struct vsw_nl_switch key = {};
	char name[sizeof(known.lookup)];
	int err = 0;

	vsw_nl_put(&key, SWITCH_NAME, name, req->sw.name);
	if (vsw_nl_has(&req->sw, SWITCH_LOOKUP))
		snprintf(name, sizeof(name), "%s", req->sw.lookup);
	else
		err = vsw_nl_switch_get(nl, &key, take_lookup, name);
	if (err)
		return err;
	err = ask_lookup(nl, name);
	if (err == -ENOENT)
		return error(EXIT_REFUSED, "no such lookup \"%s\"", name);
	return err;
}

int options_encode(struct vsw_nl *nl, union request *req)
{
	struct encoder to = { .nl = nl, .sw = req->sw.name };
	struct vsw_nl_binary options;
	int err;

	if (!req->sw_words.words.n)
		return 0;
	/* A lookup may have been replaced since the last line of a batch. */
	options_forget();
	err = ask_about(nl, req);
	if (err)
		return err;
	mnl_nlmsg_put_header(&encoded);
	err = put_words(&to, &req->sw_words.words);
	options.data = mnl_nlmsg_get_payload(&encoded.nlh);
	options.len = mnl_nlmsg_get_payload_len(&encoded.nlh);
	vsw_nl_put(&req->sw, SWITCH_OPTIONS, options, options);
	return err;
}

/*
 * Attributes to words
 */

static int learn_port(const struct vsw_nl_msg *msg, void *data)
{
	const struct vsw_nl_port *port = msg->port;
	char **names;

	(void)data;
	if (!vsw_nl_has(port, PORT_INDEX) || !vsw_nl_has(port, PORT_NAME))
		return 0;
	if (port->index >= ports.n) {
		names = reallocarray(ports.names, port->index + 1,
				     sizeof(*names));
		if (!names)
			return -ENOMEM;
		memset(names + ports.n, 0,
		       (port->index + 1 - ports.n) * sizeof(*names));
		ports.names = names;
		ports.n = port->index + 1;
	}
	free(ports.names[port->index]);
	ports.names[port->index] = strdup(port->name);
	return 0;
}

static void ask_ports(struct vsw_nl *nl, const char *sw)
{
	struct vsw_nl_port filter = {};

	if (!strcmp(ports.sw, sw))
		return;
	forget_ports();
	vsw_nl_put(&filter, PORT_SWITCH, sw, sw);
	/* Without an answer there are numbers in place of names. */
	vsw_nl_port_dump(nl, &filter, learn_port, NULL);
	snprintf(ports.sw, sizeof(ports.sw), "%s", sw);
}

/* A name that means this port, and no other one as well; or NULL. */
static const char *port_name(uint32_t index)
{
	const char *name = index < ports.n ? ports.names[index] : NULL;
	uint32_t i;

	for (i = 0; name && i < ports.n; i++)
		if (i != index && ports.names[i] && !strcmp(ports.names[i], name))
			return NULL;
	return name && strcmp(name, "index") && !strchr(name, ',') ? name : NULL;
}

/* The value of an attribute; false if it makes no sense. */
static bool decode(const struct nlattr *attr, struct option_value *to)
{
	size_t len = mnl_attr_get_payload_len(attr);

	switch (to->option->type) {
	case VSW_ATTR_TYPE_PORT:
	case VSW_ATTR_TYPE_U32:
		memcpy(&to->number, mnl_attr_get_payload(attr),
		       len == sizeof(to->number) ? len : 0);
		return len == sizeof(to->number);
	case VSW_ATTR_TYPE_STRING:
		to->text = mnl_attr_get_str(attr);
		return !mnl_attr_validate(attr, MNL_TYPE_NUL_STRING);
	case VSW_ATTR_TYPE_ADDRESS:
		to->address = mnl_attr_get_payload(attr);
		return len == 6;
	}
	return false;
}

static const struct option *option_by_id(uint32_t id)
{
	unsigned int i;

	for (i = 0; i < known.n; i++)
		if (known.options[i].id == id)
			return &known.options[i];
	return NULL;
}

void options_decode(const struct vsw_nl_switch *sw,
		    void (*fn)(const struct option_value *value, void *data),
		    void *data)
{
	const struct vsw_nl_binary *options = &sw->options;
	const struct nlattr *attr;
	struct vsw_nl *nl;
	int exit_code;

	if (!options->len || !vsw_nl_has(sw, SWITCH_LOOKUP))
		return;
	nl = request_socket(&exit_code);
	if (!nl || ask_lookup(nl, sw->lookup))
		return;
	mnl_attr_for_each_payload(options->data, options->len) {
		struct option_value value = {
			.option = option_by_id(mnl_attr_get_type(attr)),
		};

		if (!value.option || !decode(attr, &value))
			continue;
		if (value.option->type == VSW_ATTR_TYPE_PORT) {
			ask_ports(nl, sw->name);
			value.text = port_name(value.number);
		}
		fn(&value, data);
	}
}
