/*
 * The cells of a mention -> the values of a node: texts folded, placeholders made missing, every
 * distinct text interned once. Stands before nodes.c, which puts mentions with the same telling
 * cells on one node.
 */
#include "engine/comparison/prepare.h"

#include "engine/comparison/documents.h"
#include "engine/base/text.h"
#include "engine/comparison/compare.h"
#include "engine/person/birth.h"

#include <string.h>

typedef struct {
    const char *raw;
    Id id;
} Cell;

static gboolean same_cell(gconstpointer key, guint number, gconstpointer data)
{
    return strcmp(g_array_index(((const Cells *)data)->cells, Cell, number).raw, key) == 0;
}

/* Id of a cell met before (or of an empty one); FALSE: it is new, and `hash` serves keep(). */
static gboolean recall(const Cells *cells, const char *raw, Id *id, guint32 *hash)
{
    *id = 0;
    if (!raw || !*raw)
        return TRUE;
    *hash = text_hash(raw, strlen(raw));
    guint number = dict_find(&cells->ids, *hash, same_cell, raw, cells);
    if (number)
        *id = g_array_index(cells->cells, Cell, number).id;
    return number > 0;
}

static Id keep(Cells *cells, const char *raw, guint32 hash, Id id)
{
    Cell cell = {raw, id};
    dict_add(&cells->ids, hash, cells->cells->len);
    g_array_append_val(cells->cells, cell);
    return id;
}

/* A part of a person's name: words by blanks, SAINT written out, suffix words left to the end. */
static Id name_id(Reader *r, const char *raw)
{
    Id id;
    guint32 hash;
    if (recall(&r->names, raw, &id, &hash))
        return id;
    if (!text_present(raw) || person_is_placeholder(r->people->model, raw))
        return keep(&r->names, raw, hash, 0);
    g_autofree char *folded = text_fold(raw);
    g_autofree char *latin = name_latin(r->people->model, folded, TRUE);
    Words words;
    words_cut(&words, latin, -1);
    g_autoptr(GString) out = g_string_new(NULL);
    for (guint i = 0; i < words.n; i++) {
        const char *word = words.at[i];
        if (i + 1 < words.n && strcmp(word, "ST") == 0)
            word = "SAINT";
        else if (i + 1 < words.n && strcmp(word, "STE") == 0)
            word = "SAINTE";
        g_string_append_printf(out, "%s%s", i ? " " : "", word);
    }
    return keep(&r->names, raw, hash, people_intern(r->people, TEXT_NAME, out->str));
}

/* An organisation's name without its legal form. */
static Id organisation_id(Reader *r, const char *raw)
{
    static const char *const forms[] = {"INC",     "INCORPORATED", "LTD",  "LIMITED",     "LTEE",
                                        "LIMITEE", "LLC",          "CORP", "CORPORATION", "CO",
                                        "COMPANY", "ENR",          "SENC", "LLP",         "LP",
                                        "CIE",     "COMPAGNIE"};
    Id id;
    guint32 hash;
    if (recall(&r->organisations, raw, &id, &hash))
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
    return keep(&r->organisations, raw, hash, people_intern(r->people, TEXT_NAME, text));
}

static gboolean all_the_same(const char *text)
{
    return strspn(text, (char[]){text[0], '\0'}) == strlen(text);
}

/* Letters and digits of a document number; none when it is a placeholder. */
static Id document_id(Reader *r, const char *raw)
{
    if (!text_present(raw))
        return 0;
    g_autofree char *key = text_key(raw);
    if (strlen(key) < 4 || all_the_same(key) ||
        placeholder_listed(r->people->model, "document", key))
        return 0;
    return people_intern(r->people, TEXT_OTHER, key);
}

#define PHONE_DIGITS 10 /* of a number within its country; more are the country's */

/* The digits of a telephone number as they are dialled within its country, or another contact (an
 * e-mail address) folded. An extension is not the line's. */
static Id phone_id(Reader *r, const char *raw)
{
    if (!text_present(raw))
        return 0;
    char digits[24];
    guint n = 0;
    if (strchr(raw, '@')) {
        g_autofree char *folded = text_fold(raw);
        g_strstrip(folded);
        return people_intern(r->people, TEXT_OTHER, folded);
    }
    for (const char *p = raw; *p && n < sizeof digits - 1; p++) {
        if (g_ascii_isalpha(*p) && n >= 7)
            break;
        if (g_ascii_isdigit(*p) && (n > 0 || *p != '0'))
            digits[n++] = *p;
    }
    digits[n] = '\0';
    const char *number = n > PHONE_DIGITS ? digits + n - PHONE_DIGITS : digits;
    if (n < 7 || all_the_same(number) || placeholder_listed(r->people->model, "phone", number))
        return 0;
    return people_intern(r->people, TEXT_OTHER, number);
}

/* Who issued a document: a state, a province, a country, however it is written. */
static Id issuer_id(Reader *r, const char *raw)
{
    Id id;
    guint32 hash;
    if (recall(&r->issuers, raw, &id, &hash))
        return id;
    const char *code = code_find(r->people->model->regions, raw);
    if (!code)
        code = code_find(r->people->model->countries, raw);
    g_autofree char *key = text_key(raw);
    return keep(&r->issuers, raw, hash, people_intern(r->people, TEXT_OTHER, code ? code : key));
}

/* A short coded cell: a type, a list. */
static Id code_id(Reader *r, const char *raw)
{
    Id id;
    guint32 hash;
    if (recall(&r->codes, raw, &id, &hash))
        return id;
    g_autofree char *key = text_key(raw);
    return keep(&r->codes, raw, hash, people_intern(r->people, TEXT_OTHER, key));
}

#define KNOWN "?" /* in the place of a part that is known already */

/* City, region and postal code from cells of their own: the same ones come again and again. */
static void place_ids(Reader *r, Node *node, const PersonMention *m)
{
    struct {
        Cells *cells;
        const char *raw;
        const char *part;
        Id *id;
    } parts[] = {{&r->cities, m->city, r->address.city, &node->city},
                 {&r->regions, m->region, r->address.region, &node->region},
                 {&r->postals, m->postal, r->address.postal, &node->postal}};
    for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
        guint32 hash;
        if (recall(parts[i].cells, parts[i].raw, parts[i].id, &hash))
            continue;
        address_place(&r->address, i == 0 ? m->city : NULL, i == 1 ? m->region : NULL,
                      i == 2 ? m->postal : NULL);
        *parts[i].id = keep(parts[i].cells, parts[i].raw, hash,
                            people_intern(r->people, TEXT_OTHER, parts[i].part));
    }
}

/* A part that stands in the street cell, where it had no cell of its own. */
static void part_of_street(Reader *r, Id *id, const char *part)
{
    if (!*id)
        *id = people_intern(r->people, TEXT_OTHER, part);
}

/* A mention's street cell in parts; which of city, region and postal code are known otherwise. */
static void street_read(Address *a, const PersonMention *m, gboolean city, gboolean region,
                        gboolean postal)
{
    address_place(a, NULL, NULL, NULL);
    g_strlcpy(a->city, city ? KNOWN : "", sizeof a->city);
    g_strlcpy(a->region, region ? KNOWN : "", sizeof a->region);
    g_strlcpy(a->postal, postal ? KNOWN : "", sizeof a->postal);
    address_street(a, m->street);
}

void mention_street(const PersonMention *m, Address *street)
{
    if (text_present(m->street))
        street_read(street, m, text_present(m->city) != NULL, text_present(m->region) != NULL,
                    text_present(m->postal) != NULL);
    else
        address_place(street, NULL, NULL, NULL);
}

/* The street as it was read ahead, or anew where a cell that has something in it says nothing. */
static const Address *street_of(Reader *r, const Node *node, const PersonMention *m,
                                const Address *ahead)
{
    gboolean city = node->city != 0, region = node->region != 0, postal = node->postal != 0;
    if (city == (text_present(m->city) != NULL) && region == (text_present(m->region) != NULL) &&
        postal == (text_present(m->postal) != NULL))
        return ahead;
    street_read(&r->address, m, city, region, postal);
    return &r->address;
}

static void address_ids(Reader *r, Node *node, const PersonMention *m, const Address *ahead)
{
    People *p = r->people;
    place_ids(r, node, m);
    if (!text_present(m->street))
        return;
    const Address *a = street_of(r, node, m, ahead);
    part_of_street(r, &node->city, a->city);
    part_of_street(r, &node->region, a->region);
    part_of_street(r, &node->postal, a->postal);
    node->house = a->shared ? 0 : people_intern(p, TEXT_OTHER, a->house);
    node->street = a->shared ? 0 : people_intern(p, TEXT_OTHER, a->street);
    node->unit = people_intern(p, TEXT_OTHER, a->unit);
    if (node->house && node->street)
        node->place = people_place(
            p, (Place){node->house, node->street, node->city ? node->city : node->postal, 0});
}

/* A known suffix, of its own or one that stands behind the surname or the given name ("SMITH JR").
 */
static Id suffix_id(Reader *r, Node *node, const char *raw)
{
    if (text_present(raw)) {
        g_autofree char *key = text_key(raw);
        const char *canonical = word_find(WORD_SUFFIX, key);
        return people_intern(r->people, TEXT_NAME, canonical);
    }
    Id *from[] = {&node->last, &node->first};
    for (guint i = 0; i < G_N_ELEMENTS(from); i++) {
        const char *text = *from[i] ? people_value(r->people, *from[i])->text : "";
        const char *blank = strrchr(text, ' ');
        const char *canonical = blank ? word_find(WORD_SUFFIX, blank + 1) : NULL;
        if (!canonical || (strcmp(blank + 1, "V") == 0))
            continue;
        g_autofree char *rest = g_strndup(text, blank - text);
        *from[i] = people_intern(r->people, TEXT_NAME, rest);
        return people_intern(r->people, TEXT_NAME, canonical);
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
    node->first = people_intern(r->people, TEXT_NAME, rest);
    node->middle = people_intern(r->people, TEXT_NAME, letter);
}

#define BIRTH_FIRST (-43829) /* 1850-01-01: nobody whom a record is about was born before */
#define BIRTH_LAST  47481    /* 2099-12-31 */

/* The birth date, unless it is none that anybody has. */
static Day real_birth(Reader *r, Day dob)
{
    char text[DAY_TEXT];
    Day day = birth_day(dob);
    birth_text(dob, text);
    while (*text && strlen(text) < DAY_TEXT - 1) /* "1900" is as good as 1900-01-01 */
        g_strlcat(text, "-01", sizeof text);
    if (day < BIRTH_FIRST || day > BIRTH_LAST || placeholder_listed(r->people->model, "date", text))
        return DAY_NONE;
    return dob;
}

/* "Baby" "Girl", "John" "Doe": what is no name as a whole is none by halves. */
static void drop_halves(Reader *r, Node *node, const PersonMention *m)
{
    if (!text_present(m->first) || !text_present(m->last) || (node->first && node->last))
        return;
    g_autofree char *whole = g_strjoin(" ", m->first, m->last, NULL);
    if (person_is_placeholder(r->people->model, whole))
        node->first = node->last = 0;
}

void node_read_names(Reader *r, Node *node, const PersonMention *m)
{
    node->dob = DAY_NONE;
    if (m->organisation) {
        node->organisation = organisation_id(r, m->last ? m->last : m->first);
        return;
    }
    node->last = name_id(r, m->last);
    node->first = name_id(r, m->first);
    drop_halves(r, node, m);
    node->middle = name_id(r, m->middle);
    node->suffix = suffix_id(r, node, m->suffix);
    middle_split(r, node);
    Day birth = real_birth(r, m->dob);
    node->dob = birth_day(birth);
    node->digits = birth_digits(birth);
}

/* The i-th text of a cell; the only one is that of all. NULL: there is none. */
static const char *listed(Reader *r, const char *cell, char **texts, guint i)
{
    if (!cell || !strstr(cell, DOCUMENT_MARK))
        return cell;
    const char *text = i < g_strv_length(texts) ? texts[i] : NULL;
    return text ? g_string_chunk_insert_const(r->listed, text) : NULL;
}

/* Several documents: "A53018834;W530", "PASSPORT;DL", "CAN;MI". */
static void documents_read(Reader *r, Node *node, const PersonMention *m)
{
    g_auto(GStrv) numbers = g_strsplit(m->doc_no, DOCUMENT_MARK, DOCUMENTS_MOST + 1);
    g_auto(GStrv) types = g_strsplit(m->doc_type ? m->doc_type : "", DOCUMENT_MARK, -1);
    g_auto(GStrv) issuers = g_strsplit(m->doc_issuer ? m->doc_issuer : "", DOCUMENT_MARK, -1);
    Document documents[DOCUMENTS_MOST];
    guint n = 0;
    for (guint i = 0; numbers[i] && i < DOCUMENTS_MOST; i++) {
        Id number = document_id(r, numbers[i]);
        if (number)
            documents[n++] = (Document){number, code_id(r, listed(r, m->doc_type, types, i)),
                                        issuer_id(r, listed(r, m->doc_issuer, issuers, i))};
    }
    documents_give(r->people, node, documents, n);
}

void node_read_others(Reader *r, Node *node, const PersonMention *m, const Address *street)
{
    address_ids(r, node, m, street);
    node->list = code_id(r, m->list);
    node->phone = phone_id(r, m->phone);
    if (m->doc_no && strstr(m->doc_no, DOCUMENT_MARK)) {
        documents_read(r, node, m);
        return;
    }
    node->document = document_id(r, m->doc_no);
    if (node->document) {
        node->document_type = code_id(r, m->doc_type);
        node->document_issuer = issuer_id(r, m->doc_issuer);
    }
}

void node_read(Reader *r, Node *node, const PersonMention *m)
{
    Address street;
    memset(node, 0, sizeof *node);
    mention_street(m, &street);
    node_read_names(r, node, m);
    node_read_others(r, node, m, &street);
}

static void cells_init(Cells *cells)
{
    Cell none = {NULL, 0};
    dict_init(&cells->ids);
    cells->cells = g_array_new(FALSE, FALSE, sizeof(Cell));
    g_array_append_val(cells->cells, none);
}

static void cells_clear(Cells *cells)
{
    dict_clear(&cells->ids);
    g_array_unref(cells->cells);
}

static void reader_cells(Reader *r, Cells *cells[READER_CELLS])
{
    Cells *all[READER_CELLS] = {&r->names,  &r->organisations, &r->codes,  &r->issuers,
                                &r->cities, &r->regions,       &r->postals};
    memcpy(cells, all, sizeof all);
}

void reader_init(Reader *r, People *people)
{
    Cells *cells[READER_CELLS];
    r->people = people;
    r->listed = g_string_chunk_new(256);
    reader_cells(r, cells);
    for (guint i = 0; i < READER_CELLS; i++)
        cells_init(cells[i]);
}

void reader_clear(Reader *r)
{
    Cells *cells[READER_CELLS];
    reader_cells(r, cells);
    for (guint i = 0; i < READER_CELLS; i++)
        cells_clear(cells[i]);
    g_string_chunk_free(r->listed);
}
