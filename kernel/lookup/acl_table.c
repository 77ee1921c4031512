// SPDX-License-Identifier: GPL-2.0
/*
 * The lookup "acl": rules compiled to bit vectors, and the search in them
 *
 * After Lakshman and Stiliadis, "High-speed policy-based packet forwarding using
 * efficient multi-dimensional range matching", SIGCOMM 1998. The ranges that the
 * rules have for a field cut its values into intervals; for each there is a
 * vector of the rules that agree with it. A binary search for each field finds
 * the vectors of a frame, and the first bit that is in all of them is the rule.
 *
 * A vector may have bits too many: what is found is compared with the rule. So
 * masks of addresses that are no ranges need no place in the tables.
 */

#include <linux/bitops.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/unaligned.h>

#include "../acl.h"
#include "../parse.h"

/**
 * struct vsw_acl_fields - a frame as fields
 * @has: those that it has, as bits
 * @known: VSW_IS_*
 * @ip_version: 4, 6 or 0
 * @value: by field
 */
struct vsw_acl_fields {
	u16			has;
	u8			known;
	u8			ip_version;
	struct vsw_acl_value	value[VSW_ACL_NUM_FIELDS];
};

/**
 * struct vsw_acl_event - where a rule begins to agree with a field, or ends
 * @at: the value
 * @rule: index of the rule
 * @begins: it begins
 */
struct vsw_acl_event {
	struct vsw_acl_value	at;
	u32			rule;
	bool			begins;
};

static int vsw_acl_cmp_event(const void *a, const void *b)
{
	const struct vsw_acl_event *one = a, *two = b;

	return vsw_acl_cmp(&one->at, &two->at);
}

static void vsw_acl_set_bit(u64 *bits, u32 rule, bool on)
{
	if (on)
		bits[rule / 64] |= BIT_ULL(rule % 64);
	else
		bits[rule / 64] &= ~BIT_ULL(rule % 64);
}

/* Where the rules begin and end to agree with a field; returns how many. */
static u32 vsw_acl_events(const struct vsw_acl_set *set,
			  enum vsw_acl_field field,
			  struct vsw_acl_event *event)
{
	const struct vsw_acl_range *range;
	struct vsw_acl_value end;
	u32 i, num = 0;

	for (i = 0; i < set->num_rules; i++) {
		if (!(set->rule[i].indexed & BIT(field)))
			continue;
		range = &set->rule[i].range[field];
		event[num++] = (struct vsw_acl_event) {
			.at = range->from, .rule = i, .begins = true,
		};
		end = range->to;
		end.hi += !++end.lo;
		/* There may be nothing behind it. */
		if (end.hi || end.lo)
			event[num++] = (struct vsw_acl_event) {
				.at = end, .rule = i,
			};
	}
	return num;
}

/* Make a vector for each of the intervals that the events are the limits of. */
static void vsw_acl_intervals(struct vsw_acl_table *table, u32 words,
			      const struct vsw_acl_event *event, u32 num)
{
	u64 *bits = table->bits;
	u32 i, k = 0;

	table->from[0] = (struct vsw_acl_value) {};
	memcpy(bits, table->without, words * sizeof(*bits));
	for (i = 0; i < num; i++) {
		if (vsw_acl_cmp(&table->from[k], &event[i].at)) {
			table->from[++k] = event[i].at;
			memcpy(bits + words, bits, words * sizeof(*bits));
			bits += words;
		}
		vsw_acl_set_bit(bits, event[i].rule, event[i].begins);
	}
	table->num = k + 1;
}

/* A rule without the field agrees with frames that have it, and have it not. */
static void vsw_acl_without(const struct vsw_acl_set *set,
			    struct vsw_acl_table *table)
{
	u32 i;

	for (i = 0; i < set->num_rules; i++)
		if (!(set->rule[i].indexed & BIT(table->field)))
			vsw_acl_set_bit(table->without, i, true);
}

static int vsw_acl_build(struct vsw_acl_set *set, struct vsw_acl_table *table,
			 struct vsw_acl_event *event)
{
	size_t size = set->num_words * sizeof(u64);
	u32 num = vsw_acl_events(set, table->field, event);

	table->from = kvmalloc_array(num + 1, sizeof(*table->from),
				     GFP_KERNEL_ACCOUNT);
	table->bits = kvmalloc_array(num + 1, size, GFP_KERNEL_ACCOUNT);
	table->without = kvzalloc(size, GFP_KERNEL_ACCOUNT);
	if (!table->from || !table->bits || !table->without)
		return -ENOMEM;
	vsw_acl_without(set, table);
	sort(event, num, sizeof(*event), vsw_acl_cmp_event, NULL);
	vsw_acl_intervals(table, set->num_words, event, num);
	return 0;
}

/* The fields that some rule asks for; there is at least one table. */
static void vsw_acl_choose_tables(struct vsw_acl_set *set)
{
	enum vsw_acl_field field;
	u16 asked = 0;
	u32 i;

	for (i = 0; i < set->num_rules; i++)
		asked |= set->rule[i].indexed;
	/* Without any the vectors would have no last bit. */
	asked = asked ?: BIT(VSW_ACL_PROTO);
	for (field = 0; field < VSW_ACL_NUM_FIELDS; field++)
		if (asked & BIT(field))
			set->table[set->num_tables++].field = field;
}

/**
 * vsw_acl_compile() - make the tables for the rules of a set
 * @set: the set; if this fails, vsw_acl_free_tables() shall still be called
 *
 * Context: process context, may sleep.
 * Return: 0 or -ENOMEM.
 */
int vsw_acl_compile(struct vsw_acl_set *set)
{
	struct vsw_acl_event *event;
	int err = 0;
	u32 i;

	set->num_words = DIV_ROUND_UP(set->num_rules, 64);
	if (!set->num_rules)
		return 0;
	event = kvmalloc_array(2 * set->num_rules, sizeof(*event), GFP_KERNEL);
	if (!event)
		return -ENOMEM;
	vsw_acl_choose_tables(set);
	for (i = 0; !err && i < set->num_tables; i++)
		err = vsw_acl_build(set, &set->table[i], event);
	kvfree(event);
	return err;
}

/**
 * vsw_acl_free_tables() - free what vsw_acl_compile() has made
 * @set: the set
 */
void vsw_acl_free_tables(struct vsw_acl_set *set)
{
	u32 i;

	for (i = 0; i < set->num_tables; i++) {
		kvfree(set->table[i].from);
		kvfree(set->table[i].bits);
		kvfree(set->table[i].without);
	}
}

static void vsw_acl_put_field(struct vsw_acl_fields *fields,
			      enum vsw_acl_field field, u64 hi, u64 lo)
{
	fields->has |= BIT(field);
	fields->value[field] = (struct vsw_acl_value) { .hi = hi, .lo = lo };
}

/* Six bytes, of which the first is the lowest, as the number they are. */
static u64 vsw_acl_mac(u64 packed)
{
	return swab64(packed) >> 16;
}

static void vsw_acl_put_addrs(struct vsw_acl_fields *fields,
			      const struct vsw_acl_key *key)
{
	const u8 *both = (const u8 *)key->both;

	if (fields->ip_version == 4) {
		vsw_acl_put_field(fields, VSW_ACL_SRC, 0,
				  get_unaligned_be32(both));
		vsw_acl_put_field(fields, VSW_ACL_DST, 0,
				  get_unaligned_be32(both + 4));
	} else {
		vsw_acl_put_field(fields, VSW_ACL_SRC, get_unaligned_be64(both),
				  get_unaligned_be64(both + 8));
		vsw_acl_put_field(fields, VSW_ACL_DST,
				  get_unaligned_be64(both + 16),
				  get_unaligned_be64(both + 24));
	}
}

/* The fields of a frame. */
static void vsw_acl_take_apart(const struct vsw_acl_key *key,
			       struct vsw_acl_fields *fields)
{
	const u8 *ports = (const u8 *)&key->ports;

	fields->has = 0;
	fields->known = vsw_acl_known(key->kind);
	fields->ip_version = vsw_acl_ip_version(key->kind);
	vsw_acl_put_field(fields, VSW_ACL_DMAC, 0,
			  vsw_acl_mac(key->lo & GENMASK_ULL(47, 0)));
	vsw_acl_put_field(fields, VSW_ACL_SMAC, 0,
			  vsw_acl_mac(key->lo >> 48 | (u64)key->hi << 16));
	vsw_acl_put_field(fields, VSW_ACL_VLAN, 0, vsw_acl_vlan(key->kind));
	vsw_acl_put_field(fields, VSW_ACL_ETHERTYPE, 0,
			  ntohs(vsw_acl_ethertype(key->kind)));
	if (fields->known & VSW_HAS_IP) {
		vsw_acl_put_field(fields, VSW_ACL_PROTO, 0,
				  vsw_acl_proto(key->kind));
		vsw_acl_put_addrs(fields, key);
	}
	if (fields->known & VSW_HAS_PORTS) {
		vsw_acl_put_field(fields, VSW_ACL_SPORT, 0,
				  get_unaligned_be16(ports));
		vsw_acl_put_field(fields, VSW_ACL_DPORT, 0,
				  get_unaligned_be16(ports + 2));
	}
}

static bool vsw_acl_field_agrees(const struct vsw_acl_rule *rule,
				 const struct vsw_acl_value *value,
				 enum vsw_acl_field field)
{
	const struct vsw_acl_range *range = &rule->range[field];

	if (field <= VSW_ACL_SMAC)
		return (value->lo & rule->mask[field]) == range->from.lo;
	return vsw_acl_cmp(&range->from, value) <= 0 &&
	       vsw_acl_cmp(value, &range->to) <= 0;
}

static bool vsw_acl_agrees(const struct vsw_acl_rule *rule,
			   const struct vsw_acl_fields *fields)
{
	unsigned long left = rule->fields;
	u32 field;

	if (rule->fields & ~fields->has || rule->known & ~fields->known ||
	    (rule->ip_version && rule->ip_version != fields->ip_version))
		return false;
	for_each_set_bit(field, &left, VSW_ACL_NUM_FIELDS)
		if (!vsw_acl_field_agrees(rule, &fields->value[field], field))
			return false;
	return true;
}

/* The rules that may agree with a field of a frame, or with its absence. */
static const u64 *vsw_acl_vector(const struct vsw_acl_table *table, u32 words,
				 const struct vsw_acl_fields *fields)
{
	const struct vsw_acl_value *value = &fields->value[table->field];
	u32 low = 0, high = table->num, middle;

	if (!(fields->has & BIT(table->field)))
		return table->without;
	while (high - low > 1) {
		middle = (low + high) / 2;
		if (vsw_acl_cmp(&table->from[middle], value) <= 0)
			low = middle;
		else
			high = middle;
	}
	return &table->bits[low * words];
}

/**
 * vsw_acl_classify() - which rule decides on a frame
 * @set: the rules
 * @key: the frame's headers
 *
 * Context: any.
 * Return: index of the rule; the number of rules if it is the default.
 */
u32 vsw_acl_classify(const struct vsw_acl_set *set,
		     const struct vsw_acl_key *key)
{
	const u64 *vector[VSW_ACL_NUM_FIELDS];
	u32 i, word, rule, words = set->num_words;
	struct vsw_acl_fields fields;
	u64 bits;

	vsw_acl_take_apart(key, &fields);
	for (i = 0; i < set->num_tables; i++)
		vector[i] = vsw_acl_vector(&set->table[i], words, &fields);
	for (word = 0; word < words; word++) {
		bits = vector[0][word];
		for (i = 1; i < set->num_tables; i++)
			bits &= vector[i][word];
		for (; bits; bits &= bits - 1) {
			rule = word * 64 + __ffs64(bits);
			if (vsw_acl_agrees(&set->rule[rule], &fields))
				return rule;
		}
	}
	return set->num_rules;
}
