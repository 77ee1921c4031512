// SPDX-License-Identifier: GPL-2.0
/*
 * The lookup "acl": rules in front of another lookup
 *
 * The first rule that agrees with a frame says what becomes of it: it is dropped,
 * goes to a port, or to the next lookup, which never sees what is denied and so
 * does not learn from it. What is decided on is a copy of the headers, and that
 * copy is what is delivered (VSW_LOOKUP_SNAPSHOT).
 *
 * Searching is for the first frame of a kind (acl_table.c). Those that follow it
 * are compared with it, and what came between is remembered by each CPU.
 */

#include <linux/bottom_half.h>
#include <linux/hash.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/string.h>

#include "../acl.h"
#include "../parse.h"

/* The message that describes a switch has room for so many bytes of rules. */
#define VSW_ACL_SHOWN_BYTES	2048

/* Index into vsw_acl_reasons[]. */
#define VSW_ACL_DENIED		0

enum {
	VSW_ACL_FLUSH = 1,
	VSW_ACL_RULE,
	VSW_ACL_DEFAULT,
	VSW_ACL_FROM,
	VSW_ACL_RULES,
	VSW_ACL_DEFAULT_HITS,
	VSW_ACL_NEXT,
};

static const struct vsw_lookup_attr vsw_acl_attrs[] = {
	{
		.name	= "flush",
		.doc	= "Removes all rules, before those of the same request are added.",
		.type	= VSW_ATTR_TYPE_U32,
		.min	= 1,
		.max	= 1,
	}, {
		.name	= "rule",
		.doc	= "Rule to be added, as \"proto udp drop\"; the first ones are shown.",
		.type	= VSW_ATTR_TYPE_STRING,
		.flags	= VSW_ATTR_FLAG_MULTI,
	}, {
		.name	= "default",
		.doc	= "What becomes of frames that no rule agrees with: allow or drop.",
		.type	= VSW_ATTR_TYPE_STRING,
	}, {
		.name	= "from",
		.doc	= "Number of the first rule that is shown.",
		.type	= VSW_ATTR_TYPE_U32,
		.min	= 1,
		.max	= VSW_ACL_MAX_RULES,
	}, {
		.name	= "rules",
		.doc	= "Number of rules.",
		.type	= VSW_ATTR_TYPE_U32,
		.flags	= VSW_ATTR_FLAG_READ_ONLY,
	}, {
		.name	= "default-hits",
		.doc	= "Frames that no rule has agreed with.",
		.type	= VSW_ATTR_TYPE_STRING,
		.flags	= VSW_ATTR_FLAG_READ_ONLY,
	}, {
		.name	= "next",
		.doc	= "Lookup that says where allowed frames go, and its attributes.",
		.type	= VSW_ATTR_TYPE_LOOKUP,
	},
};

static const char *const vsw_acl_reasons[] = {
	[VSW_ACL_DENIED] = "denied",
};

/**
 * struct vsw_acl - a lookup of this kind
 * @set: its rules
 * @from: index of the first rule that is shown
 */
struct vsw_acl {
	struct vsw_acl_set __rcu *set;
	u32			from;
};

/*
 * The data path
 */

/**
 * struct vsw_acl_pass - one batch on its way through the rules
 * @set: the rules
 * @cache: what this CPU remembers
 * @entry: what is remembered of the last frame
 * @rule: index of the rule that has decided on it
 * @verdict: of that rule
 * @hits: frames before it, and it, that the rule has decided on
 * @denied: frames that were denied
 * @open: others can be joined to the last run that is not
 */
struct vsw_acl_pass {
	const struct vsw_acl_set *set;
	struct vsw_acl_cache	*cache;
	const struct vsw_acl_entry *entry;
	u32			rule;
	u16			verdict;
	u32			hits;
	u32			denied;
	bool			open;
};

static void vsw_acl_make_key(const struct vsw_batch *batch,
			     const struct vsw_run *run, struct vsw_acl_key *key)
{
	struct vsw_headers h;
	const u8 *data;
	u32 len, i;

	data = vsw_run_head(batch, run, &len);
	vsw_parse_any(data, len, &h);
	*key = (struct vsw_acl_key) {
		.lo	= run->lo,
		.hi	= run->hi,
		.kind	= vsw_acl_kind(h.ethertype, h.vlan, h.known,
				       h.ip_version, h.proto),
	};
	if (h.known & VSW_HAS_PORTS)
		key->ports = h.ports;
	if (h.ip_version == 4)
		key->both[0] = h.both4;
	for (i = 0; h.ip_version == 6 && i < ARRAY_SIZE(h.both6); i++)
		key->both[i] = h.both6[i];
}

static __always_inline u64 vsw_acl_plain_kind(u8 proto)
{
	return vsw_acl_kind(htons(ETH_P_IP), VSW_VLAN_NONE,
			    VSW_HAS_IP | VSW_HAS_PORTS, 4, proto);
}

/* All of the headers but addresses of IPv6. */
static __always_inline bool vsw_acl_is(const struct vsw_acl_entry *entry,
				       const struct vsw_acl_key *key)
{
	return entry->key.lo == key->lo && entry->key.hi == key->hi &&
	       entry->key.ports == key->ports && entry->key.kind == key->kind &&
	       entry->key.both[0] == key->both[0];
}

/* The rest of the addresses; zero if they are not of IPv6. */
static __always_inline bool vsw_acl_is_rest(const struct vsw_acl_entry *entry,
					    const struct vsw_acl_key *key)
{
	return entry->key.both[1] == key->both[1] &&
	       entry->key.both[2] == key->both[2] &&
	       entry->key.both[3] == key->both[3];
}

/* Which rule decides on what has these headers. */
static __always_inline const struct vsw_acl_entry *
vsw_acl_probe(const struct vsw_acl_pass *pass, const struct vsw_acl_key *key,
	      bool plain)
{
	u64 hash = key->lo ^ key->both[0] ^ (plain ? 0 : key->both[3]);
	struct vsw_acl_entry *entry;
	u32 i;

	hash = hash * GOLDEN_RATIO_64 ^ key->kind ^ key->hi ^
	       (u64)key->ports << 24 ^ (plain ? 0 : key->both[1]);
	entry = pass->cache->place[hash_64(hash, VSW_ACL_CACHE_BITS - 1)].entry;
	for (i = 0; i < 2; i++)
		if (vsw_acl_is(&entry[i], key) &&
		    (plain || vsw_acl_is_rest(&entry[i], key)))
			return &entry[i];
	entry[1] = entry[0];
	entry->key = *key;
	entry->rule = vsw_acl_classify(pass->set, key);
	entry->joins = vsw_acl_vlan(key->kind) == VSW_VLAN_NONE &&
		       vsw_acl_ethertype(key->kind) != htons(ETH_P_8021Q);
	return entry;
}

static noinline const struct vsw_acl_entry *
vsw_acl_probe_any(const struct vsw_acl_pass *pass,
		  const struct vsw_batch *batch, const struct vsw_run *run)
{
	struct vsw_acl_key key;

	vsw_acl_make_key(batch, run, &key);
	return vsw_acl_probe(pass, &key, false);
}

static void vsw_acl_count(struct vsw_acl_pass *pass)
{
	if (pass->hits)
		this_cpu_add(pass->set->hits[pass->rule], pass->hits);
	pass->hits = 0;
}

/* A frame that may not be like the one before. */
static void vsw_acl_find(struct vsw_acl_pass *pass,
			 const struct vsw_batch *batch,
			 const struct vsw_run *run)
{
	struct vsw_headers h;
	const u8 *data;
	u32 len;

	data = vsw_run_head(batch, run, &len);
	if (likely(vsw_parse_plain(data, len, &h))) {
		const struct vsw_acl_key key = {
			.lo	= run->lo,
			.hi	= run->hi,
			.ports	= h.ports,
			.kind	= vsw_acl_plain_kind(h.proto),
			.both	= { h.both4 },
		};

		pass->entry = vsw_acl_probe(pass, &key, true);
	} else {
		pass->entry = vsw_acl_probe_any(pass, batch, run);
	}
	if (pass->entry->rule == pass->rule)
		return;
	vsw_acl_count(pass);
	pass->rule = pass->entry->rule;
	pass->verdict = READ_ONCE(pass->set->verdict[pass->rule]);
}

/* Where the pieces of a frame are, and its slots. */
static __always_inline u32 vsw_acl_at(const struct vsw_run *run)
{
	return run->frag << 16 | run->slot;
}

/*
 * How many frames behind @run are like it in all that rules ask for, and can be
 * one run with it: what comes in bursts is not even looked up.
 */
static u32 vsw_acl_burst(const struct vsw_acl_entry *entry,
			 struct vsw_batch *batch,
			 const struct vsw_run *run)
{
	const struct vsw_run *end = &batch->runs[batch->num_runs];
	const struct vsw_acl_key key = entry->key;
	const u8 proto = vsw_acl_proto(key.kind);
	u32 at = vsw_acl_at(run), n = 0, len;
	struct vsw_headers h;
	const u8 *data;

	if (key.kind != vsw_acl_plain_kind(proto))
		return 0;
	while (++run < end) {
		data = vsw_run_head(batch, run, &len);
		at += 1 << 16 | 1;
		if (vsw_acl_at(run) != at || run->pieces ||
		    !vsw_parse_plain(data, len, &h) || h.proto != proto ||
		    h.ports != key.ports || h.both4 != key.both[0] ||
		    run->lo != key.lo || run->hi != key.hi)
			break;
		batch->note[run->frag] = entry->rule;
		n++;
	}
	return n;
}

/* Whether a run can be a part of the one before it. */
static bool vsw_acl_follows(const struct vsw_run *last,
			    const struct vsw_run *run)
{
	return last->lo == run->lo && last->hi == run->hi &&
	       run->slot == last->slot + last->frames &&
	       run->frag == last->frag + last->frames;
}

/* Put a run that is allowed behind those before @to; returns where they end. */
static struct vsw_run *vsw_acl_allow(struct vsw_acl_pass *pass,
				     struct vsw_batch *batch,
				     struct vsw_run *to,
				     const struct vsw_run *run)
{
	const bool open = pass->open;
	u32 frames = 1;

	pass->open = pass->set->joins && pass->entry->joins && !run->pieces;
	if (likely(pass->open)) {
		frames += vsw_acl_burst(pass->entry, batch, run);
		pass->hits += frames - 1;
		if (open && vsw_acl_follows(to - 1, run)) {
			to[-1].frames += frames;
			return to;
		}
	}
	if (to != run)
		*to = *run;
	to->frames = frames;
	return to + 1;
}

/*
 * Decide on the frames. Those that are denied are taken out of the batch, and
 * those that a rule sends to a port are marked by &vsw_run.mark: they keep their
 * place among the others, and the next lookup may learn from them.
 */
static void vsw_acl_judge(struct vsw_acl_pass *pass, struct vsw_batch *batch)
{
	struct vsw_run *to = batch->runs, *run = to;
	struct vsw_run *end = run + batch->num_runs;
	u32 hits;

	while (run < end) {
		vsw_acl_find(pass, batch, run);
		batch->note[run->frag] = pass->rule;
		hits = pass->hits++;
		if (likely(pass->verdict == VSW_ACL_ALLOW)) {
			to = vsw_acl_allow(pass, batch, to, run);
		} else if (pass->verdict == VSW_TO_NONE) {
			pass->denied++;
		} else {
			pass->open = false;
			run->mark = pass->verdict + 1;
			*to++ = *run;
		}
		run += pass->hits - hits;
	}
	vsw_acl_count(pass);
	batch->num_runs = to - batch->runs;
}

/* All that were denied are one run. There is room, as they were in the batch. */
static void vsw_acl_deny(struct vsw_batch *batch, u32 frames)
{
	struct vsw_run *run = &batch->runs[batch->num_runs++];

	*run = (struct vsw_run) { .frames = frames };
	vsw_run_drop(run, VSW_ACL_DENIED);
}

static void vsw_acl(struct vsw_lookup *lookup, struct vsw_batch *batch)
{
	struct vsw_acl *acl = vsw_lookup_priv(lookup);
	struct vsw_acl_pass pass = {
		.set	= rcu_dereference(acl->set),
		.rule	= U32_MAX,
	};

	*vsw_lookup_memo(lookup, batch) = pass.set;
	/* The cache is this CPU's, and nobody's else until the end. */
	local_bh_disable();
	pass.cache = &pass.set->cache[smp_processor_id()];
	vsw_acl_judge(&pass, batch);
	local_bh_enable();

	if (batch->num_runs)
		vsw_lookup_ask(pass.set->inner, batch);
	if (unlikely(pass.denied))
		vsw_acl_deny(batch, pass.denied);
}

static void vsw_acl_uncount(struct vsw_lookup *lookup, struct vsw_batch *batch,
			    const struct vsw_run *run, u32 frames)
{
	const struct vsw_acl_set *set = *vsw_lookup_memo(lookup, batch);
	u32 i, rule;

	for (i = run->frames - frames; i < run->frames; i++) {
		rule = batch->note[run->frag + i];
		this_cpu_dec(set->hits[rule]);
		if (READ_ONCE(set->verdict[rule]) == VSW_ACL_ALLOW)
			vsw_lookup_uncount(set->inner, batch, run, 1);
	}
}

/*
 * The control path
 */

/* Rules are changed under vsw_net.lock. */
static struct vsw_acl_set *vsw_acl_set_of(struct vsw_lookup *lookup)
{
	struct vsw_acl *acl = vsw_lookup_priv(lookup);

	return rcu_dereference_protected(acl->set, true);
}

static u64 vsw_acl_hits_of(const struct vsw_acl_set *set, u32 rule)
{
	u64 sum = rule < set->num_rules ? set->rule[rule].hits :
					  set->hits_before;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu_ptr(set->hits, cpu)[rule]);
	return sum;
}

/* Free a set, but not the text of its first @shared rules. */
static void vsw_acl_free(struct vsw_acl_set *set, u32 shared)
{
	u32 i;

	for (i = shared; set->rule && i < set->num_rules; i++)
		kfree(set->rule[i].text);
	vsw_acl_free_tables(set);
	free_percpu(set->hits);
	kvfree(set->cache);
	kvfree(set->verdict);
	kvfree(set->rule);
	kfree(set);
}

/* Room for @num rules, of which there is none yet, and what goes with them. */
static struct vsw_acl_set *vsw_acl_alloc(u32 num)
{
	struct vsw_acl_set *set = kzalloc(sizeof(*set), GFP_KERNEL_ACCOUNT);

	if (!set)
		return NULL;
	set->rule = kvcalloc(num + 1, sizeof(*set->rule), GFP_KERNEL_ACCOUNT);
	set->verdict = kvcalloc(num + 1, sizeof(*set->verdict),
				GFP_KERNEL_ACCOUNT);
	set->cache = kvcalloc(nr_cpu_ids, sizeof(*set->cache),
			      GFP_KERNEL_ACCOUNT);
	set->hits = __alloc_percpu_gfp((num + 1) * sizeof(u64), sizeof(u64),
				       GFP_KERNEL_ACCOUNT);
	if (set->rule && set->verdict && set->cache && set->hits)
		return set;
	vsw_acl_free(set, 0);
	return NULL;
}

static u32 vsw_acl_count_rules(const struct nlattr *options)
{
	const struct nlattr *attr;
	int rem;
	u32 num = 0;

	nla_for_each_nested(attr, options, rem)
		num += nla_type(attr) == VSW_ACL_RULE;
	return num;
}

/* The first @num rules of another set. Their text is shared. */
static void vsw_acl_take_over(struct vsw_acl_set *set,
			      const struct vsw_acl_set *old, u32 num)
{
	memcpy(set->rule, old->rule, num * sizeof(*set->rule));
	memcpy(set->verdict, old->verdict, num * sizeof(*set->verdict));
	set->num_rules = num;
}

static int vsw_acl_add_rules(struct vsw_lookup *lookup, struct vsw_acl_set *set,
			     const struct nlattr *options,
			     struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	struct vsw_acl_rule *rule;
	int rem, err;

	nla_for_each_nested(attr, options, rem) {
		if (nla_type(attr) != VSW_ACL_RULE)
			continue;
		rule = &set->rule[set->num_rules];
		err = vsw_acl_parse(lookup, attr, set->num_rules + 1, rule,
				    extack);
		if (err)
			return err;
		set->verdict[set->num_rules++] = rule->action;
	}
	return 0;
}

static int vsw_acl_parse_default(const struct nlattr *attr, u16 old,
				 u16 *verdict, struct netlink_ext_ack *extack)
{
	*verdict = old;
	if (!attr)
		return 0;
	if (!nla_strcmp(attr, "allow")) {
		*verdict = VSW_ACL_ALLOW;
	} else if (!nla_strcmp(attr, "drop")) {
		*verdict = VSW_TO_NONE;
	} else {
		NL_SET_ERR_MSG_ATTR(extack, attr, "either allow or drop");
		return -EINVAL;
	}
	return 0;
}

/* Let frames go by a new set from now on, and free the one before. */
static void vsw_acl_swap(struct vsw_lookup *lookup, struct vsw_acl_set *set,
			 struct vsw_acl_set *old, u32 shared)
{
	struct vsw_acl *acl = vsw_lookup_priv(lookup);
	u32 i;

	rcu_assign_pointer(acl->set, set);
	if (!old)
		return;
	/* Until then frames are counted by the old one. */
	synchronize_rcu();
	for (i = 0; i < shared; i++)
		set->rule[i].hits = vsw_acl_hits_of(old, i);
	if (shared || !old->num_rules)
		set->hits_before = vsw_acl_hits_of(old, old->num_rules);
	if (old->inner != set->inner)
		vsw_lookup_unnest(old->inner);
	vsw_acl_free(old, shared);
}

/* All that can fail; nothing that exists is changed. */
static int vsw_acl_fill_set(struct vsw_lookup *lookup, struct vsw_acl_set *set,
			    const struct vsw_acl_set *old, struct nlattr **tb,
			    const struct nlattr *options,
			    struct netlink_ext_ack *extack)
{
	u16 verdict = old ? old->verdict[old->num_rules] : VSW_ACL_ALLOW;
	int err;

	err = options ? vsw_acl_add_rules(lookup, set, options, extack) : 0;
	if (!err)
		err = vsw_acl_parse_default(tb[VSW_ACL_DEFAULT], verdict,
					    &set->verdict[set->num_rules],
					    extack);
	if (!err)
		err = vsw_acl_compile(set);
	if (err)
		return err;
	set->inner = vsw_lookup_nest(lookup, old ? old->inner : NULL,
				     tb[VSW_ACL_NEXT], extack);
	if (IS_ERR(set->inner))
		return PTR_ERR(set->inner);
	set->joins = set->inner->grain != VSW_BY_FRAME;
	return 0;
}

static int vsw_acl_configure(struct vsw_lookup *lookup, struct nlattr **tb,
			     const struct nlattr *options,
			     struct netlink_ext_ack *extack)
{
	struct vsw_acl_set *old = vsw_acl_set_of(lookup), *set;
	u32 shared = old && !tb[VSW_ACL_FLUSH] ? old->num_rules : 0;
	u32 num = shared + (options ? vsw_acl_count_rules(options) : 0);
	struct vsw_acl *acl = vsw_lookup_priv(lookup);
	int err;

	if (num > VSW_ACL_MAX_RULES) {
		NL_SET_ERR_MSG_ATTR(extack, tb[VSW_ACL_RULE],
				    "more than 2048 rules");
		return -E2BIG;
	}
	set = vsw_acl_alloc(num);
	if (!set)
		return -ENOMEM;
	if (shared)
		vsw_acl_take_over(set, old, shared);
	err = vsw_acl_fill_set(lookup, set, old, tb, options, extack);
	if (err) {
		vsw_acl_free(set, shared);
		return err;
	}
	vsw_acl_swap(lookup, set, old, shared);
	if (tb[VSW_ACL_FROM])
		acl->from = nla_get_u32(tb[VSW_ACL_FROM]) - 1;
	return 0;
}

static int vsw_acl_init(struct vsw_lookup *lookup,
			struct netlink_ext_ack *extack)
{
	struct nlattr *tb[ARRAY_SIZE(vsw_acl_attrs) + 1] = {};

	return vsw_acl_configure(lookup, tb, NULL, extack);
}

static void vsw_acl_exit(struct vsw_lookup *lookup)
{
	struct vsw_acl_set *set = vsw_acl_set_of(lookup);

	vsw_lookup_unnest(set->inner);
	vsw_acl_free(set, 0);
}

static const char *vsw_acl_action(u16 verdict)
{
	if (verdict == VSW_ACL_ALLOW)
		return "allow";
	return verdict == VSW_TO_NONE ? "drop" : "redirect";
}

/* A rule as it would be given again. Returns its length. */
static int vsw_acl_print(const struct vsw_acl_set *set, u32 rule, char *text,
			 size_t size)
{
	u16 verdict = set->verdict[rule];
	int len;

	len = scnprintf(text, size, "%s%s", set->rule[rule].text,
			vsw_acl_action(verdict));
	if (verdict < VSW_MAX_PORTS)
		len += scnprintf(text + len, size - len, " %u", verdict);
	return len + scnprintf(text + len, size - len, " hits %llu",
			       vsw_acl_hits_of(set, rule));
}

/* As many as the message can always hold, so that it is no matter of luck. */
static int vsw_acl_fill_rules(const struct vsw_acl_set *set, u32 from,
			      struct sk_buff *skb)
{
	u32 i, left = VSW_ACL_SHOWN_BYTES, size;
	char text[320];

	for (i = from; i < set->num_rules; i++) {
		size = nla_total_size(vsw_acl_print(set, i, text,
						    sizeof(text)) + 1);
		if (size > left)
			break;
		left -= size;
		if (nla_put_string(skb, VSW_ACL_RULE, text))
			return -EMSGSIZE;
	}
	return 0;
}

static int vsw_acl_fill(struct vsw_lookup *lookup, struct sk_buff *skb)
{
	const struct vsw_acl_set *set = vsw_acl_set_of(lookup);
	const struct vsw_acl *acl = vsw_lookup_priv(lookup);
	char hits[24];

	scnprintf(hits, sizeof(hits), "%llu",
		  vsw_acl_hits_of(set, set->num_rules));
	if (nla_put_string(skb, VSW_ACL_DEFAULT,
			   vsw_acl_action(set->verdict[set->num_rules])) ||
	    nla_put_string(skb, VSW_ACL_DEFAULT_HITS, hits) ||
	    nla_put_u32(skb, VSW_ACL_RULES, set->num_rules) ||
	    nla_put_u32(skb, VSW_ACL_FROM, acl->from + 1))
		return -EMSGSIZE;
	return vsw_acl_fill_rules(set, acl->from, skb) ?:
	       vsw_lookup_fill_next(set->inner, skb, VSW_ACL_NEXT);
}

/*
 * Rules that send frames to a port which is gone drop them: another port may get
 * its index.
 */
static void vsw_acl_port_event(struct vsw_lookup *lookup, u32 index,
			       enum vsw_port_event event)
{
	struct vsw_acl_set *set = vsw_acl_set_of(lookup);
	u32 i;

	for (i = 0; event == VSW_PORT_REMOVED && i < set->num_rules; i++)
		if (set->verdict[i] == index)
			WRITE_ONCE(set->verdict[i], VSW_TO_NONE);
}

static struct vsw_lookup_ops vsw_acl_ops = {
	.name		= "acl",
	.doc		= "Rules that drop or redirect frames, in front of another lookup.",
	.owner		= THIS_MODULE,
	.priv_size	= sizeof(struct vsw_acl),
	.grain		= VSW_BY_FRAME,
	.flags		= VSW_LOOKUP_SNAPSHOT,
	.attrs		= vsw_acl_attrs,
	.num_attrs	= ARRAY_SIZE(vsw_acl_attrs),
	.reasons	= vsw_acl_reasons,
	.num_reasons	= ARRAY_SIZE(vsw_acl_reasons),
	.init		= vsw_acl_init,
	.exit		= vsw_acl_exit,
	.lookup		= vsw_acl,
	.uncount	= vsw_acl_uncount,
	.configure	= vsw_acl_configure,
	.fill		= vsw_acl_fill,
	.port_event	= vsw_acl_port_event,
};

module_vsw_lookup(vsw_acl_ops);

MODULE_DESCRIPTION("vsw lookup: rules in front of another lookup");
MODULE_LICENSE("GPL");
MODULE_ALIAS_VSW_LOOKUP("acl");
