/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The lookup "acl": its rules, and what they are compiled to
 *
 * A frame is a few numbers, its fields. A rule has a range for some of them, and
 * the first rule of which all ranges hold decides.
 */
#ifndef _VSW_ACL_H
#define _VSW_ACL_H

#include <linux/bits.h>
#include <linux/cache.h>
#include <linux/types.h>

#include "lookup.h"

/* A bit vector has a bit for each. */
#define VSW_ACL_MAX_RULES	2048

/* Verdict of rules that leave it to the next lookup where frames go. */
#define VSW_ACL_ALLOW		VSW_TO_ALL

/* Headers that each CPU remembers: 2 to the power of this, two in each place. */
#define VSW_ACL_CACHE_BITS	9

enum vsw_acl_field {
	VSW_ACL_DMAC,
	VSW_ACL_SMAC,
	VSW_ACL_VLAN,
	VSW_ACL_ETHERTYPE,
	VSW_ACL_PROTO,
	VSW_ACL_SRC,
	VSW_ACL_DST,
	VSW_ACL_SPORT,
	VSW_ACL_DPORT,
	VSW_ACL_NUM_FIELDS
};

/**
 * struct vsw_acl_value - value of a field
 * @hi: the upper bits; 0 but for an address of IPv6
 * @lo: the lower bits
 */
struct vsw_acl_value {
	u64	hi;
	u64	lo;
};

/**
 * struct vsw_acl_range - what a rule asks of a field
 * @from: the least value
 * @to: the largest one
 */
struct vsw_acl_range {
	struct vsw_acl_value	from;
	struct vsw_acl_value	to;
};

/**
 * struct vsw_acl_rule - a rule
 * @fields: those that it asks for, as bits
 * @indexed: those of @fields of which @range says all
 * @known: VSW_IS_* that must be there
 * @ip_version: 4 or 6 if it has an address of IP, else 0
 * @action: a verdict; later &vsw_acl_set.verdict has it
 * @mask: of @VSW_ACL_DMAC and @VSW_ACL_SMAC; the bits that count
 * @range: by field
 * @hits: frames that it had decided on before it was compiled
 * @text: its words, without the action
 */
struct vsw_acl_rule {
	u16			fields;
	u16			indexed;
	u8			known;
	u8			ip_version;
	u16			action;
	u64			mask[VSW_ACL_SMAC + 1];
	struct vsw_acl_range	range[VSW_ACL_NUM_FIELDS];
	u64			hits;
	char			*text;
};

/**
 * struct vsw_acl_key - all of a frame that a rule can ask for
 * @lo: the addresses, as in struct vsw_run
 * @hi: the rest of them
 * @ports: &vsw_headers.ports, or 0
 * @kind: vsw_acl_kind(); never 0
 * @both: &vsw_headers.both6, or &vsw_headers.both4 and zeros, or zeros
 */
struct vsw_acl_key {
	u64	lo;
	u32	hi;
	u32	ports;
	u64	kind;
	u64	both[4];
};

/**
 * struct vsw_acl_entry - remembers which rule decides
 * @key: the headers
 * @rule: index of the rule
 * @joins: the frames have no tag, so those with the same addresses can be one run
 *	for the next lookup
 */
struct vsw_acl_entry {
	struct vsw_acl_key	key;
	u32			rule;
	bool			joins;
} __aligned(64);

/**
 * struct vsw_acl_place - what is remembered of headers with the same hash
 * @entry: the last two, the younger one first
 */
struct vsw_acl_place {
	struct vsw_acl_entry	entry[2];
};

/**
 * struct vsw_acl_cache - what a CPU remembers
 * @place: by a hash of the headers
 */
struct vsw_acl_cache {
	struct vsw_acl_place	place[1 << (VSW_ACL_CACHE_BITS - 1)];
};

/**
 * struct vsw_acl_table - which rules a value of a field agrees with
 * @field: the field
 * @num: number of intervals; all values of one agree with the same rules
 * @from: where they begin, in ascending order; the first at 0
 * @bits: for each a bit vector
 * @without: the one for frames that have no such field
 */
struct vsw_acl_table {
	enum vsw_acl_field	field;
	u32			num;
	struct vsw_acl_value	*from;
	u64			*bits;
	u64			*without;
};

/**
 * struct vsw_acl_set - rules as they are used; does not change but for @verdict
 * @inner: where frames go that are allowed
 * @joins: @inner has no use for single frames
 * @num_rules: number of rules
 * @num_words: words of a bit vector
 * @num_tables: number of fields that some rule asks for
 * @table: for each of them
 * @verdict: by index of the rule, and last the default: a port, VSW_ACL_ALLOW or
 *	VSW_TO_NONE
 * @cache: by CPU, which rules have decided last
 * @hits: by index of the rule, frames on a CPU
 * @hits_before: those that the default had decided on before
 * @rule: the rules
 */
struct vsw_acl_set {
	struct vsw_lookup	*inner;
	bool			joins;
	u32			num_rules;
	u32			num_words;
	u32			num_tables;
	struct vsw_acl_table	table[VSW_ACL_NUM_FIELDS];
	u16			*verdict;
	struct vsw_acl_cache	*cache;
	u64 __percpu		*hits;
	u64			hits_before;
	struct vsw_acl_rule	*rule;
};

/*
 * What is known of the headers of a frame beside addresses and ports, and a bit
 * that tells it from a place in the cache where nothing is.
 */
static inline u64 vsw_acl_kind(__be16 ethertype, u16 vlan, u8 known,
			       u8 ip_version, u8 proto)
{
	return (__force u16)ethertype | (u32)vlan << 16 | (u64)known << 32 |
	       (u64)ip_version << 40 | (u64)proto << 48 | BIT_ULL(63);
}

static inline __be16 vsw_acl_ethertype(u64 kind)
{
	return (__force __be16)(u16)kind;
}

static inline u16 vsw_acl_vlan(u64 kind)
{
	return kind >> 16;
}

static inline u8 vsw_acl_known(u64 kind)
{
	return kind >> 32;
}

static inline u8 vsw_acl_ip_version(u64 kind)
{
	return kind >> 40;
}

static inline u8 vsw_acl_proto(u64 kind)
{
	return kind >> 48;
}

/* Whether @a comes before @b (-1), is the same (0), or comes behind it (1). */
static inline int vsw_acl_cmp(const struct vsw_acl_value *a,
			      const struct vsw_acl_value *b)
{
	if (a->hi != b->hi)
		return a->hi < b->hi ? -1 : 1;
	if (a->lo != b->lo)
		return a->lo < b->lo ? -1 : 1;
	return 0;
}

/* acl_rule.c */
int vsw_acl_parse(struct vsw_lookup *lookup, const struct nlattr *attr,
		  u32 number, struct vsw_acl_rule *rule,
		  struct netlink_ext_ack *extack);

/* acl_table.c */
int vsw_acl_compile(struct vsw_acl_set *set);
void vsw_acl_free_tables(struct vsw_acl_set *set);
u32 vsw_acl_classify(const struct vsw_acl_set *set,
		     const struct vsw_acl_key *key);

#endif /* _VSW_ACL_H */
