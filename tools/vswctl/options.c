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

/* A lookup and its attributes; none has 64. */
struct known {
	char		lookup[32];
	unsigned int	n;
	struct option	options[64];
};

/* Those that were asked about last: that of a switch, and one behind it. */
static struct known known_first, known_next;

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

static void forget_lookup(struct known *known)
{
	while (known->n)
		free(known->options[--known->n].name);
	*known->lookup = '\0';
}

void options_forget(void)
{
	forget_ports();
	forget_lookup(&known_first);
	forget_lookup(&known_next);
}

static int learn_lookup(const struct vsw_nl_msg *msg, void *data)
{
	const struct vsw_nl_lookup_attr *const *attr = msg->lookup->attr;
	struct known *known = data;

	if (!vsw_nl_has(msg->lookup, LOOKUP_ATTR))
		return 0;
	for (; *attr && known->n < ARRAY_SIZE(known->options); attr++) {
		struct option *option = &known->options[known->n];

		if (!vsw_nl_has(*attr, ATTR_NAME))
			continue;
		option->id = (*attr)->id;
		option->type = (*attr)->type;
		option->flags = (*attr)->flags;
		option->name = strdup((*attr)->name);
		if (!option->name)
			return -ENOMEM;
		known->n++;
	}
	return 0;
}

/* Ask for a lookup; the kernel may load it. */
static int ask_lookup(struct vsw_nl *nl, struct known *known, const char *name)
{
	struct vsw_nl_lookup key = {};
	int err;

	if (*known->lookup && !strcmp(known->lookup, name))
		return 0;
	forget_lookup(known);
	vsw_nl_put(&key, LOOKUP_NAME, name, name);
	err = vsw_nl_lookup_get(nl, &key, learn_lookup, known);
	if (!err)
		snprintf(known->lookup, sizeof(known->lookup), "%s", name);
	return err;
}

const char *option_name(unsigned int id)
{
	unsigned int i;

	for (i = 0; i < known_first.n; i++)
		if (known_first.options[i].id == id)
			return known_first.options[i].name;
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

/* What is being encoded: attributes of @known, which begin at @begin. */
struct encoder {
	struct vsw_nl		*nl;
	const char		*sw;
	struct known		*known;
	void			*begin;
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

static bool was_put(const struct encoder *to, const struct option *option)
{
	const char *end = mnl_nlmsg_get_payload_tail(&encoded.nlh);
	const struct nlattr *attr;
	size_t len = end - (const char *)to->begin;

	mnl_attr_for_each_payload(to->begin, len)
		if (mnl_attr_get_type(attr) == option->id)
			return true;
	return false;
}

static int find_option(const char *word, struct encoder *to)
{
	const struct known *known = to->known;
	const struct option *option = known->options;

	while (option < &known->options[known->n] && strcmp(option->name, word))
		option++;
	if (option == &known->options[known->n])
		return error(EXIT_SYNTAX, "lookup \"%s\" has no attribute \"%s\"",
			     known->lookup, word);
	if (option->flags & VSW_ATTR_FLAG_READ_ONLY)
		return error(EXIT_SYNTAX, "\"%s\" of lookup \"%s\" cannot be set",
			     word, known->lookup);
	if (!(option->flags & VSW_ATTR_FLAG_MULTI) && was_put(to, option))
		return error(EXIT_SYNTAX, "\"%s\" is given twice", word);
	to->option = option;
	return 0;
}

static int put_next(struct encoder *to, char **word, int n);

static int put_words(struct encoder *to, char **word, int left)
{
	int n, err = 0;

	for (; !err && left; word += n, left -= n) {
		n = words_of_value(word + 1, left - 1) + 1;
		err = find_option(word[0], to);
		if (err)
			return err;
		if (to->option->type == VSW_ATTR_TYPE_LOOKUP)
			return put_next(to, word + 1, left - 1);
		if (n == 3 && to->option->type == VSW_ATTR_TYPE_PORT)
			err = put_index(to, word[2]);
		else if (n == 3)
			err = unknown_word(word[2], "switch");
		else
			err = put_list(to, word[1]);
	}
	return err;
}

/* Ask for a lookup that somebody has named. */
static int ask_named(struct vsw_nl *nl, struct known *known, const char *name)
{
	int err = ask_lookup(nl, known, name);

	if (err == -ENOENT)
		return error(EXIT_REFUSED, "no such lookup \"%s\"", name);
	return err;
}

/* Another lookup: all words that follow its name are about it. */
static int put_next(struct encoder *to, char **word, int n)
{
	struct encoder next = {
		.nl = to->nl, .sw = to->sw, .known = &known_next,
	};
	struct nlattr *nest, *options;
	int err;

	/* There is no third one. */
	if (to->known == &known_next)
		return error(EXIT_REFUSED, "\"%s\" is behind another lookup itself",
			     to->known->lookup);
	nest = mnl_attr_nest_start_check(&encoded.nlh, sizeof(encoded),
					 to->option->id);
	if (!nest || !mnl_attr_put_strz_check(&encoded.nlh, sizeof(encoded),
					      VSW_A_SWITCH_LOOKUP, word[0]))
		return -EMSGSIZE;
	if (n > 1) {
		err = ask_named(to->nl, &known_next, word[0]);
		if (err)
			return err;
		options = mnl_attr_nest_start_check(&encoded.nlh, sizeof(encoded),
						    VSW_A_SWITCH_OPTIONS);
		if (!options)
			return -EMSGSIZE;
		/* Only the kernel's lookup knows what is in it. */
		options->nla_type &= NLA_TYPE_MASK;
		next.begin = mnl_attr_get_payload(options);
		err = put_words(&next, word + 1, n - 1);
		if (err)
			return err;
		mnl_attr_nest_end(&encoded.nlh, options);
	}
	mnl_attr_nest_end(&encoded.nlh, nest);
	return 0;
}

static int take_lookup(const struct vsw_nl_msg *msg, void *data)
{
	snprintf(data, sizeof(known_first.lookup), "%s",
		 vsw_nl_has(msg->sw, SWITCH_LOOKUP) ? msg->sw->lookup : "");
	return 0;
}

/* The lookup that the words are about. */
static int ask_about(struct vsw_nl *nl, const union request *req)
{
	struct vsw_nl_switch key = {};
	char name[sizeof(known_first.lookup)];
	int err = 0;

	vsw_nl_put(&key, SWITCH_NAME, name, req->sw.name);
	if (vsw_nl_has(&req->sw, SWITCH_LOOKUP))
		snprintf(name, sizeof(name), "%s", req->sw.lookup);
	else
		err = vsw_nl_switch_get(nl, &key, take_lookup, name);
	return err ? err : ask_named(nl, &known_first, name);
}

int options_encode(struct vsw_nl *nl, union request *req)
{
	struct encoder to = {
		.nl = nl, .sw = req->sw.name, .known = &known_first,
	};
	const struct words *words = &req->sw_words.words;
	struct vsw_nl_binary options;
	int err;

	if (!words->n)
		return 0;
	/* A lookup may have been replaced since the last line of a batch. */
	options_forget();
	err = ask_about(nl, req);
	if (err)
		return err;
	mnl_nlmsg_put_header(&encoded);
	to.begin = mnl_nlmsg_get_payload(&encoded.nlh);
	err = put_words(&to, words->word, words->n);
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

/* Another lookup: its name, and its attributes if it has any. */
static bool decode_lookup(const struct nlattr *nest, struct option_value *to)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, nest) {
		if (mnl_attr_get_type(attr) == VSW_A_SWITCH_OPTIONS)
			to->options = attr;
		if (mnl_attr_get_type(attr) == VSW_A_SWITCH_LOOKUP &&
		    !mnl_attr_validate(attr, MNL_TYPE_NUL_STRING))
			to->text = mnl_attr_get_str(attr);
	}
	return to->text;
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
	case VSW_ATTR_TYPE_LOOKUP:
		return decode_lookup(attr, to);
	}
	return false;
}

static const struct option *option_by_id(const struct known *known, uint32_t id)
{
	unsigned int i;

	for (i = 0; i < known->n; i++)
		if (known->options[i].id == id)
			return &known->options[i];
	return NULL;
}

/* Decode the @len bytes of attributes that a lookup of a switch has. */
static void decode_all(struct known *known, const char *lookup, const char *sw,
		       const void *options, size_t len, option_fn *fn,
		       void *data)
{
	const struct nlattr *attr;
	struct vsw_nl *nl;
	int exit_code;

	nl = request_socket(&exit_code);
	if (!nl || ask_lookup(nl, known, lookup))
		return;
	mnl_attr_for_each_payload(options, len) {
		struct option_value value = {
			.option = option_by_id(known, mnl_attr_get_type(attr)),
			.sw = sw,
		};

		if (!value.option || !decode(attr, &value))
			continue;
		if (value.option->type == VSW_ATTR_TYPE_PORT) {
			ask_ports(nl, sw);
			value.text = port_name(value.number);
		}
		fn(&value, data);
	}
}

void options_decode(const struct vsw_nl_switch *sw, option_fn *fn, void *data)
{
	if (sw->options.len && vsw_nl_has(sw, SWITCH_LOOKUP))
		decode_all(&known_first, sw->lookup, sw->name, sw->options.data,
			   sw->options.len, fn, data);
}

void options_decode_next(const struct option_value *value, option_fn *fn,
			 void *data)
{
	if (value->options)
		decode_all(&known_next, value->text, value->sw,
			   mnl_attr_get_payload(value->options),
			   mnl_attr_get_payload_len(value->options), fn, data);
}
