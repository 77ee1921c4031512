// SPDX-License-Identifier: GPL-2.0
/*
 * vswctl: lists and events, and objects as JSON
 *
 * The keys of JSON are the names of the attributes, so that scripts can use
 * vswctl or any other program that reads the specification.
 */
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

#include <json-c/json.h>

#include "netns.h"
#include "options.h"
#include "print.h"
#include "vlans.h"
#include "vswctl.h"

/* Objects of the list so far. */
static unsigned int listed;

static struct json_object *json_attrs(enum vsw_nl_object object,
				      const void *obj);

void format_mac(char *to, const uint8_t *mac)
{
	snprintf(to, MAC_TEXT_SIZE, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0],
		 mac[1], mac[2], mac[3], mac[4], mac[5]);
}

static struct json_object *json_mac(const uint8_t *mac)
{
	char text[MAC_TEXT_SIZE];

	format_mac(text, mac);
	return json_object_new_string(text);
}

static struct json_object *json_u32(const struct vsw_nl_attr *attr,
				    uint32_t value)
{
	uint32_t i;

	for (i = 0; attr->names && attr->names[i]; i++)
		if (i == value)
			return json_object_new_string(attr->names[i]);
	return json_object_new_uint64(value);
}

static struct json_object *json_flags(const struct vsw_nl_attr *attr,
				      uint32_t value)
{
	struct json_object *json = json_object_new_array();
	struct json_object *name;
	unsigned int i;

	for (i = 0; attr->names[i]; i++) {
		if (!(value & (1U << i)))
			continue;
		name = json_object_new_string(attr->names[i]);
		json_object_array_add(json, name);
	}
	return json;
}

static struct json_object *json_nests(const struct vsw_nl_attr *attr,
				      const void *const *objs)
{
	struct json_object *json = json_object_new_array();

	for (; *objs; objs++)
		json_object_array_add(json, json_attrs(attr->nest, *objs));
	return json;
}

static option_fn json_option;

/* As in a switch */
static struct json_object *json_lookup(const struct option_value *value)
{
	struct json_object *json = json_object_new_object(), *options;

	json_object_object_add(json, "lookup",
			       json_object_new_string(value->text));
	if (value->options) {
		options = json_object_new_object();
		options_decode_next(value, json_option, options);
		json_object_object_add(json, "options", options);
	}
	return json;
}

static struct json_object *json_option_value(const struct option_value *value)
{
	if (value->option->type == VSW_ATTR_TYPE_LOOKUP)
		return json_lookup(value);
	if (value->text)
		return json_object_new_string(value->text);
	if (value->address)
		return json_mac(value->address);
	return json_object_new_uint64(value->number);
}

/* An array if there may be several, though there be one. */
static void json_option(const struct option_value *value, void *data)
{
	const char *name = value->option->name;
	struct json_object *options = data, *array;

	if (!(value->option->flags & VSW_ATTR_FLAG_MULTI)) {
		json_object_object_add(options, name, json_option_value(value));
		return;
	}
	if (!json_object_object_get_ex(options, name, &array)) {
		array = json_object_new_array();
		json_object_object_add(options, name, array);
	}
	json_object_array_add(array, json_option_value(value));
}

/* The only bytes whose meaning is another object's to tell. */
static struct json_object *json_options(const struct vsw_nl_switch *sw)
{
	struct json_object *json = json_object_new_object();

	options_decode(sw, json_option, json);
	return json;
}

static struct json_object *json_attr(const struct vsw_nl_attr *attr,
				     const void *member)
{
	switch (attr->kind) {
	case VSW_NL_STRING:
		return json_object_new_string(*(const char *const *)member);
	case VSW_NL_U32:
		return json_u32(attr, *(const uint32_t *)member);
	case VSW_NL_S32:
		return json_object_new_int(*(const int32_t *)member);
	case VSW_NL_UINT:
		return json_object_new_uint64(*(const uint64_t *)member);
	case VSW_NL_FLAG:
		return json_object_new_boolean(true);
	case VSW_NL_MAC:
		return json_mac(member);
	case VSW_NL_VLAN:
		return json_object_new_uint64(*(const uint32_t *)member);
	case VSW_NL_VLANS:
		return json_object_new_string(format_vlans(member));
	case VSW_NL_NEST:
		return json_attrs(attr->nest, *(const void *const *)member);
	case VSW_NL_NESTS:
		return json_nests(attr, *(const void *const *const *)member);
	case VSW_NL_FLAGS:
		return json_flags(attr, *(const uint32_t *)member);
	case VSW_NL_BINARY:
	case VSW_NL_NONE:
		break;
	}
	return NULL;
}

static struct json_object *json_attrs(enum vsw_nl_object object,
				      const void *obj)
{
	struct json_object *json = json_object_new_object();
	uint64_t present = vsw_nl_present(obj);
	const struct vsw_nl_attr *attrs;
	unsigned int type, max;

	attrs = vsw_nl_attrs(object, &max);
	for (type = 1; type <= max; type++) {
		const struct vsw_nl_attr *attr = &attrs[type];
		const void *member = (const char *)obj + attr->offset;

		if (!(present & VSW_NL_BIT(type)))
			continue;
		json_object_object_add(json, attr->name,
				       attr->kind == VSW_NL_BINARY ?
				       json_options(obj) :
				       json_attr(attr, member));
	}
	return json;
}

static struct json_object *json_msg(const struct vsw_nl_msg *msg)
{
	struct json_object *json = json_attrs(msg->object, msg->obj), *loaded;

	if (msg->object == VSW_NL_PORT && !opts.stats)
		json_object_object_del(json, "stats");
	if (msg->object == VSW_NL_SWITCH && !opts.stats)
		json_object_object_del(json, "reason");
	if (msg->object == VSW_NL_LOOKUP) {
		loaded = json_object_new_boolean(lookup_is_loaded(msg->lookup));
		json_object_object_add(json, "loaded", loaded);
	}
	return json;
}

static void json_print(struct json_object *json)
{
	int flags = JSON_C_TO_STRING_NOSLASHESCAPE;

	if (opts.pretty)
		flags |= JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED;
	fputs(json_object_to_json_string_ext(json, flags), stdout);
	json_object_put(json);
}

void print_begin(void)
{
	listed = 0;
	netns_forget_names();
	options_forget();
}

/* Objects are printed as they come: there may be a million. */
int print_object(const struct vsw_nl_msg *msg, void *data)
{
	(void)data;
	if (opts.json) {
		fputs(listed ? "," : "[", stdout);
		json_print(json_msg(msg));
	} else {
		text_object(msg, false);
	}
	listed++;
	return 0;
}

void print_end(void)
{
	if (opts.json)
		puts(listed ? "]" : "[]");
}

/* Local time with microseconds, "2026-01-31T23:59:59.123456". */
static const char *timestamp(void)
{
	static char text[48];
	struct timeval now;
	struct tm tm;
	size_t len;

	gettimeofday(&now, NULL);
	localtime_r(&now.tv_sec, &tm);
	len = strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(text + len, sizeof(text) - len, ".%06ld", (long)now.tv_usec);
	return text;
}

static void json_event(const struct vsw_nl_msg *msg)
{
	struct json_object *json = json_object_new_object();

	if (opts.timestamp)
		json_object_object_add(json, "timestamp",
				       json_object_new_string(timestamp()));
	json_object_object_add(json, "name", json_object_new_string(msg->name));
	json_object_object_add(json, "msg", json_msg(msg));
	json_print(json);
	putchar('\n');
}

static bool is_deletion(const struct vsw_nl_msg *msg)
{
	return msg->cmd == VSW_CMD_SWITCH_DEL_NTF ||
	       msg->cmd == VSW_CMD_PORT_DEL_NTF ||
	       msg->cmd == VSW_CMD_FDB_DEL_NTF;
}

int print_event(const struct vsw_nl_msg *msg, void *data)
{
	(void)data;
	netns_forget_names();
	options_forget();
	if (opts.json) {
		json_event(msg);
	} else {
		if (opts.timestamp)
			printf("[%s] ", timestamp());
		if (is_deletion(msg))
			fputs("Deleted ", stdout);
		text_object(msg, true);
	}
	fflush(stdout);
	return 0;
}
