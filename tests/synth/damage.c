/*
 * What happens to a serial number between the frame and the report. Every damage has a name, which
 * the truth keeps, so that recall can be given by kind.
 */
#include <string.h>

#include "tests/synth/channel.h"
#include "tests/synth/synth.h"

typedef struct {
    const char *name;
    double rate; /* at errors = 1 */
    void (*apply)(char *serial, gsize size, Rng *rng, const Gun *gun);
} Damage;

gsize serial_alnum_from(const char *serial, gsize at)
{
    gsize n = strlen(serial);
    for (gsize i = 0; i < n; i++)
        if (g_ascii_isalnum(serial[(at + i) % n]))
            return (at + i) % n;
    return 0;
}

static gsize pick_alnum(const char *serial, Rng *rng)
{
    return serial_alnum_from(serial, rng_below(rng, strlen(serial)));
}

char serial_confused(char c, gsize start)
{
    static const char *const pairs[SERIAL_CONFUSED_COUNT] = SERIAL_CONFUSED;
    for (gsize i = 0; i < G_N_ELEMENTS(pairs); i++) {
        const char *pair = pairs[(start + i) % G_N_ELEMENTS(pairs)];
        char a = pair[0], b = pair[strlen(pair) - 1];
        if (c == a || c == b)
            return c == a ? b : a;
    }
    return '\0';
}

static gboolean confuse_at(char *serial, gsize at, Rng *rng)
{
    char other = serial_confused(serial[at], rng_below(rng, SERIAL_CONFUSED_COUNT));
    if (other != '\0')
        serial[at] = other;
    return other != '\0';
}

static void apply_confusion(char *serial, gsize size, Rng *rng, const Gun *gun)
{
    (void)size, (void)gun;
    for (guint i = 0; i < 20; i++)
        if (confuse_at(serial, pick_alnum(serial, rng), rng))
            return;
}

static void apply_confusion2(char *serial, gsize size, Rng *rng, const Gun *gun)
{
    gsize first = pick_alnum(serial, rng);
    confuse_at(serial, first, rng);
    apply_confusion(serial, size, rng, gun);
}

char serial_other(char c)
{
    return g_ascii_isdigit(c) ? (char)('0' + (c - '0' + 3) % 10) : (char)('A' + (c - 'A' + 7) % 26);
}

static void apply_substitution(char *serial, gsize size, Rng *rng, const Gun *gun)
{
    gsize at = pick_alnum(serial, rng);
    (void)size, (void)gun;
    serial[at] = serial_other(serial[at]);
}

static void apply_transposition(char *serial, gsize size, Rng *rng, const Gun *gun)
{
    gsize n = strlen(serial);
    (void)size, (void)gun;
    for (guint i = 0; i < 20 && n > 2; i++) {
        gsize at = rng_below(rng, n - 1);
        char a = serial[at], b = serial[at + 1];
        if (a != b && g_ascii_isalnum(a) && g_ascii_isalnum(b)) {
            serial[at] = b;
            serial[at + 1] = a;
            return;
        }
    }
}

static void apply_dropped(char *serial, gsize size, Rng *rng, const Gun *gun)
{
    gsize at = pick_alnum(serial, rng);
    (void)size, (void)gun;
    memmove(serial + at, serial + at + 1, strlen(serial + at));
}

static void apply_added(char *serial, gsize size, Rng *rng, const Gun *gun)
{
    gsize at = pick_alnum(serial, rng), n = strlen(serial);
    (void)gun;
    if (n + 1 < size)
        memmove(serial + at + 1, serial + at, n - at + 1);
}

gsize serial_prefix(const char *serial)
{
    gsize cut = 0, n = strlen(serial);
    const char *hyphen = strchr(serial, '-');
    if (hyphen != NULL && strlen(hyphen + 1) >= 5)
        cut = (gsize)(hyphen - serial) + 1;
    else
        while (cut < n && !g_ascii_isdigit(serial[cut]))
            cut++;
    return cut == 0 || n - cut < 5 ? MIN(2, n - 1) : cut;
}

static void apply_prefix(char *serial, gsize size, Rng *rng, const Gun *gun)
{
    gsize cut = serial_prefix(serial);
    (void)size, (void)rng, (void)gun;
    memmove(serial, serial + cut, strlen(serial) - cut + 1);
}

static void apply_spacing(char *serial, gsize size, Rng *rng, const Gun *gun)
{
    gsize n = strlen(serial), at = 1 + rng_below(rng, MAX(n, 3) - 2);
    (void)gun;
    char *hyphen = strchr(serial, '-');
    if (hyphen != NULL) {
        memmove(hyphen, hyphen + 1, strlen(hyphen));
        return;
    }
    if (n + 1 < size) {
        memmove(serial + at + 1, serial + at, n - at + 1);
        serial[at] = rng_chance(rng, 0.5) ? ' ' : '-';
    }
}

static void apply_alternatives(char *serial, gsize size, Rng *rng, const Gun *gun)
{
    char whole[64], other[2] = {0, 0};
    gsize at = pick_alnum(serial, rng);
    (void)gun;
    char changed[64];
    g_strlcpy(changed, serial, sizeof changed);
    if (!confuse_at(changed, at, rng))
        changed[at] = serial[at] == '7' ? '1' : '7';
    other[0] = changed[at];
    g_snprintf(whole, sizeof whole, "%.*s(%c/%s)%s", (int)at, serial, serial[at], other,
               serial + at + 1);
    g_strlcpy(serial, whole, size);
}

static void apply_unknowns(char *serial, gsize size, Rng *rng, const Gun *gun)
{
    static const char marks[] = SERIAL_MARKS;
    char mark = marks[rng_below(rng, 4)];
    guint n = 1 + (guint)rng_below(rng, 2);
    (void)size, (void)gun;
    for (guint i = 0; i < n; i++)
        serial[pick_alnum(serial, rng)] = mark;
}

#define DAMAGE(name, rate) {#name, rate, apply_##name},
static const Damage DAMAGES[] = {SERIAL_DAMAGES(DAMAGE)};

/* "last four 1234" and its like. */
static void partial_write(const Gun *gun, Rng *rng, gboolean french, Written *out)
{
    gsize n = strlen(gun->serial), keep = 4 + rng_below(rng, 2);
    keep = MIN(n, keep);
    const char *tail = gun->serial + n - keep;
    out->damage = "partial";
    out->condition = "PARTIAL";
    switch (rng_below(rng, 4)) {
    case 0:
        g_snprintf(out->text, sizeof out->text, french ? "SE TERMINANT PAR %s" : "ENDS IN %s",
                   tail);
        break;
    case 1:
        g_snprintf(out->text, sizeof out->text, "***%s", tail);
        break;
    case 2:
        g_snprintf(out->text, sizeof out->text, french ? "COMMENÇANT PAR %.*s" : "BEGINS WITH %.*s",
                   (int)MIN(n, 5), gun->serial);
        break;
    default:
        g_snprintf(out->text, sizeof out->text, french ? "PARTIEL %s" : "PARTIAL %s", tail);
    }
}

static gboolean literal_write(const Gun *gun, Rng *rng, double errors, Written *out)
{
    if (rng_chance(rng, SERIAL_IS_MODEL * errors)) {
        g_strlcpy(out->text, gun->model->model, sizeof out->text);
        out->damage = "model";
        return TRUE;
    }
    if (rng_chance(rng, SERIAL_IS_WORD * errors)) {
        static const char *const words[] = SERIAL_WORDS;
        g_strlcpy(out->text, words[rng_below(rng, G_N_ELEMENTS(words))], sizeof out->text);
        out->damage = "unknown";
        out->condition = "UNKNOWN";
        return TRUE;
    }
    return FALSE;
}

Written serial_write(const Gun *gun, Rng *rng, double errors, gboolean french)
{
    Written out = {.damage = "exact", .condition = ""};
    double draw = rng_unit(rng);
    g_strlcpy(out.text, gun->serial, sizeof out.text);
    if (gun->serial[0] == '\0') {
        g_strlcpy(out.text, french ? "SANS NUMÉRO DE SÉRIE" : "NONE", sizeof out.text);
        out.condition = "NONE";
        out.damage = "none";
        return out;
    }
    if (literal_write(gun, rng, errors, &out))
        return out;
    if (rng_chance(rng, SERIAL_IS_PART * errors)) {
        partial_write(gun, rng, french, &out);
        return out;
    }
    for (guint i = 0; i < G_N_ELEMENTS(DAMAGES); i++) {
        double rate = MIN(DAMAGES[i].rate * errors, SERIAL_DAMAGE_MOST);
        if (draw < rate) {
            DAMAGES[i].apply(out.text, sizeof out.text, rng, gun);
            out.damage = strcmp(out.text, gun->serial) == 0 ? "exact" : DAMAGES[i].name;
            out.condition = strcmp(DAMAGES[i].name, "unknowns") == 0 ? "PARTIAL" : "";
            return out;
        }
        draw -= rate;
    }
    return out;
}

/* Removed; sometimes the laboratory brings back all or the end of it. */
Written serial_obliterated(const Gun *gun, Rng *rng, gboolean french)
{
    Written out = {.damage = "obliterated", .condition = "OBLITERATED"};
    gsize n = strlen(gun->serial);
    switch (rng_below(rng, 4)) {
    case 0:
        g_strlcpy(out.text, gun->serial, sizeof out.text);
        out.damage = "restored";
        out.condition = "RESTORED";
        break;
    case 1:
        g_snprintf(out.text, sizeof out.text, "***%s", n > 5 ? gun->serial + n - 5 : gun->serial);
        out.damage = "restored-part";
        out.condition = "RESTORED";
        break;
    case 2:
        g_strlcpy(out.text, french ? "OBLITÉRÉ" : "OBLITERATED", sizeof out.text);
        break;
    default:
        g_strlcpy(out.text, french ? "LIMÉ" : "GROUND OFF", sizeof out.text);
    }
    return out;
}
