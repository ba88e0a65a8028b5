/*
 * Two whole names held against each other, whatever the order of their parts, their spelling, their
 * script: what `find` and name lists need, where nothing but a name is known. Parts are paired by
 * likeness; a part that both names have of their own speaks against them, one that a name has more
 * only a little. Titles and particles do not count. Not used where names come with other cells.
 */
#include "engine/person/distance.h"
#include "engine/person/letters.h"
#include "engine/person/model.h"
#include "engine/person/probe.h"
#include "engine/person/words.h"

#include "engine/base/dict.h"
#include "engine/base/hash.h"
#include "engine/base/text.h"

#include <stdlib.h>
#include <string.h>

#define PARTS_MAX  12
#define PART_BYTES 64
#define EDITS_MAX  3 /* between two parts that are alike, but for a letter and a nickname */

typedef struct {
    guint n;
    char text[PARTS_MAX][PART_BYTES];
    guint length[PARTS_MAX];
} Parts;

static void part_add(Parts *parts, const char *text)
{
    for (guint i = 0; i < parts->n; i++)
        if (strcmp(parts->text[i], text) == 0)
            return; /* "Shoigu Shoigu" */
    if (parts->n == PARTS_MAX)
        return;
    parts->length[parts->n] = (guint)g_strlcpy(parts->text[parts->n], text, PART_BYTES);
    parts->length[parts->n] = MIN(parts->length[parts->n], PART_BYTES - 1);
    parts->n++;
}

/* Words of a name but titles and, unless there is nothing else, particles. */
static void parts_read(Parts *parts, const PersonModel *model, const char *name)
{
    g_autofree char *folded = text_fold(name);
    g_autofree char *latin = name_latin(model, folded, FALSE);
    Words words;
    words_cut(&words, latin, -1);
    parts->n = 0;
    for (guint pass = 0; pass < 2 && parts->n == 0; pass++)
        for (guint i = 0; i < words.n; i++) {
            const char *word = words.at[i];
            gboolean title = word[1] && word_find(WORD_TITLE, word);
            if (pass > 0 || !(title || word_find(WORD_PARTICLE, word)))
                part_add(parts, word);
        }
}

/* 0: no likeness. */
static double part_alike(const PersonModel *model, const char *a, guint la, const char *b, guint lb)
{
    char x[8], y[8];
    guint least = MIN(la, lb), most = MAX(la, lb);
    if (la == lb && memcmp(a, b, la) == 0)
        return 1;
    if (least == 1)
        return a[0] == b[0] ? model->alike.initial : 0;
    if (nickname_equal(model, a, b))
        return model->alike.called;
    guint edits = distance_edit(a, la, b, lb);
    if ((edits == 1 && (least >= 4 || (least == 3 && a[0] == b[0]))) || (edits == 2 && least >= 8))
        return 1 - (double)edits / most;
    if (least < 3 || edits > EDITS_MAX)
        return 0;
    name_sound(a, x);
    name_sound(b, y);
    return x[0] && x[1] && strcmp(x, y) == 0 ? model->alike.spoken : 0;
}

typedef struct {
    double alike;
    guint a, b, letters;        /* which parts, letters of the longer */
    const char *before, *after; /* their texts, sorted */
} Match;

/* Of those that are as much alike the longest first, then by their texts: never by which name came
 * first or where in it a part stands. */
static int match_compare(gconstpointer x, gconstpointer y, gpointer data)
{
    const Match *p = x, *q = y;
    (void)data;
    if (p->alike != q->alike)
        return p->alike > q->alike ? -1 : 1;
    if (p->letters != q->letters)
        return p->letters > q->letters ? -1 : 1;
    int before = strcmp(p->before, q->before);
    return before ? before : strcmp(p->after, q->after);
}

static Match match_of(const Parts *a, guint i, const Parts *b, guint j, double alike)
{
    gboolean sorted = strcmp(a->text[i], b->text[j]) <= 0;
    return (Match){.alike = alike,
                   .a = i,
                   .b = j,
                   .letters = MAX(a->length[i], b->length[j]),
                   .before = sorted ? a->text[i] : b->text[j],
                   .after = sorted ? b->text[j] : a->text[i]};
}

/* Letters of the parts that are not among the taken ones. */
static double spare_letters(const Parts *parts, guint taken)
{
    double letters = 0;
    for (guint i = 0; i < parts->n; i++)
        letters += taken >> i & 1 ? 0 : parts->length[i];
    return letters;
}

/* Parts that are alike at all, the most alike first. */
static guint matches_find(const PersonModel *model, const Parts *a, const Parts *b, Match *matches)
{
    guint n = 0;
    for (guint i = 0; i < a->n; i++)
        for (guint j = 0; j < b->n; j++) {
            double alike = part_alike(model, a->text[i], a->length[i], b->text[j], b->length[j]);
            if (alike > 0)
                matches[n++] = match_of(a, i, b, j, alike);
        }
    g_qsort_with_data(matches, (gint)n, sizeof *matches, match_compare, NULL);
    return n;
}

/* Each part is paired once. */
static double parts_alike(const PersonModel *model, const Parts *a, const Parts *b)
{
    Match matches[PARTS_MAX * PARTS_MAX] = {{0}};
    guint n = matches_find(model, a, b, matches), taken[2] = {0, 0}, paired = 0;
    double sum = 0, weight = 0;
    for (guint m = 0; m < n; m++) {
        guint i = matches[m].a, j = matches[m].b;
        if ((taken[0] >> i & 1) || (taken[1] >> j & 1))
            continue;
        double letters = matches[m].letters;
        taken[0] |= 1u << i;
        taken[1] |= 1u << j;
        sum += matches[m].alike * letters;
        weight += letters;
        paired++;
    }
    if (paired == 0)
        return 0;
    if (paired == 1 && MIN(a->n, b->n) == 1 && MAX(a->n, b->n) > 1)
        return sum / weight / 2; /* one name of several says little */
    double x = spare_letters(a, taken[0]), y = spare_letters(b, taken[1]);
    return sum /
           (weight + model->alike.other * MIN(x, y) + model->alike.spare * (MAX(x, y) - MIN(x, y)));
}

/* Two parts of `a` that `b` writes as one: "Jean Marie", "Jeanmarie". */
static double joined_alike(const PersonModel *model, const Parts *a, const Parts *b)
{
    double best = 0;
    for (guint i = 0; i + 1 < a->n; i++) {
        Parts one = {0};
        for (guint k = 0; k < a->n; k++) {
            g_autofree char *both = k == i ? g_strconcat(a->text[k], a->text[k + 1], NULL) : NULL;
            if (k != i + 1)
                part_add(&one, both ? both : a->text[k]);
        }
        double alike = parts_alike(model, &one, b);
        best = MAX(best, alike);
    }
    return best;
}

static double whole_alike(const PersonModel *model, const Parts *x, const Parts *y)
{
    double best = parts_alike(model, x, y);
    if (best < 1 && x->n != y->n)
        best = MAX(best, x->n > y->n ? joined_alike(model, x, y) : joined_alike(model, y, x));
    return best;
}

double person_names_alike(const PersonModel *model, const char *a, const char *b)
{
    Parts x, y;
    parts_read(&x, model, a);
    parts_read(&y, model, b);
    return whole_alike(model, &x, &y);
}

static gint sound_compare(gconstpointer a, gconstpointer b)
{
    return strcmp(a, b);
}

char *person_name_key(const PersonModel *model, const char *name)
{
    Parts parts;
    char sounds[PARTS_MAX][8];
    g_autoptr(GString) key = g_string_new(NULL);
    parts_read(&parts, model, name);
    for (guint i = 0; i < parts.n; i++)
        name_sound(parts.text[i], sounds[i]);
    qsort(sounds, parts.n, sizeof *sounds, sound_compare);
    for (guint i = 0; i < parts.n; i++)
        g_string_append_printf(key, "%s%s", key->len ? " " : "", sounds[i]);
    /* sounds are cut by the byte, and a letter of another script is several */
    return key->len ? g_utf8_make_valid(key->str, (gssize)key->len) : NULL;
}

void person_name_words(const PersonModel *model, const char *name,
                       void (*visit)(const char *word, gpointer data), gpointer data)
{
    Parts parts;
    char both[2 * PART_BYTES];
    parts_read(&parts, model, name);
    for (guint i = 0; i < parts.n; i++)
        visit(parts.text[i], data);
    for (guint i = 0; i + 1 < parts.n; i++) {
        g_strlcpy(both, parts.text[i], PART_BYTES);
        g_strlcat(both, parts.text[i + 1], PART_BYTES);
        visit(both, data);
    }
}

guint64 person_words_stamp(const PersonModel *model)
{
    guint64 sum = 1;
    GHashTableIter iter;
    gpointer letter, latin;
    g_hash_table_iter_init(&iter, model->letters);
    while (g_hash_table_iter_next(&iter, &letter, &latin))
        sum += mix(GPOINTER_TO_UINT(letter), text_hash64(latin, strlen(latin)));
    return sum;
}

/* ---- one name held against many ------------------------------------------------------------ */

/* A part of the name that is asked for, or two neighbours written as one. */
typedef struct {
    char text[PART_BYTES];
    guint length;
    guint32 letters;
    guint16 sound; /* sound_of */
    guint covers;  /* bits of the parts */
} Want;

struct NameProbe {
    const PersonModel *model;
    Parts parts;
    guint n;
    Want wants[2 * PARTS_MAX];
    GPtrArray *called; /* of char *: nicknames of the wants */
    double gain[PARTS_MAX];
    guint8 *enough; /* by bits of the parts that a name has words like */
};

static guint32 letters_of(const char *text)
{
    guint32 letters = 0;
    for (; *text; text++)
        letters |= letter_bit(*text);
    return letters;
}

/* Two parts of one sound have one number. */
static guint16 sound_of(const char *text)
{
    char sound[8];
    name_sound(text, sound);
    return (guint16)mix(1, text_hash64(sound, strlen(sound)));
}

static void want_add(NameProbe *probe, const char *a, const char *b, guint covers)
{
    Want *want = &probe->wants[probe->n++];
    g_strlcpy(want->text, a, PART_BYTES);
    g_strlcat(want->text, b, PART_BYTES);
    want->length = (guint)strlen(want->text);
    want->letters = letters_of(want->text);
    want->sound = sound_of(want->text);
    want->covers = covers;
}

static void called_find(NameProbe *probe)
{
    GHashTableIter iter;
    gpointer name;
    g_hash_table_iter_init(&iter, probe->model->nicknames);
    while (g_hash_table_iter_next(&iter, &name, NULL))
        for (guint i = 0; i < probe->n; i++)
            if (nickname_equal(probe->model, probe->wants[i].text, name)) {
                g_ptr_array_add(probe->called, g_strdup(name));
                break;
            }
}

/* The most letters that a pair with this part brings a name above PERSON_NAMES_ALIKE. */
static double most_gain(const NameProbe *probe, guint length)
{
    const Alike *alike = &probe->model->alike;
    double best = (1 - PERSON_NAMES_ALIKE) * length;
    best = MAX(best, (alike->spoken - PERSON_NAMES_ALIKE) * (length + EDITS_MAX));
    best = MAX(best, (alike->initial - PERSON_NAMES_ALIKE) * PART_BYTES);
    for (guint i = 0; i < probe->called->len; i++) {
        double longest = MAX(length, strlen(probe->called->pdata[i]));
        best = MAX(best, (alike->called - PERSON_NAMES_ALIKE) * longest);
    }
    return best;
}

/* Can a name be alike that has words like these parts alone? What the other parts cost is at least
 * what they cost if the name has nothing more, or, so that it is not one name against several, one
 * letter. */
static gboolean covered_enough(const NameProbe *probe, guint covered)
{
    const Alike *alike = &probe->model->alike;
    double gain = 0, left = 0, spare = MIN(alike->spare, alike->other);
    guint n = 0;
    for (guint i = 0; i < probe->parts.n; i++) {
        gboolean has = covered >> i & 1;
        gain += has ? probe->gain[i] : 0;
        left += has ? 0 : probe->parts.length[i];
        n += has;
    }
    double cost = spare * left + (n == 1 && left > 0 ? alike->other - alike->spare : 0);
    return gain + 1e-9 >= PERSON_NAMES_ALIKE * cost;
}

NameProbe *person_probe_new(const PersonModel *model, const char *name)
{
    NameProbe *probe = g_new0(NameProbe, 1);
    const Parts *parts = &probe->parts;
    probe->model = model;
    parts_read(&probe->parts, model, name);
    for (guint i = 0; i < parts->n; i++)
        want_add(probe, parts->text[i], "", 1u << i);
    for (guint i = 0; i + 1 < parts->n; i++)
        want_add(probe, parts->text[i], parts->text[i + 1], 3u << i);
    probe->called = g_ptr_array_new_with_free_func(g_free);
    called_find(probe);
    for (guint i = 0; i < parts->n; i++)
        probe->gain[i] = most_gain(probe, parts->length[i]);
    probe->enough = g_new0(guint8, 1u << parts->n);
    for (guint covered = 1; covered < 1u << parts->n; covered++)
        probe->enough[covered] = covered_enough(probe, covered);
    return probe;
}

void person_probe_free(NameProbe *probe)
{
    if (!probe)
        return;
    g_ptr_array_unref(probe->called);
    g_free(probe->enough);
    g_free(probe);
}

double person_probe_alike(const NameProbe *probe, const char *name)
{
    Parts parts;
    parts_read(&parts, probe->model, name);
    return whole_alike(probe->model, &probe->parts, &parts);
}

const GPtrArray *person_probe_called(const NameProbe *probe)
{
    return probe->called;
}

guint64 person_word_sketch(const char *word)
{
    gsize length = MIN(strlen(word), 255);
    return (guint64)letters_of(word) << 32 | (guint64)sound_of(word) << 16 | (guint64)length << 8 |
           (guchar)*word;
}

static gboolean one_at_most(guint32 bits)
{
    return (bits & (bits - 1)) == 0;
}

/* What part_alike() asks for, but for nicknames, of what a sketch says: one edit, two of long
 * words, some more of one sound. */
static gboolean want_near(const Want *want, guint length, guint32 letters, guint16 sound)
{
    guint least = MIN(length, want->length);
    if (MAX(length, want->length) - least > EDITS_MAX)
        return FALSE;
    if (one_at_most(want->letters & ~letters) && one_at_most(letters & ~want->letters))
        return TRUE;
    if (want->sound != sound && least < 8)
        return FALSE;
    return letters_apart(want->letters, letters) <= (want->sound == sound ? EDITS_MAX : 2);
}

gboolean person_probe_near(const NameProbe *probe, guint64 sketch)
{
    guint length = sketch >> 8 & 0xff;
    for (guint i = 0; i < probe->n; i++) {
        const Want *want = &probe->wants[i];
        if (want_near(want, length, (guint32)(sketch >> 32), (guint16)(sketch >> 16)))
            return TRUE;
        if ((length == 1 || want->length == 1) && (guchar)want->text[0] == (sketch & 0xff))
            return TRUE;
    }
    return FALSE;
}

guint person_probe_covers(const NameProbe *probe, const char *word)
{
    guint covers = 0, length = (guint)strlen(word);
    for (guint i = 0; i < probe->n; i++) {
        const Want *want = &probe->wants[i];
        if ((covers & want->covers) != want->covers &&
            part_alike(probe->model, want->text, want->length, word, length) > 0)
            covers |= want->covers;
    }
    return covers;
}

gboolean person_probe_enough(const NameProbe *probe, guint covers)
{
    return probe->enough[covers];
}
