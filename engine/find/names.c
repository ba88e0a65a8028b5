/*
 * Names that may be the one asked for. Words like its own say which values of STORE.words they are
 * (engine/person/probe.h); what is alike enough is weighed as two mentions of a run are.
 */
#include "engine/find/names.h"

#include <string.h>

#include "engine/person/birth.h"
#include "engine/person/probe.h"
#include "engine/resolution/pair.h"

#define WEIGHED_MAX 4000 /* different names and birth dates that are weighed, the likest first */

/* Values [from, to) of a list, which stand together and are of one name. */
typedef struct {
    guint list;
    guint32 from, to;
    double alike;
    const char *text; /* of the first; the list's */
} Run;

typedef struct {
    const NameQuestion *question;
    const Words *words;
    NameProbe *probe;
    GArray *runs; /* of Run */
} Looking;

/* ---- names that are alike ----------------------------------------------------------------- */

/* Words of names like those asked for: what they cover, by value. */
static void cover(const WordList *list, const NameProbe *probe, guint32 word, guint16 *covers)
{
    guint bits = person_probe_covers(probe, list_word(list, word));
    guint64 n = 0;
    const guint32 *values = bits ? list_values(list, word, &n) : NULL;
    for (guint64 i = 0; i < n; i++)
        if (values[i] < list->n)
            covers[values[i]] |= (guint16)bits;
}

static void cover_all(const WordList *list, const NameProbe *probe, guint16 *covers)
{
    const guint64 *sketch = list->part[LIST_SKETCH].data;
    const GPtrArray *called = person_probe_called(probe);
    guint32 word;
    if (!list_holds(list, LIST_SKETCH, 0, list->n_words))
        return;
    for (word = 0; word < list->n_words; word++)
        if (person_probe_near(probe, sketch[word]))
            cover(list, probe, word, covers);
    for (guint i = 0; i < called->len; i++)
        if (list_find_word(list, called->pdata[i], &word))
            cover(list, probe, word, covers);
}

static char **cells_of(const char *text)
{
    return g_strsplit(text, (char[]){WORDS_CELL, '\0'}, NAME_CELLS);
}

/* Of a name alone that is no organisation the surname is asked, whatever stands before it. */
static double alike(const Looking *looking, const char *text)
{
    const PersonMention *asked = looking->question->asked;
    g_auto(GStrv) cells = cells_of(text);
    g_autofree char *name =
        g_strjoin(*cells[NAME_FIRST] ? ", " : "", cells[NAME_LAST], cells[NAME_FIRST], NULL);
    gboolean surname = !asked->first && !asked->organisation;
    if (*cells[NAME_ORGANISATION])
        return person_probe_alike(looking->probe, cells[NAME_ORGANISATION]);
    return person_probe_alike(looking->probe, surname ? cells[NAME_LAST] : name);
}

/* Bytes of the cells of a value that are its name; 0: damaged. */
static gsize name_bytes(const char *text)
{
    const char *end = text;
    for (guint cell = NAME_ORGANISATION; end && cell <= NAME_FIRST; cell++)
        end = strchr(end, WORDS_CELL) ? strchr(end, WORDS_CELL) + 1 : NULL;
    return end ? (gsize)(end - text) : 0;
}

/* Values of one name stand together. */
static void take_values(Looking *looking, guint number)
{
    const WordList *list = looking->words->list[number];
    g_autofree guint16 *covers = g_new0(guint16, (gsize)list->n + 1);
    Run run = {.list = number};
    gsize bytes = 0;
    cover_all(list, looking->probe, covers);
    for (guint32 value = 0; value < list->n; value++) {
        if (!covers[value] || !person_probe_enough(looking->probe, covers[value]))
            continue;
        const char *text = list_text(list, value);
        gboolean same = bytes && value == run.to && strncmp(text, run.text, bytes) == 0;
        if (!same) {
            bytes = name_bytes(text);
            run = (Run){number, value, value, bytes ? alike(looking, text) : 0, text};
        }
        run.to++;
        if (run.alike < PERSON_NAMES_ALIKE)
            continue;
        if (same)
            g_array_index(looking->runs, Run, looking->runs->len - 1) = run;
        else
            g_array_append_val(looking->runs, run);
    }
}

/* ---- weighed ------------------------------------------------------------------------------ */

static void found_clear(gpointer data)
{
    g_strfreev(((NameFound *)data)->cells);
}

/* Values of a list are in the order of their texts. */
static gint by_alike(gconstpointer a, gconstpointer b)
{
    const Run *x = a, *y = b;
    if (x->alike != y->alike)
        return x->alike > y->alike ? -1 : 1;
    if (x->list == y->list)
        return (x->from > y->from) - (x->from < y->from);
    gint order = strcmp(x->text, y->text);
    return order ? order : (gint)x->list - (gint)y->list;
}

/* What can be weighed, the likest first. */
static GArray *likest(const Looking *looking, gboolean *unweighed)
{
    GArray *names = g_array_new(FALSE, FALSE, sizeof(NameFound));
    g_array_set_clear_func(names, found_clear);
    g_array_sort(looking->runs, by_alike);
    for (guint i = 0; i < looking->runs->len; i++) {
        const Run *run = &g_array_index(looking->runs, Run, i);
        for (guint32 value = run->from; value < run->to; value++) {
            NameFound name = {run->list, value, run->alike, 0, NULL};
            if (names->len == WEIGHED_MAX) {
                *unweighed = TRUE;
                return names;
            }
            name.cells = cells_of(list_text(looking->words->list[run->list], value));
            if (g_strv_length(name.cells) == NAME_CELLS)
                g_array_append_val(names, name);
            else
                g_strfreev(name.cells); /* damaged */
        }
    }
    return names;
}

static const char *or_none(const char *cell)
{
    return *cell ? cell : NULL;
}

static PersonMention mention_of(const NameFound *name)
{
    char *const *cells = name->cells;
    gboolean organisation = *cells[NAME_ORGANISATION] != '\0';
    return (PersonMention){.ref = "?",
                           .record = "?",
                           .role = "person",
                           .organisation = organisation,
                           .last = or_none(cells[organisation ? NAME_ORGANISATION : NAME_LAST]),
                           .first = or_none(cells[NAME_FIRST]),
                           .middle = or_none(cells[NAME_MIDDLE]),
                           .suffix = or_none(cells[NAME_SUFFIX]),
                           .dob = birth_parse(cells[NAME_DOB])};
}

/* Where no birth date is asked for, those that differ in theirs alone weigh the same. */
static gboolean weigh_same(const PersonMention *asked, const NameFound *a, const NameFound *b)
{
    guint compared = asked->dob == DAY_NONE ? NAME_DOB : NAME_CELLS;
    for (guint i = 0; i < compared; i++)
        if (strcmp(a->cells[i], b->cells[i]) != 0)
            return FALSE;
    return TRUE;
}

static void weigh_all(const NameQuestion *question, GArray *names)
{
    const NameFound *last = NULL;
    guint n = 1;
    g_autofree PersonMention *mentions = g_new(PersonMention, names->len + 1);
    g_autofree guint *mention = g_new(guint, names->len + 1);
    mentions[0] = *question->asked;
    for (guint i = 0; i < names->len; i++) {
        const NameFound *name = &g_array_index(names, NameFound, i);
        if (!last || !weigh_same(question->asked, last, name))
            mentions[n++] = mention_of(name);
        mention[i] = n - 1;
        last = name;
    }
    PersonInput input = {.mentions = mentions, .n = n, .parameters = question->parameters};
    g_autofree double *bits = person_weigh(question->model, &input);
    for (guint i = 0; i < names->len; i++)
        g_array_index(names, NameFound, i).bits = bits[mention[i]];
}

gint name_found_order(gconstpointer a, gconstpointer b)
{
    const NameFound *x = a, *y = b;
    if (x->bits != y->bits)
        return x->bits > y->bits ? -1 : 1;
    return x->alike != y->alike ? (x->alike > y->alike ? -1 : 1) : 0;
}

GArray *find_names(const Words *words, const NameQuestion *question, gboolean *unweighed)
{
    const PersonMention *asked = question->asked;
    g_autofree char *name =
        asked->first ? g_strjoin(", ", asked->last, asked->first, NULL) : g_strdup(asked->last);
    g_autoptr(NameProbe) probe = person_probe_new(question->model, name);
    g_autoptr(GArray) runs = g_array_new(FALSE, FALSE, sizeof(Run));
    Looking looking = {question, words, probe, runs};
    for (guint i = 0; i < words->n; i++)
        take_values(&looking, i);
    GArray *names = likest(&looking, unweighed);
    weigh_all(question, names);
    g_array_sort(names, name_found_order);
    return names;
}
