/*
 * main: finds the command, runs it, prints the one error there may be and ends with its status.
 */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/csv.h"
#include "engine/base/hash.h"
#include "engine/base/ini.h"
#include "engine/base/memory.h"
#include "engine/base/regex.h"
#include "engine/cli/cli.h"
#include "engine/cli/lost.h"
#include "engine/cli/version.h"

static void print_usage(FILE *out)
{
    fputs("usage: crosstrace COMMAND [OPTION...]\n\n", out);
    for (const Command *const *c = commands(); *c; c++)
        fprintf(out, "  %-10s %s\n", (*c)->name, (*c)->summary);
    fputs("\nexamples:\n"
          "  crosstrace load data-samples/*.csv\n"
          "  crosstrace correlate\n"
          "  crosstrace leads list\n\n"
          "'crosstrace COMMAND --help' tells the options of a command, with an example.\n",
          out);
}

static const Command *find_command(const char *name, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (const Command *const *c = commands(); *c; c++) {
        if (strcmp((*c)->name, name) == 0)
            return *c;
        g_ptr_array_add(names, (gpointer)(*c)->name);
    }
    g_ptr_array_add(names, NULL);
    g_autofree char *hint = nearest_hint(name, (const char *const *)names->pdata);
    error_set(error, STATUS_USAGE, "unknown command '%s'%s", name,
              *hint ? hint : "; see 'crosstrace --help'");
    return NULL;
}

/* Global options may stand before the command: moves the command's name to the front. */
static gboolean command_first(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (argv[i][0] == '-' && argv[i][1]) {
            if (cli_global_takes_value(argv[i]))
                i++;
            continue;
        }
        char *name = argv[i];
        memmove(argv + 2, argv + 1, sizeof(char *) * (size_t)(i - 1));
        argv[1] = name;
        return TRUE;
    }
    return FALSE;
}

/* A closed standard stream is no free place: else the next file opened, the store's lock or an
 * input, takes its number and gets the messages. Opened the wrong way round, so that who
 * reads or writes it is told. */
static void keep_standard_streams(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF &&
            open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
            _exit(STATUS_IO);
}

/* Cores would hold person data, new files are not for others; a cut pipe, a file that may grow no
 * further and one that is cut short are errors to be told, no crash; what a stage has freed is not
 * this process's. */
static void set_up_process(void)
{
    keep_standard_streams();
    memory_give_back();
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    umask(0027);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    lost_pages_tell();
    setlocale(LC_CTYPE, "");
}

static int run_command(int argc, char **argv, GError **error)
{
    Context context = {0};
    const Command *command = find_command(argv[1], error);
    if (!command)
        return STATUS_USAGE;
    int status = command->run(&context, argc - 1, argv + 1, error);
    cli_context_clear(&context);
    return status;
}

/* What went through stdio (help, version, remarks of a dry run) must have arrived too. */
static int flushed(int status)
{
    gboolean failed = fflush(stdout) != 0 && errno != EPIPE;
    if (!failed)
        return status;
    fprintf(stderr, "crosstrace: cannot write 'standard output': %s\n", g_strerror(errno));
    return status_worst(status, STATUS_IO);
}

static gboolean has_option(int argc, char **argv, const char *name, const char *letter)
{
    for (int i = 1; i < argc && argv[i][0] == '-'; i++)
        if (strcmp(argv[i], name) == 0 || g_strcmp0(argv[i], letter) == 0)
            return TRUE;
    return FALSE;
}

static void print_version(gboolean libraries)
{
    static char *(*const parts[])(void) = {store_libraries, csv_library, regex_library,
                                           hash_library, rows_library};
    puts("crosstrace " CROSSTRACE_VERSION);
    if (!libraries)
        return;
    printf("GLib %u.%u.%u\n", glib_major_version, glib_minor_version, glib_micro_version);
    for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_autofree char *text = parts[i]();
        puts(text);
    }
}

static int run_line(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    if (has_option(argc, argv, "--version", NULL)) {
        print_version(has_option(argc, argv, "--verbose", "-v"));
        return STATUS_DONE;
    }
    if (!command_first(argc, argv)) {
        gboolean help = argc > 1 && strcmp(argv[1], "--help") == 0;
        print_usage(help ? stdout : stderr);
        return help ? STATUS_DONE : STATUS_USAGE;
    }
    int status = run_command(argc, argv, &error);
    if (error) {
        g_autofree char *text = text_for_terminal(error->message);
        fprintf(stderr, "crosstrace: %s\n", text);
        status = status_worst(status, (int)error_status(error));
    }
    return status;
}

int main(int argc, char **argv)
{
    set_up_process();
    return flushed(run_line(argc, argv));
}
