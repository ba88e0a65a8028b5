/*
 * What short texts were found to say: makes, models and types come again by the hundred thousand.
 * A text of a field has one place; one that came oftener is not driven from it at once by one that
 * comes but once, as a serial number does. Stands before the scan, which it spares.
 */
#include <string.h>

#include "engine/base/hash.h"
#include "engine/marker/lexicon.h"

#define FIELDS_MAX 64u  /* bits of field_bit() */
#define PLACES     256u /* texts of a field, a power of two */
#define TEXT_MAX   48u  /* bytes of a text, its end among them */
#define HITS_MAX   4u   /* of a text that says more, nothing is kept */
#define WORTH_MAX  15u  /* times that a text holds its place */

typedef struct {
    char text[TEXT_MAX]; /* the rest is zeros */
    guint8 known, worth, n;
    Hit hit[HITS_MAX];
} Said;

struct MarkerMemo {
    const MarkerRules *rules;
    Said *said[FIELDS_MAX]; /* by field; NULL: none was seen */
    GArray *hits;           /* of Hit */
    guint8 *flags;          /* scratch of scan_text() */
};

MarkerMemo *marker_memo_new(const MarkerRules *rules)
{
    MarkerMemo *memo = g_new0(MarkerMemo, 1);
    memo->rules = rules;
    memo->hits = g_array_new(FALSE, FALSE, sizeof(Hit));
    memo->flags = g_new(guint8, scan_flags(rules));
    return memo;
}

void marker_memo_free(MarkerMemo *memo)
{
    if (memo == NULL)
        return;
    for (guint i = 0; i < FIELDS_MAX; i++)
        g_free(memo->said[i]);
    g_array_unref(memo->hits);
    g_free(memo->flags);
    g_free(memo);
}

/* The place of a text as it stands in one; NULL: nothing is kept of its field. */
static Said *place_of(MarkerMemo *memo, const char *field, const char text[TEXT_MAX])
{
    guint64 bit = field_bit(field), h = 0, word;
    if (bit == 0)
        return NULL;
    Said **said = &memo->said[__builtin_ctzll(bit)];
    if (*said == NULL)
        *said = g_new0(Said, PLACES);
    for (guint i = 0; i < TEXT_MAX / sizeof word; i++) {
        memcpy(&word, text + i * sizeof word, sizeof word);
        h = mix(h, word);
    }
    return *said + (h & (PLACES - 1));
}

static void keep(Said *said, const char text[TEXT_MAX], const GArray *hits, guint first)
{
    guint n = hits->len - first;
    if (n > HITS_MAX)
        return;
    if (said->known && said->worth > 0) {
        said->worth--;
        return;
    }
    memcpy(said->text, text, TEXT_MAX);
    for (guint i = 0; i < n; i++)
        said->hit[i] = g_array_index(hits, Hit, first + i);
    said->n = (guint8)n;
    said->known = TRUE;
}

static void recall(Said *said, guint index, GArray *hits)
{
    said->worth = (guint8)MIN(said->worth + 1u, WORTH_MAX);
    for (guint i = 0; i < said->n; i++) {
        Hit hit = said->hit[i];
        hit.text = index;
        g_array_append_val(hits, hit);
    }
}

static void memo_scan(MarkerMemo *memo, const MarkText *text, guint index)
{
    gsize length = text->text != NULL ? strlen(text->text) : 0;
    char padded[TEXT_MAX] = {0};
    Said *said = NULL;
    if (length == 0)
        return;
    if (length < TEXT_MAX) {
        memcpy(padded, text->text, length);
        said = place_of(memo, text->field, padded);
    }
    if (said != NULL && said->known && memcmp(said->text, padded, TEXT_MAX) == 0) {
        recall(said, index, memo->hits);
        return;
    }
    guint first = memo->hits->len;
    scan_text(memo->rules, text, index, memo->flags, memo->hits);
    if (said != NULL)
        keep(said, padded, memo->hits, first);
}

GArray *marker_scan_next(MarkerMemo *memo, const MarkText *texts, guint n, const MarkFacts *facts)
{
    g_array_set_size(memo->hits, 0);
    for (guint i = 0; i < n; i++)
        memo_scan(memo, &texts[i], i);
    return weigh_evidence(memo->rules, texts, memo->hits, facts);
}
