/*
 * First steps on a raw serial field: plain upper-case text, x as a placeholder, and all ways to
 * write alternatives brought to one, "[8B]". Words are left alone; field.c reads them after this.
 */
#include "engine/serial/reading.h"

#include <string.h>

#include "engine/base/text.h"

/* What stands for something although it is not ASCII. Cyrillic and Greek letters are the Latin
 * letter that looks like them, or that sounds like them: whoever copies a number writes one of the
 * two. */
static const struct {
    const char *from, *to;
} SPELLED[] = {
    {"\xC2\xB0", "O "},   {"\xC2\xBA", "O "},   {"\xE2\x84\x96", "NO "}, {"\xE2\x80\xA6", "..."},
    {"\xD0\x90", "A"},    {"\xD0\x92", "[BV]"}, {"\xD0\x95", "E"},       {"\xD0\x9A", "K"},
    {"\xD0\x9C", "M"},    {"\xD0\x9D", "[HN]"}, {"\xD0\x9E", "O"},       {"\xD0\xA0", "[PR]"},
    {"\xD0\xA1", "[CS]"}, {"\xD0\xA2", "T"},    {"\xD0\xA3", "[UY]"},    {"\xD0\xA5", "[HX]"},
    {"\xD0\x86", "I"},    {"\xD0\x85", "S"},    {"\xD0\x88", "J"},       {"\xCE\x91", "A"},
    {"\xCE\x92", "B"},    {"\xCE\x95", "E"},    {"\xCE\x96", "Z"},       {"\xCE\x97", "H"},
    {"\xCE\x99", "I"},    {"\xCE\x9A", "K"},    {"\xCE\x9C", "M"},       {"\xCE\x9D", "N"},
    {"\xCE\x9F", "O"},    {"\xCE\xA1", "[PR]"}, {"\xCE\xA4", "T"},       {"\xCE\xA5", "[UY]"},
    {"\xCE\xA7", "X"}};

/* Bullets and the like, with which people cover or count what they cannot read. */
static gboolean is_cover(gunichar c)
{
    return c == 0x2022 || c == 0x2023 || c == 0x25CF || c == 0x00BF || c == 0x2043;
}

/* A letter, number or sign that is none of the alphabet: something stood there. Punctuation,
 * arrows, and the signs of trade marks stand for nothing. */
static gboolean is_sign(gunichar c)
{
    switch (g_unichar_type(c)) {
    case G_UNICODE_UPPERCASE_LETTER:
    case G_UNICODE_LOWERCASE_LETTER:
    case G_UNICODE_TITLECASE_LETTER:
    case G_UNICODE_OTHER_LETTER:
    case G_UNICODE_LETTER_NUMBER:
    case G_UNICODE_OTHER_NUMBER:
    case G_UNICODE_MATH_SYMBOL:
    case G_UNICODE_CURRENCY_SYMBOL:
    case G_UNICODE_OTHER_SYMBOL:
        return !(c >= 0x2190 && c <= 0x21FF) && c != 0xA9 && c != 0xAE && c != 0x2122;
    default:
        return is_cover(c);
    }
}

/* Where the text that has no blank ends. */
static gsize word_length(const char *at)
{
    return strcspn(at, " \t\n\r,;:()\"=");
}

static gboolean has_digit(const char *at, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        if (g_ascii_isdigit(at[i])) {
            return TRUE;
        }
    }
    return FALSE;
}

#define PREFIX_MAX 3 /* letters of another script that are a prefix in a word of its own */

/* Is a word a number or its prefix, so that every sign in it is a place? */
static gboolean holds_places(const char *word)
{
    gsize n = word_length(word), gap = strspn(word + n, " -");
    return has_digit(word, n) || (g_utf8_strlen(word, (gssize)n) <= PREFIX_MAX && gap > 0 &&
                                  g_ascii_isdigit(word[n + gap]));
}

/* What a character outside ASCII is read as; places: it stands in a number. A bullet before the
 * word is a list's. */
static const char *spelled(const char *at, gboolean places, gboolean first, gsize *length)
{
    gunichar c = g_utf8_get_char(at);
    *length = (gsize)(g_utf8_next_char(at) - at);
    gboolean letter = g_unichar_isalpha(c) && c != 0xBA && c != 0xAA;
    for (guint i = 0; i < G_N_ELEMENTS(SPELLED) && (places || !letter); i++) {
        if (strncmp(at, SPELLED[i].from, strlen(SPELLED[i].from)) == 0) {
            return SPELLED[i].to;
        }
    }
    gboolean list = first && is_cover(c) && g_utf8_get_char(at + *length) != c;
    return places && !list && is_sign(c) ? "?" : " ";
}

/* ="0503E000", 'ABC and "ABC": the quoting of spreadsheets. */
static void unwrap(GString *text)
{
    while (text->len > 0 && g_ascii_isspace(text->str[0])) {
        g_string_erase(text, 0, 1);
    }
    while (text->len > 0 && g_ascii_isspace(text->str[text->len - 1])) {
        g_string_truncate(text, text->len - 1);
    }
    if (g_str_has_prefix(text->str, "=\"")) {
        g_string_erase(text, 0, 1);
    }
    gboolean quoted = text->len > 1 && text->str[0] == '"' && text->str[text->len - 1] == '"';
    if (quoted) {
        g_string_truncate(text, text->len - 1);
    }
    if (quoted || text->str[0] == '\'') {
        g_string_erase(text, 0, 1);
    }
}

/* "# 12345", "#HAA1234": number sign; "#B12?4", "##1234": a position. */
static gboolean is_number_sign(const char *text)
{
    return text[0] == '#' && (text[1] == ' ' || strpbrk(text + 1, "?*#_[") == NULL);
}

/* "1) HAA1234", "(a) HAA1234", "2. HAA1234": what counts the lines of a list; its length. */
static gsize enumerator(const char *text)
{
    gboolean open = text[0] == '(';
    gsize from = open ? 1 : 0, n = from, digits = strspn(text + from, "0123456789");
    n += digits > 0 && digits < 3 ? digits : digits == 0 && g_ascii_isalpha(text[n]) ? 1 : 0;
    gboolean point = !open && digits > 0 && text[n] == '.';
    if (n == from || !(text[n] == ')' || point) || text[n + 1] != ' ') {
        return 0;
    }
    gsize rest = n + 1 + strspn(text + n + 1, " ");
    return strcspn(text + rest, " ") >= 5 && has_digit(text + rest, strlen(text + rest)) ? rest : 0;
}

/* UTF-8 that was read as Latin-1 or Windows-1252 and written as UTF-8 again: "Ã©", "Â°". What an
 * encoding lost between letters is '?', as for those who write "OBLIT?R?". */
static char *repaired(const char *raw)
{
    static const gunichar special[] = {0x20AC, 0x2030, 0x2021, 0x02C6, 0x0160, 0x201D};
    static const char plain[] = "AECEEO";
    g_autofree char *valid = g_utf8_make_valid(raw, -1);
    GString *out = g_string_sized_new(strlen(valid) + 1);
    for (const char *p = valid; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        const char *next = g_utf8_next_char(p);
        gunichar d = g_utf8_get_char(next);
        gboolean letter = p > valid && g_ascii_isalpha(p[-1]) && !g_ascii_isdigit(*next);
        guint i = 0;
        while (i < G_N_ELEMENTS(special) && special[i] != d) {
            i++;
        }
        if ((c == 0xC3 || c == 0xC2) && d >= 0x80 && d <= 0xBF) {
            g_string_append_unichar(out, c == 0xC3 ? d + 0x40 : d);
            p = next;
        } else if (c == 0xC3 && i < G_N_ELEMENTS(special)) {
            g_string_append_c(out, plain[i]);
            p = next;
        } else if (c == 0xFFFD && letter) {
            g_string_append_c(out, '?');
        } else if (c >= 0xFF01 && c <= 0xFF5E) { /* of full width */
            g_string_append_c(out, (char)(c - 0xFF01 + '!'));
        } else if (c >= 0x80 && g_unichar_isdigit(c)) { /* of another script */
            g_string_append_c(out, (char)('0' + g_unichar_digit_value(c)));
        } else {
            g_string_append_unichar(out, c);
        }
    }
    return g_string_free(out, FALSE);
}

char *field_plain(const char *raw)
{
    g_autofree char *sound = repaired(raw);
    g_autofree char *folded = text_fold(sound);
    GString *out = g_string_sized_new(strlen(folded) + 8);
    const char *word = folded, *end = folded;
    gboolean places = FALSE;
    for (const char *p = folded; *p != '\0';) {
        if (p >= end) {
            word = p;
            end = p + MAX(word_length(p), 1);
            places = holds_places(p);
        }
        if ((guchar)*p >= 0x80) {
            gsize n;
            g_string_append(out, spelled(p, places, p == word, &n));
            p += n;
        } else {
            g_string_append_c(out, *p == '\n' ? ';' : g_ascii_iscntrl(*p) ? ' ' : *p);
            p++;
        }
    }
    unwrap(out);
    if (is_number_sign(out->str)) {
        g_string_erase(out, 0, 1);
    }
    g_string_erase(out, 0, (gssize)enumerator(out->str));
    return g_string_free(out, FALSE);
}

static gboolean run_char(char c)
{
    return g_ascii_isalnum(c) || (c != '\0' && strchr("?*#_", c) != NULL);
}

static gboolean is_x(char c)
{
    return c == 'x' || c == 'X';
}

/* "9x19", "7.62x39": the bore and length of a cartridge that is known. */
static gboolean is_cartridge(const char *run, gsize n)
{
    char text[8];
    if (n < 4 || n > 6) {
        return FALSE;
    }
    for (gsize i = 0; i < n; i++) {
        text[i] = g_ascii_toupper(run[i]);
    }
    text[n] = '\0';
    return g_strcmp0(notation_not_serial(NULL, text), "calibre") == 0;
}

/* Marks one run of letters, digits and placeholders; see the X rule of domain.md 5.3. */
static void mark_run(char *run, gsize n, gboolean flagged)
{
    guint lower = 0, readable = 0, others = 0;
    for (gsize i = 0; i < n; i++) {
        lower += g_ascii_islower(run[i]) && run[i] != 'x';
        readable += g_ascii_isdigit(run[i]);
        others += !is_x(run[i]) && !g_ascii_isalnum(run[i]);
    }
    gboolean number = readable + others > 0;
    if (is_cartridge(run, n)) {
        return; /* "9x19 HAA1234" */
    }
    if (flagged && n > 1 && run[0] == '#') {
        run[0] = '?';
    }
    for (gsize i = 0; i < n; i++) {
        if (!is_x(run[i])) {
            continue;
        }
        gboolean repeated = (i > 0 && run[i - 1] == '\1') || (i + 1 < n && is_x(run[i + 1]));
        gboolean small = run[i] == 'x' && lower == 0;
        if (repeated || small || (flagged && number)) {
            run[i] = '\1';
        }
    }
    for (gsize i = 0; i < n; i++) {
        run[i] = run[i] == '\1' ? '?' : run[i];
    }
}

char *field_marked(const char *raw, gboolean flagged)
{
    g_autofree char *copy = g_strdup(raw);
    for (char *p = copy; *p != '\0';) {
        gsize n = 0;
        while (run_char(p[n])) {
            n++;
        }
        mark_run(p, n, flagged);
        p += n;
        p += *p != '\0' && !run_char(*p);
    }
    return field_plain(copy);
}

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

static gboolean take_members(GString *out, const char *at, gsize inside)
{
    Members members;
    gboolean tight = out->len > 0 && g_ascii_isalnum(out->str[out->len - 1]);
    tight = tight || *at == '[' || g_ascii_isalnum(at[inside + 2]);
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
        return 3;
    }
    if (blank >= inside && inside <= 8 && !(*at == '(' && inside == 0)) {
        take_marks(out, at + 1, inside);
        return inside + 2;
    }
    if (inside == 3 && strncmp(at + 1, "SIC", 3) == 0) {
        return inside + 2;
    }
    if (*at == '[' && known == inside && known <= 4) {
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
    if (c == '/' && out->len > 0 && look_alike(before, next)) {
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
