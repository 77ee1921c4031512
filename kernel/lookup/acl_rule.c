// SPDX-License-Identifier: GPL-2.0
/*
 * The lookup "acl": a rule as words
 *
 *	RULE   := MATCH... ACTION [ hits N ]
 *	MATCH  := smac MAC[/MASK] | dmac MAC[/MASK]
 *		| vlan N | vlan none
 *		| ethertype ip | ethertype ipv6 | ethertype arp | ethertype 0xN
 *		| src ADDRESS[/N] | dst ADDRESS[/N]
 *		| proto tcp | udp | sctp | icmp | icmpv6 | N
 *		| sport N[-N] | dport N[-N]
 *		| fragment | cut
 *	ACTION := allow | drop | redirect PORT-INDEX
 *
 * All matches must hold; a rule without any holds for each frame. "fragment" is
 * part of a larger packet, "cut" ends inside a header or contradicts itself, or
 * its headers are longer than what is looked at. Neither need have ports, so who
 * drops by port may want to drop these too.
 */

#include <linux/ctype.h>
#include <linux/etherdevice.h>
#include <linux/inet.h>
#include <linux/kstrtox.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "../acl.h"
#include "../parse.h"

/* So much of a word is in the text of an error, which is short. */
#define VSW_ACL_SHOWN_WORD	20

/**
 * struct vsw_acl_words - the words of a rule that is being parsed
 * @lookup: who has the rule
 * @attr: the attribute
 * @number: of the rule, for errors
 * @extack: for errors
 * @rest: the words that were not looked at
 * @rule: out: the rule
 */
struct vsw_acl_words {
	struct vsw_lookup	*lookup;
	const struct nlattr	*attr;
	u32			number;
	struct netlink_ext_ack	*extack;
	char			*rest;
	struct vsw_acl_rule	*rule;
};

/* Say what is wrong with @word; returns -EINVAL. */
static int vsw_acl_refuse(struct vsw_acl_words *words, const char *word,
			  const char *why)
{
	NL_SET_ERR_MSG_ATTR_FMT(words->extack, words->attr,
				"rule %u: \"%.*s\" %s", words->number,
				VSW_ACL_SHOWN_WORD, word, why);
	return -EINVAL;
}

/* The next word; NULL at the end. */
static char *vsw_acl_next(struct vsw_acl_words *words)
{
	char *word;

	do
		word = strsep(&words->rest, " \t");
	while (word && !*word);
	return word;
}

/* A number without sign, which kstrto*() would take. */
static bool vsw_acl_number(const char *text, unsigned int base, u32 max, u32 *to)
{
	return isxdigit(*text) && !kstrtou32(text, base, to) && *to <= max;
}

static void vsw_acl_put(struct vsw_acl_rule *rule, enum vsw_acl_field field,
			struct vsw_acl_value from, struct vsw_acl_value to)
{
	rule->fields |= BIT(field);
	rule->indexed |= BIT(field);
	rule->range[field] = (struct vsw_acl_range) { .from = from, .to = to };
}

static void vsw_acl_put_number(struct vsw_acl_rule *rule,
			       enum vsw_acl_field field, u32 from, u32 to)
{
	vsw_acl_put(rule, field, (struct vsw_acl_value) { .lo = from },
		    (struct vsw_acl_value) { .lo = to });
}

/* Whether @mask, of @bits bits, is ones followed by zeros. */
static bool vsw_acl_is_prefix(u64 mask, u32 bits)
{
	u64 zeros = ~mask & GENMASK_ULL(bits - 1, 0);

	return !(zeros & (zeros + 1));
}

static bool vsw_acl_read_mac(const char *text, u64 *to)
{
	u8 addr[ETH_ALEN];

	/* mac_pton() would pass over what is behind. */
	if (strlen(text) != 3 * ETH_ALEN - 1 || !mac_pton(text, addr))
		return false;
	*to = ether_addr_to_u64(addr);
	return true;
}

static int vsw_acl_parse_mac(struct vsw_acl_words *words, char *value,
			     enum vsw_acl_field field)
{
	char *mask_text = strchr(value, '/');
	u64 addr, mask = GENMASK_ULL(47, 0);

	if (mask_text)
		*mask_text++ = '\0';
	if (!vsw_acl_read_mac(value, &addr))
		return vsw_acl_refuse(words, value, "is no MAC address");
	if (mask_text && !vsw_acl_read_mac(mask_text, &mask))
		return vsw_acl_refuse(words, mask_text, "is no mask");
	if (addr & ~mask)
		return vsw_acl_refuse(words, value, "has bits beyond its mask");
	vsw_acl_put(words->rule, field, (struct vsw_acl_value) { .lo = addr },
		    (struct vsw_acl_value) {
			    .lo = addr | (~mask & GENMASK_ULL(47, 0)),
		    });
	words->rule->mask[field] = mask;
	if (!vsw_acl_is_prefix(mask, 48))
		words->rule->indexed &= ~BIT(field);
	return 0;
}

static int vsw_acl_parse_vlan(struct vsw_acl_words *words, char *value,
			      enum vsw_acl_field field)
{
	u32 vlan = VSW_VLAN_NONE;

	if (strcmp(value, "none") &&
	    !vsw_acl_number(value, 10, VLAN_VID_MASK, &vlan))
		return vsw_acl_refuse(words, value, "is no VLAN, 0 to 4095");
	vsw_acl_put_number(words->rule, field, vlan, vlan);
	return 0;
}

/**
 * struct vsw_acl_name - a number that has a name
 * @name: the name
 * @number: the number
 */
struct vsw_acl_name {
	const char	*name;
	u16		number;
};

static const struct vsw_acl_name vsw_acl_ethertypes[] = {
	{ "ip",		ETH_P_IP },
	{ "ipv6",	ETH_P_IPV6 },
	{ "arp",	ETH_P_ARP },
	{}
};

static const struct vsw_acl_name vsw_acl_protos[] = {
	{ "tcp",	IPPROTO_TCP },
	{ "udp",	IPPROTO_UDP },
	{ "sctp",	IPPROTO_SCTP },
	{ "icmp",	IPPROTO_ICMP },
	{ "icmpv6",	IPPROTO_ICMPV6 },
	{}
};

static bool vsw_acl_by_name(const struct vsw_acl_name *names, const char *name,
			    u32 *number)
{
	for (; names->name; names++) {
		if (strcmp(names->name, name))
			continue;
		*number = names->number;
		return true;
	}
	return false;
}

static int vsw_acl_parse_ethertype(struct vsw_acl_words *words, char *value,
				   enum vsw_acl_field field)
{
	u32 type;

	if (!vsw_acl_by_name(vsw_acl_ethertypes, value, &type) &&
	    (strncmp(value, "0x", 2) ||
	     !vsw_acl_number(value, 16, U16_MAX, &type)))
		return vsw_acl_refuse(words, value,
				      "is no ethertype: ip, ipv6, arp or 0x...");
	vsw_acl_put_number(words->rule, field, type, type);
	return 0;
}

static int vsw_acl_parse_proto(struct vsw_acl_words *words, char *value,
			       enum vsw_acl_field field)
{
	u32 proto;

	if (!vsw_acl_by_name(vsw_acl_protos, value, &proto) &&
	    !vsw_acl_number(value, 10, U8_MAX, &proto))
		return vsw_acl_refuse(words, value, "is no protocol");
	vsw_acl_put_number(words->rule, field, proto, proto);
	return 0;
}

static int vsw_acl_parse_port(struct vsw_acl_words *words, char *value,
			      enum vsw_acl_field field)
{
	char *dash = strchr(value, '-');
	u32 from, to;

	if (dash)
		*dash++ = '\0';
	if (!vsw_acl_number(value, 10, U16_MAX, &from))
		return vsw_acl_refuse(words, value, "is no port, 0 to 65535");
	to = from;
	if (dash && !vsw_acl_number(dash, 10, U16_MAX, &to))
		return vsw_acl_refuse(words, dash, "is no port, 0 to 65535");
	if (to < from)
		return vsw_acl_refuse(words, dash, "is before its range begins");
	vsw_acl_put_number(words->rule, field, from, to);
	return 0;
}

/* An address of IP; returns its version, or 0. */
static u8 vsw_acl_read_ip(const char *text, struct vsw_acl_value *to)
{
	u8 bytes[16];

	*to = (struct vsw_acl_value) {};
	if (in4_pton(text, -1, bytes, -1, NULL)) {
		to->lo = get_unaligned_be32(bytes);
		return 4;
	}
	if (!in6_pton(text, -1, bytes, -1, NULL))
		return 0;
	to->hi = get_unaligned_be64(bytes);
	to->lo = get_unaligned_be64(bytes + 8);
	return 6;
}

/* The lowest @bits bits. */
static struct vsw_acl_value vsw_acl_low_bits(u32 bits)
{
	return (struct vsw_acl_value) {
		.hi = bits > 64 ? U64_MAX >> (128 - bits) : 0,
		.lo = !bits ? 0 : bits < 64 ? U64_MAX >> (64 - bits) : U64_MAX,
	};
}

static int vsw_acl_parse_ip(struct vsw_acl_words *words, char *value,
			    enum vsw_acl_field field)
{
	struct vsw_acl_rule *rule = words->rule;
	char *slash = strchr(value, '/');
	struct vsw_acl_value addr, low;
	u32 len, bits;
	u8 version;

	if (slash)
		*slash++ = '\0';
	version = vsw_acl_read_ip(value, &addr);
	if (!version)
		return vsw_acl_refuse(words, value, "is no IP address");
	if (rule->ip_version && rule->ip_version != version)
		return vsw_acl_refuse(words, value, "is of another IP version");
	bits = version == 4 ? 32 : 128;
	len = bits;
	if (slash && !vsw_acl_number(slash, 10, bits, &len))
		return vsw_acl_refuse(words, slash, "is no length of a prefix");
	low = vsw_acl_low_bits(bits - len);
	if (addr.hi & low.hi || addr.lo & low.lo)
		return vsw_acl_refuse(words, value, "has bits beyond its prefix");
	rule->ip_version = version;
	vsw_acl_put(rule, field, addr, (struct vsw_acl_value) {
		.hi = addr.hi | low.hi, .lo = addr.lo | low.lo,
	});
	return 0;
}

/**
 * struct vsw_acl_match - a word that asks for a field
 * @name: the word
 * @field: the field
 * @parse: parses its value
 */
struct vsw_acl_match {
	const char		*name;
	enum vsw_acl_field	field;
	int (*parse)(struct vsw_acl_words *words, char *value,
		     enum vsw_acl_field field);
};

static const struct vsw_acl_match vsw_acl_matches[] = {
	{ "dmac",	VSW_ACL_DMAC,		vsw_acl_parse_mac },
	{ "smac",	VSW_ACL_SMAC,		vsw_acl_parse_mac },
	{ "vlan",	VSW_ACL_VLAN,		vsw_acl_parse_vlan },
	{ "ethertype",	VSW_ACL_ETHERTYPE,	vsw_acl_parse_ethertype },
	{ "proto",	VSW_ACL_PROTO,		vsw_acl_parse_proto },
	{ "src",	VSW_ACL_SRC,		vsw_acl_parse_ip },
	{ "dst",	VSW_ACL_DST,		vsw_acl_parse_ip },
	{ "sport",	VSW_ACL_SPORT,		vsw_acl_parse_port },
	{ "dport",	VSW_ACL_DPORT,		vsw_acl_parse_port },
};

static const struct vsw_acl_match *vsw_acl_find_match(const char *word)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(vsw_acl_matches); i++)
		if (!strcmp(vsw_acl_matches[i].name, word))
			return &vsw_acl_matches[i];
	return NULL;
}

/* Words that stand alone. */
static u8 vsw_acl_find_flag(const char *word)
{
	if (!strcmp(word, "fragment"))
		return VSW_IS_FRAGMENT;
	return strcmp(word, "cut") ? 0 : VSW_IS_CUT;
}

static int vsw_acl_parse_match(struct vsw_acl_words *words, const char *word)
{
	const struct vsw_acl_match *match = vsw_acl_find_match(word);
	struct vsw_acl_rule *rule = words->rule;
	u8 flag = vsw_acl_find_flag(word);
	char *value;

	if (!match && !flag)
		return vsw_acl_refuse(words, word, "is no word of a rule");
	if (match ? rule->fields & BIT(match->field) : rule->known & flag)
		return vsw_acl_refuse(words, word, "is there twice");
	rule->known |= flag;
	if (!match)
		return 0;
	value = vsw_acl_next(words);
	if (!value)
		return vsw_acl_refuse(words, word, "needs a value");
	return match->parse(words, value, match->field);
}

static int vsw_acl_parse_redirect(struct vsw_acl_words *words, const char *word)
{
	char *value = vsw_acl_next(words);
	struct vsw_port *port;
	u32 index;

	if (!value)
		return vsw_acl_refuse(words, word, "needs a value");
	if (!vsw_acl_number(value, 10, VSW_MAX_PORTS - 1, &index))
		return vsw_acl_refuse(words, value, "is no index of a port");
	rcu_read_lock();
	port = vsw_switch_port(words->lookup->sw, index);
	rcu_read_unlock();
	if (!port) {
		vsw_acl_refuse(words, value, "is the index of no port");
		return -ENODEV;
	}
	words->rule->action = index;
	return 0;
}

/* The action of a rule; 1 if the word is none. */
static int vsw_acl_parse_action(struct vsw_acl_words *words, const char *word)
{
	if (!strcmp(word, "redirect"))
		return vsw_acl_parse_redirect(words, word);
	if (!strcmp(word, "allow"))
		words->rule->action = VSW_ACL_ALLOW;
	else if (!strcmp(word, "drop"))
		words->rule->action = VSW_TO_NONE;
	else
		return 1;
	return 0;
}

/* What is behind the action. */
static int vsw_acl_parse_end(struct vsw_acl_words *words)
{
	char *word = vsw_acl_next(words), *value;

	if (word && !strcmp(word, "hits")) {
		value = vsw_acl_next(words);
		if (!value)
			return vsw_acl_refuse(words, word, "needs a value");
		if (!isdigit(*value) || kstrtou64(value, 10, &words->rule->hits))
			return vsw_acl_refuse(words, value, "is no number");
		word = vsw_acl_next(words);
	}
	if (word)
		return vsw_acl_refuse(words, word, "is behind the action");
	return 0;
}

/* The words before the action, @len bytes of @from, with single spaces. */
static char *vsw_acl_make_text(const char *from, size_t len)
{
	char *text = kmalloc(len + 1, GFP_KERNEL_ACCOUNT), *to = text;
	size_t i;

	if (!text)
		return NULL;
	for (i = 0; i < len; i++) {
		if (from[i] != ' ' && from[i] != '\t')
			*to++ = from[i];
		else if (to > text && to[-1] != ' ')
			*to++ = ' ';
	}
	*to = '\0';
	return text;
}

static int vsw_acl_parse_words(struct vsw_acl_words *words)
{
	const char *begin = words->rest, *word;
	int err;

	for (;;) {
		word = vsw_acl_next(words);
		if (!word)
			return vsw_acl_refuse(words, nla_data(words->attr),
					      "has no action");
		err = vsw_acl_parse_action(words, word);
		if (err <= 0)
			break;
		err = vsw_acl_parse_match(words, word);
		if (err)
			return err;
	}
	err = err ?: vsw_acl_parse_end(words);
	if (err)
		return err;
	words->rule->text = vsw_acl_make_text(nla_data(words->attr),
					      word - begin);
	return words->rule->text ? 0 : -ENOMEM;
}

/**
 * vsw_acl_parse() - make a rule of words
 * @lookup: the lookup that gets it
 * @attr: the words
 * @number: number of the rule, for errors
 * @rule: out: the rule, zero before; its text is to be freed
 * @extack: names the word that is wrong
 *
 * Context: process context, may sleep; &vsw_net.lock is held.
 * Return: 0, -EINVAL, -ENODEV: no such port; -ENOMEM.
 */
int vsw_acl_parse(struct vsw_lookup *lookup, const struct nlattr *attr,
		  u32 number, struct vsw_acl_rule *rule,
		  struct netlink_ext_ack *extack)
{
	struct vsw_acl_words words = {
		.lookup	= lookup,
		.attr	= attr,
		.number	= number,
		.extack	= extack,
		.rule	= rule,
	};
	char *copy = kstrdup(nla_data(attr), GFP_KERNEL);
	int err;

	if (!copy)
		return -ENOMEM;
	words.rest = copy;
	err = vsw_acl_parse_words(&words);
	kfree(copy);
	return err;
}
