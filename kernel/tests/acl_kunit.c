// SPDX-License-Identifier: GPL-2.0
/* The tables of the lookup "acl", compared with looking at one rule after another */

#include <kunit/test.h>
#include <linux/prandom.h>

#include "../acl.h"
#include "../parse.h"

/* Addresses, as bits of fields. */
#define VSW_TEST_MACS	(BIT(VSW_ACL_DMAC) | BIT(VSW_ACL_SMAC))
#define VSW_TEST_IPS	(BIT(VSW_ACL_SRC) | BIT(VSW_ACL_DST))

#define VSW_TEST_FRAMES	2000

/**
 * struct vsw_acl_frame - a frame, as the rules see it
 * @has: its fields, as bits
 * @known: VSW_HAS_*
 * @ip_version: 4, 6 or 0
 * @value: by field
 */
struct vsw_acl_frame {
	u16			has;
	u8			known;
	u8			ip_version;
	struct vsw_acl_value	value[VSW_ACL_NUM_FIELDS];
};

static u32 vsw_test_below(struct rnd_state *rnd, u32 limit)
{
	return prandom_u32_state(rnd) % limit;
}

static u32 vsw_test_bits(enum vsw_acl_field field)
{
	static const u32 bits[VSW_ACL_NUM_FIELDS] = {
		[VSW_ACL_DMAC] = 48, [VSW_ACL_SMAC] = 48,
		[VSW_ACL_VLAN] = 16, [VSW_ACL_ETHERTYPE] = 16,
		[VSW_ACL_PROTO] = 8, [VSW_ACL_SRC] = 32, [VSW_ACL_DST] = 32,
		[VSW_ACL_SPORT] = 16, [VSW_ACL_DPORT] = 16,
	};

	return bits[field];
}

/* Few values, at both ends of what a field can have, so that rules meet. */
static struct vsw_acl_value vsw_test_value(struct rnd_state *rnd,
					   enum vsw_acl_field field,
					   u8 ip_version)
{
	bool is_v6 = BIT(field) & VSW_TEST_IPS && ip_version == 6;
	u64 max = is_v6 ? U64_MAX : BIT_ULL(vsw_test_bits(field)) - 1;
	struct vsw_acl_value value = { .lo = vsw_test_below(rnd, 6) };

	if (vsw_test_below(rnd, 2))
		value.lo = max - value.lo;
	if (is_v6) {
		value.hi = vsw_test_below(rnd, 3);
		if (vsw_test_below(rnd, 2))
			value.hi = U64_MAX - value.hi;
	}
	return value;
}

static void vsw_test_make_field(struct rnd_state *rnd,
				struct vsw_acl_rule *rule,
				enum vsw_acl_field field)
{
	struct vsw_acl_range *range = &rule->range[field];

	rule->fields |= BIT(field);
	range->from = vsw_test_value(rnd, field, rule->ip_version);
	range->to = range->from;
	if (BIT(field) & VSW_TEST_MACS) {
		rule->mask[field] = GENMASK_ULL(47, 0);
		if (!vsw_test_below(rnd, 4)) {
			/* No range: it has no place in the tables. */
			rule->mask[field] = 0x01000000000dULL;
			range->from.lo &= rule->mask[field];
			return;
		}
	} else if (vsw_test_below(rnd, 2)) {
		range->to = vsw_test_value(rnd, field, rule->ip_version);
		if (vsw_acl_cmp(&range->from, &range->to) > 0)
			swap(range->from, range->to);
	}
	rule->indexed |= BIT(field);
}

static void vsw_test_make_rule(struct rnd_state *rnd, struct vsw_acl_rule *rule)
{
	u32 left = vsw_test_below(rnd, 4);

	*rule = (struct vsw_acl_rule) {};
	while (left--) {
		enum vsw_acl_field field = vsw_test_below(rnd, VSW_ACL_NUM_FIELDS);

		if (rule->fields & BIT(field))
			continue;
		if (BIT(field) & VSW_TEST_IPS && !rule->ip_version)
			rule->ip_version = vsw_test_below(rnd, 2) ? 4 : 6;
		vsw_test_make_field(rnd, rule, field);
	}
	if (!vsw_test_below(rnd, 8))
		rule->known = VSW_IS_FRAGMENT;
}

static void vsw_test_make_frame(struct rnd_state *rnd,
				struct vsw_acl_frame *frame)
{
	enum vsw_acl_field field;

	*frame = (struct vsw_acl_frame) {
		.has = VSW_TEST_MACS | BIT(VSW_ACL_VLAN) | BIT(VSW_ACL_ETHERTYPE),
		.known = vsw_test_below(rnd, 2) ? VSW_IS_FRAGMENT : 0,
	};
	if (vsw_test_below(rnd, 4)) {
		frame->ip_version = vsw_test_below(rnd, 2) ? 4 : 6;
		frame->known |= VSW_HAS_IP;
		frame->has |= BIT(VSW_ACL_PROTO) | VSW_TEST_IPS;
		if (vsw_test_below(rnd, 4)) {
			frame->known |= VSW_HAS_PORTS;
			frame->has |= BIT(VSW_ACL_SPORT) | BIT(VSW_ACL_DPORT);
		}
	}
	for (field = 0; field < VSW_ACL_NUM_FIELDS; field++)
		if (frame->has & BIT(field))
			frame->value[field] = vsw_test_value(rnd, field,
							     frame->ip_version);
}

/* The frame as acl.c gives it to the tables. */
static struct vsw_acl_key vsw_test_key(const struct vsw_acl_frame *frame)
{
	const struct vsw_acl_value *value = frame->value;
	u64 dst = swab64(value[VSW_ACL_DMAC].lo << 16);
	u64 src = swab64(value[VSW_ACL_SMAC].lo << 16);
	struct vsw_acl_key key = { .lo = dst | src << 48, .hi = src >> 16 };
	u8 *both = (u8 *)key.both;

	key.kind = vsw_acl_kind(htons(value[VSW_ACL_ETHERTYPE].lo),
				value[VSW_ACL_VLAN].lo, frame->known,
				frame->ip_version, value[VSW_ACL_PROTO].lo);
	put_unaligned_be16(value[VSW_ACL_SPORT].lo, &key.ports);
	put_unaligned_be16(value[VSW_ACL_DPORT].lo, (u8 *)&key.ports + 2);
	if (frame->ip_version == 4) {
		put_unaligned_be32(value[VSW_ACL_SRC].lo, both);
		put_unaligned_be32(value[VSW_ACL_DST].lo, both + 4);
	} else {
		put_unaligned_be64(value[VSW_ACL_SRC].hi, both);
		put_unaligned_be64(value[VSW_ACL_SRC].lo, both + 8);
		put_unaligned_be64(value[VSW_ACL_DST].hi, both + 16);
		put_unaligned_be64(value[VSW_ACL_DST].lo, both + 24);
	}
	return key;
}

static bool vsw_test_agrees(const struct vsw_acl_rule *rule,
			    const struct vsw_acl_frame *frame)
{
	enum vsw_acl_field field;

	if (rule->known & ~frame->known)
		return false;
	if (rule->ip_version && rule->ip_version != frame->ip_version)
		return false;
	for (field = 0; field < VSW_ACL_NUM_FIELDS; field++) {
		const struct vsw_acl_range *range = &rule->range[field];
		const struct vsw_acl_value *value = &frame->value[field];

		if (!(rule->fields & BIT(field)))
			continue;
		if (!(frame->has & BIT(field)))
			return false;
		if (BIT(field) & VSW_TEST_MACS ?
		    (value->lo & rule->mask[field]) != range->from.lo :
		    vsw_acl_cmp(value, &range->from) < 0 ||
		    vsw_acl_cmp(value, &range->to) > 0)
			return false;
	}
	return true;
}

static u32 vsw_test_search(const struct vsw_acl_set *set,
			   const struct vsw_acl_frame *frame)
{
	u32 i;

	for (i = 0; i < set->num_rules; i++)
		if (vsw_test_agrees(&set->rule[i], frame))
			break;
	return i;
}

static struct vsw_acl_set *vsw_test_set(struct kunit *test, u32 num)
{
	struct vsw_acl_set *set = kunit_kzalloc(test, sizeof(*set), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, set);
	set->num_rules = num;
	set->rule = kunit_kcalloc(test, num, sizeof(*set->rule), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, set->rule);
	return set;
}

/* As many rules as fill a word of the vectors, and one less and more. */
static const u32 vsw_test_nums[] = {
	0, 1, 2, 63, 64, 65, 128, 500, VSW_ACL_MAX_RULES,
};

static void vsw_num_desc(const u32 *num, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%u rules", *num);
}

KUNIT_ARRAY_PARAM(vsw_num, vsw_test_nums, vsw_num_desc);

static void vsw_test_random(struct kunit *test)
{
	u32 num = *(const u32 *)test->param_value, i, decided = 0;
	struct vsw_acl_set *set = vsw_test_set(test, num);
	struct vsw_acl_frame frame;
	struct vsw_acl_key key;
	struct rnd_state rnd;

	prandom_seed_state(&rnd, 7 + num);
	for (i = 0; i < num; i++)
		vsw_test_make_rule(&rnd, &set->rule[i]);
	/* Rules that agree with everything would hide those behind them. */
	for (i = 0; i + 1 < num; i++)
		if (!set->rule[i].fields)
			vsw_test_make_field(&rnd, &set->rule[i], VSW_ACL_DPORT);
	KUNIT_EXPECT_EQ(test, vsw_acl_compile(set), 0);
	for (i = 0; i < VSW_TEST_FRAMES; i++) {
		vsw_test_make_frame(&rnd, &frame);
		key = vsw_test_key(&frame);
		KUNIT_EXPECT_EQ(test, vsw_acl_classify(set, &key),
				vsw_test_search(set, &frame));
		decided += vsw_test_search(set, &frame) < num;
		cond_resched();
	}
	if (num > 2)
		KUNIT_EXPECT_GT(test, decided, 0);
	vsw_acl_free_tables(set);
}

/* Rules that no table knows; all of them have to be compared. */
static void vsw_test_masks_only(struct kunit *test)
{
	struct vsw_acl_set *set = vsw_test_set(test, 70);
	struct vsw_acl_frame frame = { .has = VSW_TEST_MACS };
	struct vsw_acl_key key;
	u32 i;

	for (i = 0; i < set->num_rules; i++) {
		set->rule[i].fields = BIT(VSW_ACL_SMAC);
		set->rule[i].mask[VSW_ACL_SMAC] = 0xff00ff;
		set->rule[i].range[VSW_ACL_SMAC].from.lo = i << 16;
	}
	KUNIT_EXPECT_EQ(test, vsw_acl_compile(set), 0);
	for (i = 0; i < set->num_rules + 1; i++) {
		frame.value[VSW_ACL_SMAC].lo = i << 16 | 0x1234 << 24 | 0x5600;
		key = vsw_test_key(&frame);
		KUNIT_EXPECT_EQ(test, vsw_acl_classify(set, &key), i);
	}
	vsw_acl_free_tables(set);
}

/* A range up to the last value of all has no end in the table. */
static void vsw_test_whole_range(struct kunit *test)
{
	struct vsw_acl_set *set = vsw_test_set(test, 2);
	struct vsw_acl_frame frame = {
		.has = VSW_TEST_MACS | VSW_TEST_IPS | BIT(VSW_ACL_PROTO),
		.known = VSW_HAS_IP,
		.ip_version = 6,
	};
	struct vsw_acl_key key;
	u32 i;

	for (i = 0; i < 2; i++) {
		set->rule[i].fields = BIT(VSW_ACL_SRC);
		set->rule[i].indexed = BIT(VSW_ACL_SRC);
		set->rule[i].range[VSW_ACL_SRC].to = (struct vsw_acl_value) {
			U64_MAX, U64_MAX,
		};
	}
	set->rule[0].range[VSW_ACL_SRC].from = (struct vsw_acl_value) { 1, 0 };
	KUNIT_EXPECT_EQ(test, vsw_acl_compile(set), 0);

	key = vsw_test_key(&frame);
	KUNIT_EXPECT_EQ(test, vsw_acl_classify(set, &key), 1);
	frame.value[VSW_ACL_SRC] = (struct vsw_acl_value) { 0, U64_MAX };
	key = vsw_test_key(&frame);
	KUNIT_EXPECT_EQ(test, vsw_acl_classify(set, &key), 1);
	frame.value[VSW_ACL_SRC] = (struct vsw_acl_value) { 1, 0 };
	key = vsw_test_key(&frame);
	KUNIT_EXPECT_EQ(test, vsw_acl_classify(set, &key), 0);
	frame.value[VSW_ACL_SRC] = (struct vsw_acl_value) { U64_MAX, U64_MAX };
	key = vsw_test_key(&frame);
	KUNIT_EXPECT_EQ(test, vsw_acl_classify(set, &key), 0);
	vsw_acl_free_tables(set);
}

static struct kunit_case vsw_acl_cases[] = {
	KUNIT_CASE_PARAM(vsw_test_random, vsw_num_gen_params),
	KUNIT_CASE(vsw_test_masks_only),
	KUNIT_CASE(vsw_test_whole_range),
	{}
};

static struct kunit_suite vsw_acl_suite = {
	.name		= "vsw-acl",
	.test_cases	= vsw_acl_cases,
};

kunit_test_suite(vsw_acl_suite);
