/*
 * Two whole names held against each other, whatever the order of their parts, their spelling, their
 * script: what `find` and name lists need, where nothing but a name is known. Parts are paired by
 * likeness; a part that both names have of their own speaks against them, one that a name has more
 * only a little. Titles and particles do not count. Not used where names come with other cells.
 */
#include "engine/person/distance.h"
#include "engine/person/model.h"
#include "engine/person/words.h"

#include "engine/base/text.h"

#include <stdlib.h>
#include <string.h>

#define PARTS_MAX 12

typedef struct {
    guint n;
    char text[PARTS_MAX][64];
    guint length[PARTS_MAX];
} Parts;

static void part_add(Parts *parts, const char *text)
{
    for (guint i = 0; i < parts->n; i++)
        if (strcmp(parts->text[i], text) == 0)
            return; /* "Shoigu Shoigu" */
    if (parts->n == PARTS_MAX)
        return;
    parts->length[parts->n] = (guint)g_strlcpy(parts->text[parts->n], text, 64);
    parts->length[parts->n] = MIN(parts->length[parts->n], 63);
    parts->n++;
}

/* Words of a name but titles and, unless there is nothing else, particles. */
static void parts_read(Parts *parts, const PersonModel *model, const char *name)
{
    g_autofree char *folded = text_fold(name);
    g_autofree char *latin = name_latin(model, folded);
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
    if (strcmp(a, b) == 0)
        return 1;
    if (least == 1)
        return a[0] == b[0] ? model->alike.initial : 0;
    if (nickname_equal(model, a, b))
        return model->alike.called;
    guint edits = distance_edit(a, la, b, lb);
    if ((edits == 1 && (least >= 4 || (least == 3 && a[0] == b[0]))) || (edits == 2 && least >= 8))
        return 1 - (double)edits / most;
    name_sound(a, x);
    name_sound(b, y);
    return least >= 3 && edits <= 3 && x[1] && strcmp(x, y) == 0 ? model->alike.spoken : 0;
}

typedef struct {
    double alike;
    guint a, b;
} Match;

static int match_compare(gconstpointer x, gconstpointer y, gpointer data)
{
    const Match *p = x, *q = y;
    (void)data;
    if (p->alike != q->alike)
        return p->alike > q->alike ? -1 : 1;
    return p->a != q->a ? (p->a > q->a ? 1 : -1) : (p->b > q->b) - (p->b < q->b);
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
                matches[n++] = (Match){alike, i, j};
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
        double letters = MAX(a->length[i], b->length[j]);
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

double person_names_alike(const PersonModel *model, const char *a, const char *b)
{
    Parts x, y;
    parts_read(&x, model, a);
    parts_read(&y, model, b);
    double best = parts_alike(model, &x, &y);
    if (best < 1 && x.n != y.n)
        best = MAX(best, x.n > y.n ? joined_alike(model, &x, &y) : joined_alike(model, &y, &x));
    return best;
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
