/*
 * All ways to write alternatives brought to one, "[8B]", after remarks about characters are gone.
 * Words are left alone; field.c reads them after this.
 */
#include <string.h>

#include "engine/serial/reading.h"

/* Length of what stands between alternatives, or 0. */
static gsize between(const char *at)
{
    static const char *const gaps[] = {" OR ", " OU ", " / ", "/", "|"};
    for (guint i = 0; i < G_N_ELEMENTS(gaps); i++) {
        if (g_str_has_prefix(at, gaps[i])) {
            return strlen(gaps[i]);
        }
    }
    return 0;
}

/* A chain "8/B/3" of single characters: appends "[8B3]" and returns its length, else 0. */
static gsize take_chain(GString *out, const char *at)
{
    char set[40];
    gsize n = 0, used = 0;
    while (g_ascii_isalnum(at[used]) && !g_ascii_isalnum(at[used + 1]) && n < 36) {
        set[n++] = at[used++];
        gsize gap = between(at + used);
        if (gap == 0 || !g_ascii_isalnum(at[used + gap]) || g_ascii_isalnum(at[used + gap + 1])) {
            break;
        }
        used += gap;
    }
    if (n < 2) {
        return 0;
    }
    g_string_append_printf(out, "[%.*s]", (int)n, set);
    return used;
}

/* Length of what divides two members of a bracket, or 0. */
static gsize member_gap(const char *at)
{
    gsize n = strspn(at, " ");
    if (at[n] != '\0' && strchr("/|,;-", at[n]) != NULL) {
        n++;
    } else if (n > 0 && (strncmp(at + n, "OR ", 3) == 0 || strncmp(at + n, "OU ", 3) == 0)) {
        n += 2;
    }
    return n + strspn(at + n, " ");
}

#define MEMBER_MAX 3 /* characters of one alternative in a bracket */

/* The sets that the members of a bracket make, one for each of their positions. */
typedef struct {
    char set[MEMBER_MAX][40];
    gsize used[MEMBER_MAX];
    gsize length, members;
} Members;

static void member_char(Members *members, gsize at, char c)
{
    if (members->used[at] < sizeof(members->set[at]) - 1) {
        members->set[at][members->used[at]++] = c;
    }
}

/* "1-3": the characters between the last one and this. */
static void member_range(Members *members, char to)
{
    char from = members->set[0][members->used[0] - 1];
    gboolean same = (g_ascii_isdigit(from) != 0) == (g_ascii_isdigit(to) != 0);
    for (char c = (char)(from + 1); same && c < to; c++) {
        member_char(members, 0, c);
    }
}

/* "1-3", "1/2", "1 OR 2", "12/13": members of one length. FALSE when the text is no list. */
static gboolean members_read(Members *members, const char *at, gsize inside)
{
    *members = (Members){.members = 0};
    gboolean range = FALSE;
    for (const char *p = at; p < at + inside;) {
        gsize n = 0;
        while (g_ascii_isalnum(p[n])) {
            n++;
        }
        if (n == 0 || n > MEMBER_MAX || (members->members > 0 && n != members->length)) {
            return FALSE;
        }
        if (range && n == 1) {
            member_range(members, p[0]);
        }
        for (gsize i = 0; i < n; i++) {
            member_char(members, i, p[i]);
        }
        members->length = n;
        members->members++;
        p += n;
        gsize gap = member_gap(p);
        if (p < at + inside && gap == 0) {
            return FALSE;
        }
        range = memchr(p, '-', gap) != NULL;
        p += gap;
    }
    return members->members > 1;
}

/* Does a number that may be whole stand before, and a blank? */
static gboolean follows_number(const GString *out)
{
    gsize n = out->len, digits = 0;
    if (n == 0 || out->str[n - 1] != ' ') {
        return FALSE;
    }
    for (n--; n > 0 && g_ascii_isalnum(out->str[n - 1]); n--) {
        digits += g_ascii_isdigit(out->str[n - 1]);
    }
    return digits > 0 && out->len - n > 5;
}

static gboolean take_members(GString *out, const char *at, gsize inside)
{
    Members members;
    gboolean tight = out->len > 0 && g_ascii_isalnum(out->str[out->len - 1]);
    tight = tight || (*at == '[' && !follows_number(out)) || g_ascii_isalnum(at[inside + 2]);
    if (!members_read(&members, at + 1, inside) || (members.length > 1 && !tight)) {
        return FALSE;
    }
    for (gsize i = 0; i < members.length; i++) {
        g_string_append_printf(out, "[%.*s]", (int)members.used[i], members.set[i]);
    }
    return TRUE;
}

/* Nothing but marks in a bracket: "[...]" is an end or three positions, "[??]" two, "[ ]" one. */
static void take_marks(GString *out, const char *inside, gsize n)
{
    gsize dots = strspn(inside, "."), marks = strspn(inside, "?#_*");
    gsize positions = marks == n && n > 0 ? n : 1;
    for (gsize i = 0; i < (dots == n && n > 1 ? n : positions); i++) {
        g_string_append_c(out, dots == n && n > 1 ? '.' : '?');
    }
}

static const char UNSURE[] = ", UNSURE"; /* a phrase for a number with (?) behind it */

/* A bracket: alternatives, unreadable positions, or just punctuation. Returns what was read. */
static gsize take_bracket(GString *out, const char *at)
{
    char close = *at == '(' ? ')' : *at == '{' ? '}' : ']';
    const char *end = strchr(at, close);
    if (end == NULL) {
        g_string_append_c(out, ' ');
        return 1;
    }
    gsize inside = (gsize)(end - at - 1);
    gsize known = 0;
    while (g_ascii_isalnum(at[1 + known])) {
        known++;
    }
    gsize blank = strspn(at + 1, " ?.*#_-");
    gboolean doubt = *at == '(' && out->len > 0 && out->str[out->len - 1] == ' ';
    if (doubt && inside == 1 && at[1] == '?') {
        g_string_append(out, UNSURE);
        return 3;
    }
    if (blank >= inside && inside <= 8 && !(*at == '(' && inside == 0)) {
        take_marks(out, at + 1, inside);
        return inside + 2;
    }
    if (inside == 3 && strncmp(at + 1, "SIC", 3) == 0) {
        return inside + 2;
    }
    gboolean remark = follows_number(out) && at[inside + 2] == '\0';
    if (*at != '(' && known == inside && known <= 4 &&
        !(remark && known > 1 && strcspn(at, "0123456789") > inside)) {
        g_string_append_printf(out, "[%.*s]", (int)known, at + 1);
        return inside + 2;
    }
    if (known == 1 && inside == 2 && at[2] == '?') { /* "[8?]": a guess */
        g_string_append_c(out, '?');
        return inside + 2;
    }
    if (take_members(out, at, inside)) {
        return inside + 2;
    }
    g_string_append_c(out, '(');
    return 1;
}

/* "AB8/B12": between a digit and its look-alike letter a slash is no hyphen. */
static gboolean look_alike(char a, char b)
{
    static const char *const pairs[] = {"8B", "0O", "0D", "0Q", "1I", "1L", "5S", "2Z", "6G", "4A"};
    for (guint i = 0; i < G_N_ELEMENTS(pairs); i++) {
        if ((pairs[i][0] == a && pairs[i][1] == b) || (pairs[i][0] == b && pairs[i][1] == a)) {
            return TRUE;
        }
    }
    return FALSE;
}

static gsize run_before(const char *text, gsize at)
{
    gsize n = 0;
    while (n < at && g_ascii_isalnum(text[at - 1 - n])) {
        n++;
    }
    return n;
}

static gsize run_behind(const char *text)
{
    gsize n = 0;
    while (g_ascii_isalnum(text[n])) {
        n++;
    }
    return n;
}

/* "AB1234/AB1235": the slash stands between two numbers. */
static gboolean divides(const char *text, gsize at)
{
    return run_before(text, at) >= 5 && run_behind(text + at + 1) >= 5;
}

/* "AB1234/5": the number may end in either; but a licence's number goes on, "82314245/1". */
static gboolean ends_in(const char *text, gsize at)
{
    gsize before = run_before(text, at);
    gboolean licence = before == 8 && strspn(text + at - before, "0123456789") == before;
    return before >= 6 && !licence && run_behind(text + at + 1) == 1 && text[at + 2] == '\0' &&
           g_ascii_isdigit(text[at + 1]) && g_ascii_isdigit(text[at - 1]);
}

/* One step at a place where no phrase stands; returns what was read. */
static gsize take_one(GString *out, const char *text, gsize at)
{
    char c = text[at], next = text[at + 1], before = at > 0 ? text[at - 1] : ' ';
    if (c == '(' || c == '[' || c == '{') {
        return take_bracket(out, text + at);
    }
    if (g_ascii_isalnum(c) && !g_ascii_isalnum(before)) {
        gsize n = take_chain(out, text + at);
        if (n > 0) {
            return n;
        }
    }
    if (c == '/' && out->len > 0 &&
        (look_alike(before, next) ? !divides(text, at) : ends_in(text, at))) {
        g_string_truncate(out, out->len - 1);
        g_string_append_printf(out, "[%c%c]", before, next);
        return 2;
    }
    g_string_append_c(out, c == ']' || c == '}' ? ')' : c);
    return 1;
}

char *field_alternatives(const char *plain)
{
    GString *out = g_string_sized_new(strlen(plain) + 8);
    for (gsize i = 0; plain[i] != '\0';) {
        gboolean start = i == 0 || !g_ascii_isalnum(plain[i - 1]);
        gsize phrase = 0;
        if (start && g_ascii_isalnum(plain[i]) && notation_phrase(plain + i, &phrase) != NULL) {
            g_string_append_len(out, plain + i, (gssize)phrase);
            i += phrase;
        } else {
            i += take_one(out, plain, i);
        }
    }
    return g_string_free(out, FALSE);
}
