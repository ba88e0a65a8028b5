/*
 * Lists of documents in the cells of a mention, grown one column after the other.
 */
#include "loaders/documents.h"

/* A field's parts, as many as there are numbers; g_strfreev. */
static char **parts_of(const Mention *mention, MentionField field, guint n)
{
    g_auto(GStrv) said = g_strsplit(mention->value[field] ? mention->value[field] : "",
                                    DOCUMENT_MARK, (gint)MAX(n, 1));
    guint has = g_strv_length(said);
    char **parts = g_new0(char *, n + 1);

    for (guint i = 0; i < n; i++)
        parts[i] = g_strdup(i < has ? said[i] : "");
    return parts;
}

static guint documents_count(const Mention *mention)
{
    const char *numbers = mention->value[MENTION_DOC_NO];
    guint n = numbers ? 1 : 0;

    for (; numbers && *numbers; numbers++)
        n += *numbers == DOCUMENT_MARK[0];
    return n;
}

/* Parts without text are an absent value. */
static void parts_set(Mention *mention, MentionField field, char **parts)
{
    g_autofree char *all = g_strjoinv(DOCUMENT_MARK, parts);

    mention_set(mention, field, all[strspn(all, DOCUMENT_MARK)] ? all : NULL);
}

static void part_set(Mention *mention, MentionField field, guint n, guint at, const char *value)
{
    g_auto(GStrv) parts = parts_of(mention, field, n);

    g_free(parts[at]);
    parts[at] = g_strdup(value ? value : "");
    parts_set(mention, field, parts);
}

/* Takes one document out of all lists. */
static void document_drop(Mention *mention, guint n, guint at)
{
    static const MentionField fields[] = {MENTION_DOC_TYPE, MENTION_DOC_ISSUER, MENTION_DOC_NO};

    for (guint f = 0; f < G_N_ELEMENTS(fields); f++) {
        g_auto(GStrv) parts = parts_of(mention, fields[f], n);

        g_free(parts[at]);
        for (guint i = at; i < n; i++)
            parts[i] = parts[i + 1];
        parts_set(mention, fields[f], parts);
    }
}

/* Which document has the text in a field; n: none. */
static guint document_find(const Mention *mention, MentionField field, guint n, const char *text)
{
    g_auto(GStrv) parts = parts_of(mention, field, n);
    guint at = 0;

    while (at < n && strcmp(parts[at], text) != 0)
        at++;
    return at;
}

void mention_add_document(Mention *mention, const char *type, const char *number)
{
    guint n = documents_count(mention), same = document_find(mention, MENTION_DOC_NO, n, number);

    if (same < n)
        document_drop(mention, n--, same);
    if (n == 0) {
        mention_set(mention, MENTION_DOC_NO, number);
        if (type)
            mention_set(mention, MENTION_DOC_TYPE, type);
        return;
    }
    g_autofree char *numbers =
        g_strconcat(mention->value[MENTION_DOC_NO], DOCUMENT_MARK, number, NULL);
    mention_set(mention, MENTION_DOC_NO, numbers);
    part_set(mention, MENTION_DOC_TYPE, n + 1, n, type);
    part_set(mention, MENTION_DOC_ISSUER, n + 1, n, NULL);
}

void mention_tell_document(Mention *mention, MentionField field, const char *type,
                           const char *value)
{
    guint n = documents_count(mention);
    guint at = type ? document_find(mention, MENTION_DOC_TYPE, n, type) : MAX(n, 1) - 1;

    if (n == 0 && !type)
        mention_set(mention, field, value);
    else if (at < n)
        part_set(mention, field, n, at, value);
}
