/* SPDX-License-Identifier: Apache-2.0
 *
 * meaning.c - see meaning.h.  A row is what CRMs and their people call one thing, in the
 * plain form; its first word stands for it, in manifests too. */
#include "mapping/meaning.h"

#include <stddef.h>
#include <string.h>

#include "base/text.h"
#include "mapping/unicode.h"

static const char *const fields[] = {
	"id recordid レコード番号",
	"renkeiid renkeiidc",
	"externalid 外部id 連携id",
	"email mail emailaddress mailaddress メール メールアドレス eメール 電子メール",
	"lastname familyname surname 姓 苗字 名字",
	"firstname givenname 名",
	"name fullname 氏名 名前 お名前 担当者名",
	"lastnamekana familynamekana lastnamereading 姓カナ 姓かな 姓フリガナ 姓ふりがな",
	"firstnamekana givennamekana firstnamereading 名カナ 名かな 名フリガナ 名ふりがな",
	"company companyname accountname 会社 会社名 企業名 法人名 取引先 取引先名",
	"companykana companynamekana 会社名カナ 会社名かな 会社名フリガナ",
	"domain domainname companydomainname maildomain メールドメイン ドメイン",
	"corporatenumber 法人番号",
	"department departmentname 部署 部署名 所属 所属部署",
	"jobtitle title position 役職 肩書",
	"phone phonenumber tel telephone worknumber 電話 電話番号 代表電話 代表電話番号",
	"mobile mobilephone mobilephonenumber mobilenumber cellphone 携帯 携帯電話 携帯電話番号",
	"fax faxnumber ファックス fax番号",
	"website websiteurl url homepage ウェブ ウェブサイト ホームページ",
	"address 住所 所在地",
	"street streetaddress 番地 町名番地",
	"zip zipcode postalcode 郵便番号",
	"city 市区町村",
	"state stateregion prefecture 都道府県",
	"country countryregion 国",
	"lifecyclestage stage 段階 ステージ",
	"leadsource source リードソース 情報源 獲得経路",
	"employees numberofemployees numemployees 従業員数 社員数",
	"note notes memo message remarks description 備考 メモ 説明",
	"industry 業種 業界",
	"annualrevenue 年商 売上高",
	"dealname 案件名 商談名 取引名",
	"dealstage stagename 商談ステージ 取引ステージ フェーズ 商談フェーズ",
	"amount dealvalue 金額 商談金額 受注金額",
	"closedate expectedclose 完了予定日 受注予定日 クローズ日",
	"probability 確度",
};

/* Stages of deals: each account has its own, these are what CRMs come with. */
static const char *const options[] = {
	"new prospecting appointmentscheduled 新規",
	"qualification qualifiedtobuy",
	"contractsent negotiation negotiationreview 交渉 交渉中",
	"won closedwon 受注",
	"lost closedlost 失注",
};

/* A whole address has the street in it. */
static const char *const near[][2] = { { "address", "street" } };

#define MIDDLE_DOT 0x30FB              /* Japanese writes it between foreign words. */

static int32_t
letters_only(int32_t c)
{
	c = unicode_lower(c);
	bool kept = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')
	            || (c > 0xBF && c != MIDDLE_DOT);
	return kept ? c : -1;
}

struct rk_text
meaning_plain(struct rk_text text, struct arena *arena)
{
	unicode_normal(&text, true, arena);
	return unicode_each(text, letters_only, arena);
}

static bool
has_word(const char *words, struct rk_text word)
{
	for (const char *at = words; *at != '\0'; at += strspn(at, " ")) {
		size_t len = strcspn(at, " ");
		if (len == word.len && memcmp(at, word.ptr, len) == 0)
			return true;
		at += len;
	}
	return false;
}

static struct rk_text
first_word(const char *const *rows, size_t count, struct rk_text word)
{
	for (size_t i = 0; i < count && word.len > 0; i++)
		if (has_word(rows[i], word))
			return (struct rk_text){ rows[i], strcspn(rows[i], " ") };
	return (struct rk_text){ 0 };
}

struct rk_text
meaning_of_field(struct rk_text word)
{
	return first_word(fields, sizeof fields / sizeof *fields, word);
}

struct rk_text
meaning_of_option(struct rk_text word)
{
	return first_word(options, sizeof options / sizeof *options, word);
}

bool
meaning_near(struct rk_text a, struct rk_text b)
{
	for (size_t i = 0; i < sizeof near / sizeof *near; i++)
		if ((text_is(a, near[i][0]) && text_is(b, near[i][1]))
		    || (text_is(a, near[i][1]) && text_is(b, near[i][0])))
			return true;
	return false;
}
