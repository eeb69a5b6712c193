/* SPDX-License-Identifier: Apache-2.0
 *
 * hook_test.c - what a webhook says, and what is none.  Whether it is believed is
 * tests/scenarios.d/hooks.sh, since net alone knows the secret. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/text.h"
#include "hook/hook.h"

static struct arena arena;
static struct hook_events events;

static void
a_request_is_taken_apart(void **state)
{
	(void)state;
	struct hook_request r;
	struct rk_err err = ERR_INIT;
	assert_int_equal(hook_parse(&r, TEXT_LIT("POST s3cret\r\nA: b\r\nC: d\r\n\r\n{}"), &err),
	                 RK_OK);
	assert_true(text_is(r.method, "POST"));
	assert_true(text_is(r.secret, "s3cret"));
	assert_true(text_is(r.head, "A: b\r\nC: d\r\n"));
	assert_true(text_is(r.body, "{}"));
	assert_int_equal(hook_parse(&r, TEXT_LIT("POST\n\nx\n\ny"), &err), RK_OK);
	assert_true(text_is(r.head, ""));
	assert_true(text_is(r.body, "x\n\ny"));
	static const char *const none[] = { "", "\n\n", "POST", "POST\nA: b", " x\n\n{}" };
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		assert_int_equal(hook_parse(&r, text_of(none[i]), &err), RK_REJECT);
}

#define SOAP(inside) "<?xml version=\"1.0\"?><s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/" \
	"soap/envelope/\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><s:Body>" \
	"<notifications xmlns=\"http://soap.sforce.com/2005/09/outbound\">" inside \
	"</notifications></s:Body></s:Envelope>"
#define RECORD(type, id) "<Notification><Id>n1</Id><sObject xsi:type=\"sf:" type "\" " \
	"xmlns:sf=\"urn:sobject.enterprise.soap.sforce.com\"><sf:Id>" id "</sf:Id>" \
	"<sf:Account><sf:Id>inner</sf:Id></sf:Account></sObject></Notification>"

static void
outbound_messages_tell_records(void **state)
{
	(void)state;
	static const char two[] = SOAP(RECORD("Contact", "003A") RECORD("Lead", " 00Q1 "));
	events.count = 0;
	assert_true(hook_read_soap(text_of(two), &arena, &events));
	assert_int_equal(events.count, 2);
	assert_true(text_is(events.list[0].object, "Contact"));
	assert_true(text_is(events.list[0].id, "003A"));
	assert_true(text_is(events.list[1].object, "Lead"));
	assert_true(text_is(events.list[1].id, "00Q1"));
}

static void
what_is_no_outbound_message_is_refused(void **state)
{
	(void)state;
	static const char *const none[] = {
		"", "x", "<a/>", "<a", SOAP(RECORD("Contact", "1")) "<b/>",
		"<!DOCTYPE s [<!ENTITY a \"aaaa\">]>" SOAP("&a;"),
	};
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		assert_false(hook_read_soap(text_of(none[i]), &arena, &events));
}

static void
a_document_that_is_too_deep_is_refused(void **state)
{
	(void)state;
	BUF_AUTO deep = BUF_INIT(4096);
	for (size_t i = 0; i < 100; i++)
		buf_adds(&deep, "<a>");
	for (size_t i = 0; i < 100; i++)
		buf_adds(&deep, "</a>");
	assert_false(hook_read_soap(buf_text(&deep), &arena, &events));
}

static void
ids_are_kept_once_and_not_without_end(void **state)
{
	(void)state;
	char id[HOOK_ID_MAX + 2];
	events.count = 0;
	hook_add(&events, &arena, TEXT_LIT("a"), TEXT_LIT("1"));
	hook_add(&events, &arena, TEXT_LIT("a"), TEXT_LIT("1"));
	hook_add(&events, &arena, TEXT_LIT("b"), TEXT_LIT("1"));
	hook_add(&events, &arena, TEXT_LIT(""), TEXT_LIT("1"));
	hook_add(&events, &arena, TEXT_LIT("a"), TEXT_LIT(""));
	memset(id, 'x', sizeof id);
	hook_add(&events, &arena, TEXT_LIT("a"), (struct rk_text){ id, HOOK_ID_MAX + 1 });
	assert_int_equal(events.count, 2);
	for (size_t i = 0; i < HOOK_EVENTS_MAX + 10; i++)
		hook_add(&events, &arena, TEXT_LIT("c"), arena_printf(&arena, "%zu", i));
	assert_int_equal(events.count, HOOK_EVENTS_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_is_taken_apart),
		cmocka_unit_test(outbound_messages_tell_records),
		cmocka_unit_test(what_is_no_outbound_message_is_refused),
		cmocka_unit_test(a_document_that_is_too_deep_is_refused),
		cmocka_unit_test(ids_are_kept_once_and_not_without_end),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(&arena);
	return failed;
}
