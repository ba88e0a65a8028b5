/*
 * Mentions -> nodes: texts folded, placeholders made missing, every distinct text interned once,
 * mentions with the same telling cells put on one node. Everything goes in the order of the
 * references, so that the order of the input never matters.
 */
#include "engine/person/people.h"

#include "engine/base/text.h"
#include "engine/person/address.h"
#include "engine/person/distance.h"

#include <stdlib.h>
#include <string.h>

guint64 mix64(guint64 a, guint64 b)
{
    guint64 x = (a ^ (b + G_GUINT64_CONSTANT(0x9E3779B97F4A7C15) + (a << 6) + (a >> 2)));
    x = (x ^ (x >> 30)) * G_GUINT64_CONSTANT(0xBF58476D1CE4E5B9);
    x = (x ^ (x >> 27)) * G_GUINT64_CONSTANT(0x94D049BB133111EB);
    return x ^ (x >> 31);
}

static guint32 text_hash(const char *text, gsize length)
{
    guint64 h = length;
    for (gsize i = 0; i < length; i++)
        h = (h ^ (guchar)text[i]) * G_GUINT64_CONSTANT(0x100000001B3);
    guint32 out = (guint32)(mix64(h, 1) >> 32);
    return out ? out : 1;
}

static Id intern(People *people, const char *text)
{
    if (!text || !*text)
        return 0;
    gpointer id = g_hash_table_lookup(people->ids, text);
    if (id)
        return GPOINTER_TO_UINT(id);
    Value value = {.text = g_string_chunk_insert(people->texts, text), .words = 1};
    gsize length = strlen(text);
    char sound[8], joined[256];
    gsize n = 0;
    for (const char *p = text; *p && n < sizeof joined - 1; p++) {
        value.words += *p == ' ' && value.words < 255;
        if (*p == ' ')
            continue;
        value.letters |= 1u << (g_ascii_isalpha(*p)   ? *p & 31
                                : g_ascii_isdigit(*p) ? 27 + *p % 5
                                                      : 0);
        joined[n++] = *p;
    }
    joined[n] = '\0';
    value.joined = n == length ? value.text : g_string_chunk_insert(people->texts, joined);
    value.length = (guint8)MIN(length, 255);
    value.joined_length = (guint8)n;
    name_sound(joined, sound);
    value.sound = *sound ? text_hash(sound, strlen(sound)) : text_hash(joined, n);
    value.prefix = text_hash(joined, MIN(n, 3));
    g_array_append_val(people->values, value);
    g_hash_table_insert(people->ids, (gpointer)value.text,
                        GUINT_TO_POINTER(people->values->len - 1));
    return people->values->len - 1;
}

/* Texts of one mention while its values are read; raw cell -> Id, so that folding is done once
 * for each distinct cell. */
typedef struct {
    People *people;
    GHashTable *names, *organisations, *numbers, *cells;
} Reader;

static gboolean recall(GHashTable *table, const char *raw, Id *id)
{
    gpointer found;
    if (!text_present(raw)) {
        *id = 0;
        return TRUE;
    }
    if (!g_hash_table_lookup_extended(table, raw, NULL, &found))
        return FALSE;
    *id = GPOINTER_TO_UINT(found);
    return TRUE;
}

static Id keep(GHashTable *table, const char *raw, Id id)
{
    g_hash_table_insert(table, (gpointer)raw, GUINT_TO_POINTER(id));
    return id;
}

/* A part of a person's name: words by blanks, SAINT written out, suffix words left to the end. */
static Id name_id(Reader *r, const char *raw)
{
    Id id;
    if (recall(r->names, raw, &id))
        return id;
    if (person_is_placeholder(r->people->model, raw))
        return keep(r->names, raw, 0);
    g_autofree char *folded = text_fold(raw);
    Words words;
    words_cut(&words, folded, -1);
    g_autoptr(GString) out = g_string_new(NULL);
    for (guint i = 0; i < words.n; i++) {
        const char *word = words.at[i];
        if (i + 1 < words.n && strcmp(word, "ST") == 0)
            word = "SAINT";
        else if (i + 1 < words.n && strcmp(word, "STE") == 0)
            word = "SAINTE";
        g_string_append_printf(out, "%s%s", i ? " " : "", word);
    }
    return keep(r->names, raw, intern(r->people, out->str));
}

/* An organisation's name without its legal form. */
static Id organisation_id(Reader *r, const char *raw)
{
    static const char *const forms[] = {"INC",     "INCORPORATED", "LTD",  "LIMITED",     "LTEE",
                                        "LIMITEE", "LLC",          "CORP", "CORPORATION", "CO",
                                        "COMPANY", "ENR",          "SENC", "LLP",         "LP",
                                        "CIE",     "COMPAGNIE"};
    Id id;
    if (recall(r->organisations, raw, &id))
        return id;
    g_autofree char *folded = text_fold(raw);
    Words words;
    words_cut(&words, folded, -1);
    for (guint i = 0; i < G_N_ELEMENTS(forms); i++)
        if (words.n > 1 && strcmp(words.at[words.n - 1], forms[i]) == 0) {
            words.n--;
            i = G_MAXUINT;
        }
    for (guint i = 0; i < words.n; i++)
        words.glue[i] = FALSE;
    g_autofree char *text = words_join(&words, 0, words.n, " ");
    return keep(r->organisations, raw, intern(r->people, text));
}

static gboolean all_the_same(const char *text)
{
    return strspn(text, (char[]){text[0], '\0'}) == strlen(text);
}

/* Letters and digits of a document number; none when it is a placeholder. */
static Id document_id(Reader *r, const char *raw)
{
    Id id;
    if (recall(r->numbers, raw, &id))
        return id;
    g_autofree char *key = text_key(raw);
    if (strlen(key) < 4 || all_the_same(key) ||
        placeholder_listed(r->people->model, "document", key))
        return keep(r->numbers, raw, 0);
    return keep(r->numbers, raw, intern(r->people, key));
}

/* Ten digits of a telephone number, or another contact (an e-mail address) folded. */
static Id phone_id(Reader *r, const char *raw)
{
    if (!text_present(raw))
        return 0;
    char digits[24];
    guint n = 0;
    if (strchr(raw, '@')) {
        g_autofree char *folded = text_fold(raw);
        g_strstrip(folded);
        return intern(r->people, folded);
    }
    for (const char *p = raw; *p && n < sizeof digits - 1; p++)
        if (g_ascii_isdigit(*p))
            digits[n++] = *p;
    digits[n] = '\0';
    const char *number = n == 11 && digits[0] == '1' ? digits + 1 : digits;
    if (n < 7 || all_the_same(number) || placeholder_listed(r->people->model, "phone", number))
        return 0;
    return intern(r->people, number);
}

/* A short coded cell: type, issuer. */
static Id cell_id(Reader *r, const char *raw)
{
    Id id;
    if (recall(r->cells, raw, &id))
        return id;
    g_autofree char *key = text_key(raw);
    return keep(r->cells, raw, intern(r->people, key));
}

static void address_ids(Reader *r, Node *node, const PersonMention *m)
{
    Address a;
    People *p = r->people;
    char key[512];
    if (!text_present(m->street) && !text_present(m->city) && !text_present(m->region) &&
        !text_present(m->postal))
        return;
    address_read(&a, m->street, m->city, m->region, m->postal);
    node->house = intern(p, a.house);
    node->street = intern(p, a.street);
    node->unit = intern(p, a.unit);
    node->city = intern(p, a.city);
    node->region = intern(p, a.region);
    node->postal = intern(p, a.postal);
    if (a.house && a.street) {
        g_snprintf(key, sizeof key, "@%s|%s|%s", a.house, a.street,
                   a.city     ? a.city
                   : a.postal ? a.postal
                              : "");
        node->place = intern(p, key);
    }
    address_clear(&a);
}

/* A suffix that stands behind the surname or the given name ("SMITH JR"). */
static Id suffix_id(Reader *r, Node *node, const char *raw)
{
    if (text_present(raw)) {
        g_autofree char *key = text_key(raw);
        const char *canonical = word_find(WORD_SUFFIX, key);
        return intern(r->people, canonical ? canonical : key);
    }
    Id *from[] = {&node->last, &node->first};
    for (guint i = 0; i < G_N_ELEMENTS(from); i++) {
        const char *text = *from[i] ? people_value(r->people, *from[i])->text : "";
        const char *blank = strrchr(text, ' ');
        const char *canonical = blank ? word_find(WORD_SUFFIX, blank + 1) : NULL;
        if (!canonical || (strcmp(blank + 1, "V") == 0))
            continue;
        g_autofree char *rest = g_strndup(text, blank - text);
        *from[i] = intern(r->people, rest);
        return intern(r->people, canonical);
    }
    return 0;
}

/* "ROBERT J" in the given cell: the letter is a middle initial. */
static void middle_split(Reader *r, Node *node)
{
    const char *text = node->first ? people_value(r->people, node->first)->text : "";
    const char *blank = strrchr(text, ' ');
    if (node->middle || !blank || blank[1] == '\0' || blank[2] != '\0' || blank - text < 2)
        return;
    g_autofree char *rest = g_strndup(text, blank - text);
    g_autofree char *letter = g_strdup(blank + 1);
    node->first = intern(r->people, rest);
    node->middle = intern(r->people, letter);
}

static Day real_birth(Reader *r, Day dob)
{
    char text[DAY_TEXT];
    if (dob == DAY_NONE || placeholder_listed(r->people->model, "date", date_text(dob, text)))
        return DAY_NONE;
    return dob;
}

static void node_read(Reader *r, Node *node, const PersonMention *m)
{
    memset(node, 0, sizeof *node);
    node->dob = DAY_NONE;
    address_ids(r, node, m);
    node->phone = phone_id(r, m->phone);
    node->document = document_id(r, m->doc_no);
    if (node->document) {
        node->document_type = cell_id(r, m->doc_type);
        node->document_issuer = cell_id(r, m->doc_issuer);
    }
    if (m->organisation) {
        node->organisation = organisation_id(r, m->last ? m->last : m->first);
        return;
    }
    node->last = name_id(r, m->last);
    node->first = name_id(r, m->first);
    node->middle = name_id(r, m->middle);
    node->suffix = suffix_id(r, node, m->suffix);
    middle_split(r, node);
    node->dob = real_birth(r, m->dob);
    if (node->dob != DAY_NONE) {
        int year, month, day;
        date_to_ymd(node->dob, &year, &month, &day);
        node->year = (guint16)year;
        node->month = (guint8)month;
        node->day = (guint8)day;
    }
}

/* Is the node telling enough that two mentions with these very cells are compared as one? */
static gboolean is_telling(const Node *n)
{
    if (n->organisation)
        return n->place || n->phone || n->document;
    return n->last && n->first && (n->dob != DAY_NONE || n->place || n->document);
}

static guint node_hash(gconstpointer key)
{
    const guint64 *words = key;
    guint64 h = 0;
    for (guint i = 0; i < sizeof(Node) / sizeof *words; i++)
        h = mix64(h, words[i]);
    return (guint)h;
}

static gboolean node_equal(gconstpointer a, gconstpointer b)
{
    return memcmp(a, b, sizeof(Node)) == 0;
}

static int order_compare(gconstpointer a, gconstpointer b, gpointer data)
{
    const PersonMention *mentions = data;
    guint x = *(const guint *)a, y = *(const guint *)b;
    int order = strcmp(mentions[x].ref, mentions[y].ref);
    return order ? order : (x > y) - (x < y);
}

/* What keeps a mention off other mentions' nodes: a decision about it; a bare name, which is no
 * person yet (but the same cells in one group are one by construction). */
static guint32 node_apart(const Node *node, const PersonMention *m, guint place, gboolean pinned)
{
    if (pinned)
        return place + 1;
    if (is_telling(node))
        return 0;
    if (!m->group)
        return place + 1;
    return text_hash(m->group, strlen(m->group)) | 0x80000000u;
}

static void reader_init(Reader *r, People *people)
{
    r->people = people;
    r->names = g_hash_table_new(g_str_hash, g_str_equal);
    r->organisations = g_hash_table_new(g_str_hash, g_str_equal);
    r->numbers = g_hash_table_new(g_str_hash, g_str_equal);
    r->cells = g_hash_table_new(g_str_hash, g_str_equal);
}

static void reader_clear(Reader *r)
{
    g_hash_table_unref(r->names);
    g_hash_table_unref(r->organisations);
    g_hash_table_unref(r->numbers);
    g_hash_table_unref(r->cells);
}

/* Nodes of all mentions; nodes are stored by index, found by content. */
static void nodes_build(People *p, const PersonMention *mentions, const gboolean *pinned)
{
    Reader reader = {0};
    g_autoptr(GArray) tails = g_array_new(FALSE, FALSE, sizeof(guint));
    g_autoptr(GArray) firsts = g_array_new(FALSE, FALSE, sizeof(guint));
    g_autoptr(GArray) sizes = g_array_new(FALSE, FALSE, sizeof(guint));
    GHashTable *index = g_hash_table_new_full(node_hash, node_equal, g_free, NULL);
    reader_init(&reader, p);
    for (guint place = 0; place < p->n; place++) {
        const PersonMention *m = &mentions[p->order[place]];
        Node node;
        gpointer found;
        node_read(&reader, &node, m);
        node.apart = node_apart(&node, m, place, pinned && pinned[p->order[place]]);
        p->next[place] = G_MAXUINT;
        if (g_hash_table_lookup_extended(index, &node, NULL, &found)) {
            guint i = GPOINTER_TO_UINT(found);
            p->node_of[place] = i;
            p->next[g_array_index(tails, guint, i)] = place;
            g_array_index(tails, guint, i) = place;
            g_array_index(sizes, guint, i)++;
            continue;
        }
        guint one = 1;
        p->node_of[place] = p->nodes->len;
        g_hash_table_insert(index, g_memdup2(&node, sizeof node), GUINT_TO_POINTER(p->nodes->len));
        g_array_append_val(p->nodes, node);
        g_array_append_val(tails, place);
        g_array_append_val(firsts, place);
        g_array_append_val(sizes, one);
    }
    p->first = g_array_steal(firsts, NULL);
    p->size = g_array_steal(sizes, NULL);
    g_hash_table_unref(index);
    reader_clear(&reader);
}

People *people_new(const PersonModel *model, const PersonMention *mentions, guint n,
                   const gboolean *pinned)
{
    People *p = g_new0(People, 1);
    Value none = {0};
    p->model = model;
    p->texts = g_string_chunk_new(1 << 16);
    p->ids = g_hash_table_new(g_str_hash, g_str_equal);
    p->values = g_array_new(FALSE, TRUE, sizeof(Value));
    p->nodes = g_array_new(FALSE, FALSE, sizeof(Node));
    g_array_append_val(p->values, none);
    p->n = n;
    p->order = g_new(guint, n + 1);
    p->node_of = g_new(guint, n + 1);
    p->next = g_new(guint, n + 1);
    for (guint i = 0; i < n; i++)
        p->order[i] = i;
    g_qsort_with_data(p->order, (gint)n, sizeof *p->order, order_compare, (gpointer)mentions);
    nodes_build(p, mentions, pinned);
    return p;
}

void people_free(People *p)
{
    if (!p)
        return;
    g_string_chunk_free(p->texts);
    g_hash_table_unref(p->ids);
    g_array_unref(p->values);
    g_array_unref(p->nodes);
    g_free(p->order);
    g_free(p->node_of);
    g_free(p->next);
    g_free(p->first);
    g_free(p->size);
    for (guint i = 0; i < COUNT_KINDS; i++)
        g_free(p->counts[i]);
    g_free(p->dob_counts);
    g_free(p);
}
