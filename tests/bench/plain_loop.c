/* SPDX-License-Identifier: Apache-2.0
 *
 * plain_loop.c - L, the yardstick of the benchmark: the transfer of the benchmark's
 * sync as a good programmer would write it in an afternoon, with libcurl and cJSON:
 * list a page, look each field up by its name, build a body, put it, look at the
 * answer.  It keeps no state, knows nothing of crashes, limits or errors, and ends
 * at the first thing that goes wrong.  Run by tests/bench/run.
 *
 *     renkei-plain-loop HUBSPOT-ADDRESS KINTONE-ADDRESS APP
 *
 * Prints "records=N" when all are through. */
#include <cjson/cJSON.h>
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE "100"

static const struct { const char *from, *to; } map[] = {
	{ "email", "メールアドレス" }, { "lastname", "氏名" }, { "company", "会社名" },
	{ "jobtitle", "役職" }, { "phone", "電話" }, { "website", "ウェブ" },
	{ "address", "住所" }, { "zip", "郵便番号" }, { "lifecyclestage", "段階" },
	{ "employee_count", "従業員数" }, { "contract_date", "契約日" },
	{ "closedate", "最終接触" }, { "message", "備考" }, { "member_no", "会員番号" },
};
#define MAP_COUNT (sizeof map / sizeof *map)
#define KEY 0
#define STAGE 8

static const struct { const char *from, *to; } stages[] = {
	{ "lead", "リード" }, { "marketingqualifiedlead", "見込み客" },
	{ "opportunity", "商談中" }, { "customer", "顧客" },
};

struct answer {
	char *bytes;                   /* owned */
	size_t len, room;
};

static void
give_up(const char *what, const char *more)
{
	fprintf(stderr, "renkei-plain-loop: %s: %.300s\n", what, more);
	exit(1);
}

static size_t
take(char *bytes, size_t size, size_t count, void *user)
{
	struct answer *a = user;
	size_t len = size * count;
	if (a->len + len + 1 > a->room) {
		a->room = (a->len + len + 1) * 2;
		a->bytes = realloc(a->bytes, a->room);
		if (a->bytes == NULL)
			give_up("no memory", "");
	}
	memcpy(a->bytes + a->len, bytes, len);
	a->len += len;
	a->bytes[a->len] = '\0';
	return len;
}

/* Sends what was set up on 'curl'; the answer, parsed. */
static cJSON *
ask(CURL *curl, struct answer *answer)
{
	long status = 0;
	answer->len = 0;
	CURLcode code = curl_easy_perform(curl);
	if (code != CURLE_OK)
		give_up("no answer", curl_easy_strerror(code));
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	if (status != 200)
		give_up("refused", answer->len > 0 ? answer->bytes : "");
	cJSON *root = cJSON_Parse(answer->bytes);
	if (root == NULL)
		give_up("no JSON", answer->bytes);
	return root;
}

static cJSON *
list(CURL *curl, struct answer *answer, const char *host, const char *after)
{
	char url[2048];
	int at = snprintf(url, sizeof url,
	                  "%s/crm/objects/2026-09/contacts?limit=" PAGE
	                  "&archived=false%s%s&properties=lastmodifieddate",
	                  host, after[0] != '\0' ? "&after=" : "", after);
	for (size_t i = 0; i < MAP_COUNT; i++)
		at += snprintf(url + at, sizeof url - (size_t)at, ",%s", map[i].from);
	curl_easy_setopt(curl, CURLOPT_URL, url);
	return ask(curl, answer);
}

static const char *
stage_of(const char *from)
{
	for (size_t i = 0; i < sizeof stages / sizeof *stages; i++)
		if (strcmp(stages[i].from, from) == 0)
			return stages[i].to;
	return "その他";
}

static cJSON *
row_of(const cJSON *contact)
{
	const cJSON *properties = cJSON_GetObjectItemCaseSensitive(contact, "properties");
	cJSON *row = cJSON_CreateObject();
	cJSON *key = cJSON_AddObjectToObject(row, "updateKey");
	cJSON *record = cJSON_AddObjectToObject(row, "record");
	for (size_t i = 0; i < MAP_COUNT; i++) {
		const cJSON *value = cJSON_GetObjectItemCaseSensitive(properties, map[i].from);
		if (!cJSON_IsString(value))
			continue;
		const char *text = i == STAGE ? stage_of(value->valuestring) : value->valuestring;
		if (i == KEY) {
			cJSON_AddStringToObject(key, "field", map[i].to);
			cJSON_AddStringToObject(key, "value", text);
		} else {
			cJSON *cell = cJSON_AddObjectToObject(record, map[i].to);
			cJSON_AddStringToObject(cell, "value", text);
		}
	}
	return row;
}

/* Puts one page; how many records were taken. */
static size_t
put(CURL *curl, struct answer *answer, const char *app, const cJSON *page)
{
	cJSON *body = cJSON_CreateObject();
	cJSON_AddStringToObject(body, "app", app);
	cJSON_AddTrueToObject(body, "upsert");
	cJSON *rows = cJSON_AddArrayToObject(body, "records");
	const cJSON *contact;
	cJSON_ArrayForEach(contact, page)
		cJSON_AddItemToArray(rows, row_of(contact));
	char *text = cJSON_PrintUnformatted(body);
	if (text == NULL)
		give_up("no memory", "");
	curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)strlen(text));
	curl_easy_setopt(curl, CURLOPT_POSTFIELDS, text);
	cJSON *root = ask(curl, answer);
	size_t count = 0;
	const cJSON *taken;
	cJSON_ArrayForEach(taken, cJSON_GetObjectItemCaseSensitive(root, "records"))
		count += cJSON_IsString(cJSON_GetObjectItemCaseSensitive(taken, "id")) ? 1 : 0;
	cJSON_Delete(root);
	free(text);
	cJSON_Delete(body);
	return count;
}

static CURL *
connection(struct answer *answer, const char *header, struct curl_slist **headers)
{
	CURL *curl = curl_easy_init();
	if (curl == NULL)
		give_up("no libcurl", "");
	*headers = curl_slist_append(*headers, header);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, *headers);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	return curl;
}

/* The token of the next page; empty after the last. */
static void
next_page(const cJSON *root, char *after, size_t size)
{
	const cJSON *paging = cJSON_GetObjectItemCaseSensitive(root, "paging");
	const cJSON *next = cJSON_GetObjectItemCaseSensitive(paging, "next");
	const cJSON *token = cJSON_GetObjectItemCaseSensitive(next, "after");
	snprintf(after, size, "%s", cJSON_IsString(token) ? token->valuestring : "");
}

int
main(int argc, char **argv)
{
	if (argc != 4) {
		fputs("usage: renkei-plain-loop HUBSPOT-ADDRESS KINTONE-ADDRESS APP\n", stderr);
		return 2;
	}
	char after[512] = "", url[512];
	size_t total = 0;
	struct answer page = { 0 }, taken = { 0 };
	struct curl_slist *from_headers = NULL, *to_headers = NULL;
	curl_global_init(CURL_GLOBAL_ALL);
	CURL *from = connection(&page, "Authorization: Bearer sim-hubspot-token", &from_headers);
	to_headers = curl_slist_append(to_headers, "Content-Type: application/json");
	CURL *to = connection(&taken, "X-Cybozu-API-Token: sim-kintone-token", &to_headers);
	snprintf(url, sizeof url, "%s/k/v1/records.json", argv[2]);
	curl_easy_setopt(to, CURLOPT_URL, url);
	curl_easy_setopt(to, CURLOPT_CUSTOMREQUEST, "PUT");
	do {
		cJSON *root = list(from, &page, argv[1], after);
		const cJSON *results = cJSON_GetObjectItemCaseSensitive(root, "results");
		if (cJSON_GetArraySize(results) > 0)
			total += put(to, &taken, argv[3], results);
		next_page(root, after, sizeof after);
		cJSON_Delete(root);
	} while (after[0] != '\0');
	printf("records=%zu\n", total);
	curl_easy_cleanup(from);
	curl_easy_cleanup(to);
	curl_slist_free_all(from_headers);
	curl_slist_free_all(to_headers);
	free(page.bytes);
	free(taken.bytes);
	curl_global_cleanup();
	return 0;
}
