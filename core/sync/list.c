/* SPDX-License-Identifier: Apache-2.0
 *
 * list.c - items one behind the other: a lane, or what a flight carries. */
#include "sync/state.h"

void
list_add(struct item_list *list, struct item *item)
{
	if (list->first == NULL)
		list->last = &list->first;
	item->next = NULL;
	*list->last = item;
	list->last = &item->next;
	list->count++;
}

struct item *
list_take(struct item_list *list)
{
	struct item *item = list->first;
	if (item == NULL)
		return NULL;
	list->first = item->next;
	if (list->first == NULL)
		list->last = &list->first;
	list->count--;
	return item;
}
