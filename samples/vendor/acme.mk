# SPDX-License-Identifier: MIT-0
#
# make            acme.so
# make check      what it makes of single answers
# make certify    renkei's conformance suite, against the CRM of acme.scenario
#
# Needs gcc or clang and cJSON (Debian: libcjson-dev).  The contract's headers lie in
# include/, a copy of those of the renkei that wrote this.
RENKEI ?= @RENKEI@
CJSON_CFLAGS := $(shell pkg-config --cflags libcjson)
CJSON_LIBS := $(shell pkg-config --libs libcjson)
CFLAGS ?= -O2 -g
ALL_CFLAGS = -std=gnu17 -Wall -Wextra -fPIC -fvisibility=hidden -Iinclude $(CJSON_CFLAGS) $(CFLAGS)
ALL_LDFLAGS = -shared -Wl,-z,defs -Wl,-z,now -Wl,-z,relro -Wl,-z,noexecstack $(LDFLAGS)

acme.so: acme.c
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ acme.c $(CJSON_LIBS)

acme_test: acme_test.c acme.c
	$(CC) $(ALL_CFLAGS) -o $@ acme_test.c acme.c $(CJSON_LIBS)

check: acme_test
	./acme_test

certify: acme.so
	$(RENKEI) vendor certify acme.so

clean:
	rm -f acme.so acme_test

.PHONY: check certify clean
