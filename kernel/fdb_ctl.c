// SPDX-License-Identifier: GPL-2.0
/* The forwarding database on the control path: limits, ageing, flushing */

#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/rculist.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>

#include "fdb.h"

/* Ageing need not be exact: do not wake up for each entry by itself. */
#define VSW_FDB_MIN_WAIT	HZ

/* Remove an entry, unless somebody else has done so. */
static void vsw_fdb_expire(struct vsw_fdb *fdb, struct vsw_fdb_entry *entry)
{
	spin_lock_bh(&fdb->lock);
	if (vsw_fdb_find(fdb, entry->addr) == entry)
		vsw_fdb_remove(fdb, entry);
	spin_unlock_bh(&fdb->lock);
}

static void vsw_fdb_age(struct work_struct *work)
{
	struct vsw_fdb *fdb = container_of(work, struct vsw_fdb, age_work.work);
	unsigned long ageing = READ_ONCE(fdb->ageing);
	unsigned long now = jiffies, wait = MAX_JIFFY_OFFSET;
	struct vsw_fdb_entry *entry;

	if (!ageing)
		return;

	rcu_read_lock();
	list_for_each_entry_rcu(entry, &fdb->entries, list) {
		unsigned long expires = READ_ONCE(entry->updated) + ageing;

		if (entry->is_static)
			continue;
		if (time_after_eq(now, expires))
			vsw_fdb_expire(fdb, entry);
		else
			wait = min(wait, expires - now);
	}
	rcu_read_unlock();

	if (wait != MAX_JIFFY_OFFSET)
		queue_delayed_work(system_power_efficient_wq, &fdb->age_work,
				   max_t(unsigned long, wait, VSW_FDB_MIN_WAIT));
}

/**
 * vsw_fdb_init() - prepare an empty database
 * @fdb: the database
 *
 * Context: process context.
 * Return: 0 or -ENOMEM.
 */
int vsw_fdb_init(struct vsw_fdb *fdb)
{
	spin_lock_init(&fdb->lock);
	INIT_LIST_HEAD(&fdb->entries);
	INIT_DELAYED_WORK(&fdb->age_work, vsw_fdb_age);
	return vsw_fdb_hash_init(fdb);
}

/**
 * vsw_fdb_stop() - end ageing
 * @fdb: the database, into which nobody learns any more
 *
 * Context: process context, may sleep.
 */
void vsw_fdb_stop(struct vsw_fdb *fdb)
{
	cancel_delayed_work_sync(&fdb->age_work);
}

static void vsw_fdb_free_entry(void *entry, void *arg)
{
	kfree(entry);
}

/**
 * vsw_fdb_free() - free what is left
 * @fdb: the database, stopped, a grace period after its last use
 *
 * Context: process context, may sleep.
 */
void vsw_fdb_free(struct vsw_fdb *fdb)
{
	rhashtable_free_and_destroy(&fdb->hash, vsw_fdb_free_entry, NULL);
}

/**
 * vsw_fdb_set_ageing() - set the age at which learned entries are removed
 * @fdb: the database
 * @seconds: the age; 0: never
 */
void vsw_fdb_set_ageing(struct vsw_fdb *fdb, unsigned int seconds)
{
	WRITE_ONCE(fdb->ageing, seconds * HZ);
	mod_delayed_work(system_power_efficient_wq, &fdb->age_work, 0);
}

/**
 * vsw_fdb_set_max() - limit the number of entries
 * @fdb: the database
 * @max: the limit; entries beyond it stay until they age or are deleted
 */
void vsw_fdb_set_max(struct vsw_fdb *fdb, u32 max)
{
	spin_lock_bh(&fdb->lock);
	WRITE_ONCE(fdb->max, max);
	spin_unlock_bh(&fdb->lock);
}

/**
 * vsw_fdb_del() - delete an entry by its address
 * @fdb: the database
 * @addr: packed address
 *
 * Return: 0 or -ENOENT.
 */
int vsw_fdb_del(struct vsw_fdb *fdb, u64 addr)
{
	struct vsw_fdb_entry *entry;

	rcu_read_lock();
	spin_lock_bh(&fdb->lock);
	entry = vsw_fdb_find(fdb, addr);
	if (entry)
		vsw_fdb_remove(fdb, entry);
	spin_unlock_bh(&fdb->lock);
	rcu_read_unlock();
	return entry ? 0 : -ENOENT;
}

/**
 * vsw_fdb_flush() - delete entries
 * @fdb: the database
 * @port: index of the port whose entries go, or VSW_FDB_ANY_PORT
 * @with_static: delete static entries
 * @with_dynamic: delete learned entries
 */
void vsw_fdb_flush(struct vsw_fdb *fdb, u32 port, bool with_static,
		   bool with_dynamic)
{
	struct vsw_fdb_entry *entry, *next;

	spin_lock_bh(&fdb->lock);
	list_for_each_entry_safe(entry, next, &fdb->entries, list) {
		if (port != VSW_FDB_ANY_PORT && READ_ONCE(entry->port) != port)
			continue;
		if (entry->is_static ? with_static : with_dynamic)
			vsw_fdb_remove(fdb, entry);
	}
	spin_unlock_bh(&fdb->lock);
}
