# SPDX-License-Identifier: Apache-2.0
#
# fuzz.mk - builds the fuzz targets in the current folder; called by tests/fuzz/run
# with 'top', the source tree.  Apart from automake: another compiler, and the code
# under test itself is compiled with the sanitizers.
CC = clang
# An empty text is { NULL, 0 }, and NULL + 0 is its end: so read all compilers, and C
# itself from its next edition on.  What is read past an end the address sanitizer sees.
SANITIZE = -fsanitize=address,undefined -fno-sanitize=pointer-overflow \
	-fno-sanitize-recover=all
CFLAGS = -std=gnu17 -O1 -g -fno-omit-frame-pointer -Wall -Wextra -Werror
CPPFLAGS = -D_GNU_SOURCE -DRK_LIBEXECDIR='"/nowhere"' -DRK_CONNECTORDIR='"/nowhere"' \
	-I$(top)/include -I$(top)/core -I$(top) -MMD -MP
LIBS = -lexpat -lcjson -lconfig -lsqlite3 -lsodium -lutf8proc -lcurl

# What needs no network, store or child process.
rooms = base record config mapping
parts := $(foreach room,$(rooms),$(wildcard $(top)/core/$(room)/*.c)) \
	$(patsubst %,$(top)/core/connector/%.c,catalog consent files links manifest \
	origins reference section settings value) \
	$(top)/core/hook/events.c $(top)/core/hook/soap.c \
	$(patsubst %,$(top)/core/net/%.c,answer encode mask origin seal)
parts := $(filter-out %_test.c %/base/arena.c %/print_manual.c,$(parts))
parts += $(foreach name,hubspot kintone salesforce,$(filter-out %_test.c,$(wildcard \
	$(top)/plugins/$(name)/*.c)))
objects := $(patsubst $(top)/%.c,obj/%.o,$(parts)) obj/tests/fuzz/arena.o
targets := $(filter-out arena,$(basename $(notdir $(wildcard $(top)/tests/fuzz/*.c))))

all: $(targets)
list:
	@echo $(targets)

obj/%.o: $(top)/%.c $(top)/tests/fuzz/fuzz.mk
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(SANITIZE) -fsanitize=fuzzer-no-link -c $< -o $@

# Several connectors in one program: each exports its table by its own name.
obj/plugins/hubspot/%.o: CPPFLAGS += -Drenkei_connector_v1=fuzz_hubspot
obj/plugins/kintone/%.o: CPPFLAGS += -Drenkei_connector_v1=fuzz_kintone
obj/plugins/salesforce/%.o: CPPFLAGS += -Drenkei_connector_v1=fuzz_salesforce

code.a: $(objects)
	rm -f $@
	ar qcs $@ $(objects)

$(targets): %: obj/tests/fuzz/%.o code.a
	$(CC) $(SANITIZE) -fsanitize=fuzzer $< code.a $(LIBS) -o $@

-include $(objects:.o=.d) $(targets:%=obj/tests/fuzz/%.d)
.PHONY: all list
.SECONDARY: $(targets:%=obj/tests/fuzz/%.o)
