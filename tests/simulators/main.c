/* SPDX-License-Identifier: Apache-2.0 */
/* main.c - renkei-simulator: speaks the APIs of the CRMs named on its command
 * line, on loopback only, from memory.  Only options, start and end are here;
 * sim.c serves, one file a CRM knows its rules.  Run by `renkei simulate`, by
 * the demo and by tests. */
#include "sim.h"

#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define SIMS_MAX 16u
#define PEM_MAX 65536u

/* Every CRM there is.  A new one is one line here and one file. */
static const struct crm *const crms[] = { &hubspot_crm, &kintone_crm, &sansan_crm,
	&salesforce_crm, &hotprofile_crm, &freshsales_crm };
#define CRMS (sizeof crms / sizeof *crms)

static struct sim sims[SIMS_MAX];
static size_t sim_count;
static bool until_stdin_closes, die_with_parent;
static const char *tokens[CRMS];
static int64_t delays[CRMS];

static const char help[] =
	"Usage: renkei-simulator [options] CRM[=PORT]...\n"
	"Speaks the APIs of CRMs on 127.0.0.1, strictly, from memory.\n"
	"Prints one line \"CRM ADDRESS\" each, then \"ready\".\n"
	"\n"
	"  --token CRM=VALUE       the API token that is accepted\n"
	"                          (default sim-CRM-token)\n"
	"  --tls CERT KEY          speak TLS with these PEM files\n"
	"  --no-limits             no rate limits; for benchmarks\n"
	"  --no-log                keep no write log in memory; for benchmarks\n"
	"  --no-upsert             kintone refuses \"upsert\": true\n"
	"  --no-unique             both say that fields are unique, but take a\n"
	"                          value twice: what a doubled write does is seen\n"
	"  --delay CRM=MS          latency of every API answer\n"
	"  --index-lag MS          HubSpot's search lags so much (default 500)\n"
	"  --log FILE              also append the write log to FILE\n"
	"  --record FILE           also append every request and answer to FILE\n"
	"  --until-stdin-closes    end when standard input ends\n"
	"  --die-with-parent       end when the parent process dies\n"
	"  --help                  this text\n"
	"\n"
	"CRMs: ";

static void
print_help(void)
{
	fputs(help, stdout);
	for (size_t i = 0; i < CRMS; i++)
		printf("%s%s", crms[i]->name, i + 1 < CRMS ? ", " : "\n");
	puts(
	    "Control path: /_control/ (clock, counts, seed, load, edit, delete, records, "
	    "log, fault).");
}

__attribute__((format(printf, 1, 2), noreturn))
static void
usage(const char *format, ...)
{
	va_list args;

	fputs("renkei-simulator: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputs("; see --help\n", stderr);
	exit(2);
}

static size_t
crm_number(const char *name, size_t len)
{
	for (size_t i = 0; i < CRMS; i++)
		if (strlen(crms[i]->name) == len && !strncmp(crms[i]->name, name, len))
			return i;
	usage("\"%.*s\" is no CRM known here", (int)len, name);
}

static int64_t
number(const char *z, int64_t most, const char *what)
{
	int64_t n;

	if (!text_int(text_of(z), &n) || n < 0 || n > most)
		usage("%s wants a number from 0 to %lld, got \"%s\"", what,
		      (long long)most, z);
	return n;
}

/* "CRM=VALUE" -> its number, and the value. */
static size_t
of_crm(const char *arg, const char **value)
{
	const char *is = strchr(arg, '=');

	if (!is)
		usage("\"%s\" wants the form CRM=VALUE", arg);
	*value = is + 1;
	return crm_number(arg, (size_t)(is - arg));
}

static const char *
read_pem(const char *path)
{
	FILE *f = fopen(path, "re");
	char *pem = sim_alloc(PEM_MAX);

	if (!f)
		usage("cannot read %s: %s", path, strerror(errno));
	size_t len = fread(pem, 1, PEM_MAX - 1, f);
	fclose(f);
	if (len == 0)
		usage("%s is empty", path);
	return pem;
}

static FILE *
open_append(const char *path)
{
	FILE *f = fopen(path, "ae");

	if (!f)
		usage("cannot append to %s: %s", path, strerror(errno));
	return f;
}

enum {
	OPT_TOKEN = 256,
	OPT_TLS,
	OPT_DELAY,
	OPT_LAG,
	OPT_LOG,
	OPT_RECORD,
	OPT_NO_LIMITS,
	OPT_NO_LOG,
	OPT_NO_UPSERT,
	OPT_NO_UNIQUE,
	OPT_STDIN,
	OPT_PARENT
};

static const struct option options[] = {
	{ "token", required_argument, NULL, OPT_TOKEN },
	{ "tls", required_argument, NULL, OPT_TLS },
	{ "delay", required_argument, NULL, OPT_DELAY },
	{ "index-lag", required_argument, NULL, OPT_LAG },
	{ "log", required_argument, NULL, OPT_LOG },
	{ "record", required_argument, NULL, OPT_RECORD },
	{ "no-limits", no_argument, NULL, OPT_NO_LIMITS },
	{ "no-log", no_argument, NULL, OPT_NO_LOG },
	{ "no-upsert", no_argument, NULL, OPT_NO_UPSERT },
	{ "no-unique", no_argument, NULL, OPT_NO_UNIQUE },
	{ "until-stdin-closes", no_argument, NULL, OPT_STDIN },
	{ "die-with-parent", no_argument, NULL, OPT_PARENT },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

static void
take_option(int option, char **argv)
{
	const char *value;
	size_t i;

	switch (option) {
	case OPT_TOKEN:
		i = of_crm(optarg, &value);
		tokens[i] = value;
		return;
	case OPT_DELAY:
		i = of_crm(optarg, &value);
		delays[i] = number(value, 600000, "--delay");
		return;
	case OPT_TLS:
		if (!argv[optind])
			usage("--tls wants two files");
		sim_options.cert = read_pem(optarg);
		sim_options.key = read_pem(argv[optind++]);
		return;
	case OPT_LAG:       sim_options.index_lag_ms = number(optarg, 86400000,
							      "--index-lag");  return;
	case OPT_LOG:       log_to(open_append(optarg));       return;
	case OPT_RECORD:    sim_options.record = open_append(optarg); return;
	case OPT_NO_LIMITS: sim_options.no_limits = true;      return;
	case OPT_NO_LOG:    log_keep(false);                   return;
	case OPT_NO_UPSERT: sim_options.no_upsert = true;      return;
	case OPT_NO_UNIQUE: sim_options.no_unique = true;      return;
	case OPT_STDIN:     until_stdin_closes = true;         return;
	case OPT_PARENT:    die_with_parent = true;            return;
	case 'h':           print_help();                      exit(0);
	default:            usage("an option is not known");
	}
}

static void
add_sim(const char *arg)
{
	const char *is = strchr(arg, '=');
	size_t i = crm_number(arg, is ? (size_t)(is - arg) : strlen(arg));

	if (sim_count == SIMS_MAX)
		usage("at most %u simulators at once", SIMS_MAX);
	sims[sim_count++] = (struct sim){
		.crm = crms[i], .token = tokens[i] ? tokens[i] : crms[i]->token,
		.delay_ms = delays[i],
		.port = (uint16_t)(is ? number(is + 1, 65535, "PORT") : 0),
	};
}

static void
read_arguments(int argc, char **argv)
{
	int option;

	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1)
		take_option(option, argv);
	for (; optind < argc; optind++)
		add_sim(argv[optind]);
	if (sim_count == 0)
		usage("name at least one CRM");
}

/* The parent may have died before the signal was asked for. */
static void
follow_parent(pid_t parent)
{
	if (!die_with_parent)
		return;
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		exit(0);
}

static int
signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

static void
start_all(void)
{
	for (size_t i = 0; i < sim_count; i++) {
		struct sim *sim = &sims[i];

		sim->crm->init(sim);
		if (!sim_start(sim)) {
			fprintf(stderr,
				"renkei-simulator: %s cannot listen on 127.0.0.1:%u%s\n",
				sim->crm->name, sim->port,
				sim_options.cert ? " (or the certificate is bad)" : "");
			exit(1);
		}
		printf("%s %s://127.0.0.1:%u\n", sim->crm->name,
		       sim_options.cert ? "https" : "http", sim->port);
	}
	puts("ready");
	fflush(stdout);
}

/* Until a signal, or the end of standard input. */
static void
wait_for_end(int signal_fd)
{
	struct pollfd fds[2] = {{.fd = signal_fd, .events = POLLIN},
				{.fd = until_stdin_closes ? 0 : -1, .events = POLLIN}};
	char waste[256];

	for (;;) {
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			return;
		if (fds[0].revents)
			return;
		if (fds[1].revents && read(0, waste, sizeof waste) <= 0)
			return;
	}
}

int
main(int argc, char **argv)
{
	pid_t parent = getppid();

	read_arguments(argc, argv);
	follow_parent(parent);
	int fd = signals();
	start_all();
	wait_for_end(fd);
	sim_interrupt();
	for (size_t i = 0; i < sim_count; i++)
		sim_stop(&sims[i]);
	log_free();
	for (size_t i = 0; i < sim_count; i++)
		sim_free(&sims[i]);
	free((char *)(uintptr_t)sim_options.cert);
	free((char *)(uintptr_t)sim_options.key);
	return 0;
}
