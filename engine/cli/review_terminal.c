/*
 * `review` on a terminal: one key a decision. Keys come one by one and unechoed; signals are read
 * like keys (signalfd), so that the terminal is set back on every way out and no decision is cut
 * in two. The store is open to write for the moment of a decision only: a person may think long,
 * and runs do not wait for it.
 */
#include "engine/cli/review_terminal.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include "engine/store/result.h"

#define KEY_HELP "[c]onfirm [d]ismiss [u]nsure [s]kip [b]ack [w]ithdraw [q]uit > "

typedef struct {
    struct termios before;
    sigset_t old_mask;
    int signals; /* signalfd */
    int raised;  /* the signal that ends it; 0: none */
} Terminal;

static void set_raw(const Terminal *terminal)
{
    struct termios raw = terminal->before;
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
}

static void set_back(const Terminal *terminal)
{
    tcsetattr(STDIN_FILENO, TCSADRAIN, &terminal->before);
}

static gboolean terminal_open(Terminal *terminal, GError **error)
{
    static const int caught[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
    sigset_t mask;
    *terminal = (Terminal){.signals = -1};
    if (tcgetattr(STDIN_FILENO, &terminal->before) != 0)
        return error_set(error, STATUS_IO, "cannot read the terminal: %s", g_strerror(errno));
    sigemptyset(&mask);
    for (guint i = 0; i < G_N_ELEMENTS(caught); i++)
        sigaddset(&mask, caught[i]);
    sigprocmask(SIG_BLOCK, &mask, &terminal->old_mask);
    terminal->signals = signalfd(-1, &mask, SFD_CLOEXEC);
    if (terminal->signals < 0) {
        sigprocmask(SIG_SETMASK, &terminal->old_mask, NULL);
        return error_set(error, STATUS_IO, "cannot wait for signals: %s", g_strerror(errno));
    }
    set_raw(terminal);
    return TRUE;
}

static void terminal_close(Terminal *terminal)
{
    set_back(terminal);
    close(terminal->signals);
    sigprocmask(SIG_SETMASK, &terminal->old_mask, NULL);
}

/* Stopped from the keyboard: the shell gets its terminal as it was, and we ours when we go on. */
static void pause_here(const Terminal *terminal)
{
    set_back(terminal);
    raise(SIGSTOP);
    set_raw(terminal);
}

/* TRUE when a signal ends the review. */
static gboolean take_signal(Terminal *terminal)
{
    struct signalfd_siginfo info;
    if (read(terminal->signals, &info, sizeof info) != (ssize_t)sizeof info)
        return FALSE;
    if (info.ssi_signo == SIGTSTP) {
        pause_here(terminal);
        return FALSE;
    }
    terminal->raised = (int)info.ssi_signo;
    return TRUE;
}

/* What follows an escape at once is no key: one more character, or a sequence to its end (an
 * arrow). */
static void skip_escape(struct pollfd *input)
{
    gboolean sequence = FALSE;
    char key;
    while (poll(input, 1, 20) > 0 && (input->revents & POLLIN) &&
           read(STDIN_FILENO, &key, 1) == 1) {
        if (sequence ? key >= '@' && key <= '~' : key != '[' && key != 'O')
            return;
        sequence = TRUE;
    }
}

/* The next key; 0 at the end of input or when a signal ends it. */
static char next_key(Terminal *terminal)
{
    struct pollfd ready[] = {{STDIN_FILENO, POLLIN, 0}, {terminal->signals, POLLIN, 0}};
    while (TRUE) {
        char key;
        if (poll(ready, 2, -1) < 0 && errno != EINTR)
            return 0;
        if ((ready[1].revents & POLLIN) && take_signal(terminal))
            return 0;
        if (!(ready[0].revents & (POLLIN | POLLHUP | POLLERR)))
            continue;
        ssize_t n = read(STDIN_FILENO, &key, 1);
        if (n <= 0 && errno != EINTR)
            return 0;
        if (n == 1 && key != '\033')
            return g_ascii_tolower(key);
        if (n == 1)
            skip_escape(ready);
    }
}

static void say(const char *text)
{
    g_autofree char *safe = text_for_terminal(text);
    fputs(safe, stdout);
    fflush(stdout);
}

static void say_item(const ReviewItem *item, guint at, guint n, const Evidence *evidence)
{
    g_autofree char *probability = text_number(item->probability, 3);
    g_autofree char *waterfall = evidence_waterfall(evidence, LANG_EN);
    g_autoptr(GString) out = g_string_new(NULL);
    g_string_append_printf(out, "\n%u of %u  %s %s  %s %s\n", at + 1, n,
                           judgement_type_name(item->type), item->tier,
                           item->type == JUDGE_LEAD ? "score" : "probability", probability);
    g_string_append_printf(out, "  %s\n", item->left);
    if (item->right)
        g_string_append_printf(out, "  %s\n", item->right);
    g_string_append(out, waterfall);
    if (item->was)
        g_string_append_printf(out, "decided before: %s\n", item->was);
    if (item->news && *item->news)
        g_string_append_printf(out, "new since: %s\n", item->news);
    g_string_append(out, KEY_HELP);
    say(out->str);
}

static gboolean show(const Context *context, const GPtrArray *items, guint at, GError **error)
{
    const ReviewItem *item = items->pdata[at];
    g_autoptr(Store) store = cli_store(context, STORE_READ, error);
    g_autoptr(Evidence) evidence =
        store ? store_get_evidence(store, item->evidence_id, error) : NULL;
    if (!evidence)
        return FALSE;
    say_item(item, at, items->len, evidence);
    return TRUE;
}

static const struct {
    char key;
    const char *decision, *said;
} keys[] = {
    {'c', "confirm", "confirmed"},
    {'d', "dismiss", "dismissed"},
    {'u', "unsure", "unsure"},
    {'w', "withdraw", "taken back"},
};

/* Keeps a decision; what stands in its way is said, and the item stays. */
static gboolean decide(const Context *context, ReviewItem *item, guint key, const char *reason)
{
    g_autoptr(GError) problem = NULL;
    const ReviewDecision decision = {item->type, item->left, item->right,
                                     (char *)keys[key].decision, (char *)reason};
    g_autoptr(Store) store = cli_store(context, STORE_WRITE, &problem);
    if (!store || !review_decide(store, &decision, context->as_of, &problem)) {
        g_autofree char *text = g_strdup_printf("not kept: %s\n" KEY_HELP, problem->message);
        say(text);
        return FALSE;
    }
    g_free(item->was);
    item->was = g_strdup_printf("%s, just now", keys[key].said);
    g_clear_pointer(&item->news, g_free);
    g_autofree char *text = g_strdup_printf("%s\n", keys[key].said);
    say(text);
    return TRUE;
}

/* What a key does to the place in the list; TRUE: the item is to be shown. */
static gboolean act(const Context *context, const GPtrArray *items, guint *at, char key,
                    const char *reason)
{
    for (guint i = 0; i < G_N_ELEMENTS(keys); i++)
        if (key == keys[i].key) {
            gboolean kept = decide(context, items->pdata[*at], i, reason);
            *at += kept;
            return kept;
        }
    if (key == 's')
        say("skipped\n");
    else if (key != 'b')
        return FALSE;
    *at = key == 's' ? *at + 1 : MAX(*at, 1u) - 1;
    return TRUE;
}

static gboolean go_through(const Context *context, const GPtrArray *items, const char *reason,
                           Terminal *terminal, GError **error)
{
    gboolean fresh = TRUE;
    for (guint at = 0; at < items->len;) {
        if (fresh && !show(context, items, at, error))
            return FALSE;
        char key = next_key(terminal);
        if (!key || key == 'q')
            break;
        fresh = act(context, items, &at, key, reason);
    }
    say("\n");
    return TRUE;
}

int review_terminal(const Context *context, const GPtrArray *items, const char *reason,
                    GError **error)
{
    Terminal terminal;
    if (!items->len) {
        cli_say(context, "nothing to review");
        return STATUS_DONE;
    }
    if (!terminal_open(&terminal, error))
        return cli_stopped(error);
    gboolean ok = go_through(context, items, reason, &terminal, error);
    terminal_close(&terminal);
    if (terminal.raised)
        return 128 + terminal.raised;
    return ok ? STATUS_DONE : cli_stopped(error);
}
