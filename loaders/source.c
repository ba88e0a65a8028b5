/*
 * An input's encoding, its bytes as text, and its SHA-256, which a thread takes meanwhile.
 * A byte-order mark decides; without one UTF-8 is taken where valid sequences outnumber invalid
 * bytes (so that one damaged byte spoils one row and not every accent), else Windows-1252.
 * Knows nothing of lines or columns.
 */
#include "loaders/source.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/error.h"
#include "engine/base/hash.h"
#include "loaders/input.h"

#define CHUNK       65536
#define SNIFF       65536
#define NUL_FEW     3 /* so many NUL bytes make no binary file: their rows are rejected */
#define CONTROL_FEW 8 /* likewise control characters */

/* The hash of a file's bytes, which is taken beside whatever else is done with them. */
typedef struct {
    pthread_t thread;
    gboolean runs; /* the thread is to be waited for */
    int fd;
    char *sha256;
    int failed; /* errno */
} Hashing;

struct Source {
    Input input;
    Hashing hashing;
    char *name;
    Encoding encoding;
    const char *why; /* the encoding was taken */
    guint bom;       /* bytes of the byte-order mark */
    gboolean clean;
    GIConv conversion; /* UTF-16 only */
    char rest[8];      /* bytes of a character that the next read completes */
    gsize rest_length;
};

/* What one pass over the bytes saw. */
typedef struct {
    guint64 bytes, valid, invalid;
    guint64 sniffed, nul, control; /* of the first SNIFF bytes */
    guint8 head[4];
    char carry[4];
    gsize carried;
} Census;

typedef struct {
    Encoding encoding;
    const char *name;    /* as reported */
    const char *aliases; /* as accepted, between blanks */
} EncodingRow;

static const EncodingRow ENCODINGS[] = {
    {ENCODING_UTF8, "UTF-8", " utf-8 utf8 "},
    {ENCODING_CP1252, "windows-1252", " windows-1252 cp1252 cp-1252 win1252 ansi "},
    {ENCODING_LATIN1, "ISO-8859-1", " iso-8859-1 iso8859-1 latin1 latin-1 "},
    {ENCODING_UTF16LE, "UTF-16LE", " utf-16le utf16le utf-16 utf16 "},
    {ENCODING_UTF16BE, "UTF-16BE", " utf-16be utf16be "},
    {ENCODING_AUTO, "auto", " auto "},
};

const char *encoding_name(Encoding encoding)
{
    return ENCODINGS[encoding].name;
}

static gboolean encoding_parse(const char *word, Encoding *encoding, GError **error)
{
    g_autofree char *lower = g_ascii_strdown(word ? word : "auto", -1);
    g_autofree char *padded = g_strdup_printf(" %s ", lower);

    for (gsize i = 0; i < G_N_ELEMENTS(ENCODINGS); i++) {
        if (!strchr(lower, ' ') && strstr(ENCODINGS[i].aliases, padded)) {
            *encoding = ENCODINGS[i].encoding;
            return TRUE;
        }
    }
    return error_set(error, STATUS_USAGE,
                     "unknown encoding '%s'; known: auto, UTF-8, UTF-16LE, UTF-16BE, "
                     "windows-1252, ISO-8859-1",
                     word);
}

static void census_control(Census *census, const char *bytes, gsize length)
{
    for (gsize i = 0; i < length && census->sniffed < SNIFF; i++, census->sniffed++) {
        guint8 byte = (guint8)bytes[i];

        if (byte == 0)
            census->nul++;
        else if (byte < 0x20 && !strchr("\t\n\v\f\r\x1a\x1b", byte))
            census->control++;
    }
}

/* Behind the ASCII that stands at p, eight bytes at a time. */
static const char *skip_ascii(const char *p, const char *end)
{
    guint64 word;

    for (; end - p >= (gssize)sizeof word; p += sizeof word) {
        memcpy(&word, p, sizeof word);
        if (word & G_GUINT64_CONSTANT(0x8080808080808080))
            break;
    }
    while (p < end && (guint8)*p < 0x80)
        p++;
    return p;
}

/* Counts UTF-8 sequences; returns how many bytes at the end are the begin of a character. */
static gsize census_utf8(Census *census, const char *bytes, gsize length)
{
    const char *p = bytes, *end = bytes + length;

    while ((p = skip_ascii(p, end)) < end) {
        gunichar c = g_utf8_get_char_validated(p, end - p);

        if (c == (gunichar)-2 && end - p < 4)
            return (gsize)(end - p);
        if (c == (gunichar)-1 || c == (gunichar)-2) {
            census->invalid++;
            p++;
        } else {
            census->valid++;
            p = g_utf8_next_char(p);
        }
    }
    return 0;
}

static void *hash_all(void *data)
{
    Hashing *hashing = data;
    g_autoptr(Sha256) sha = sha256_new();
    g_autofree char *chunk = g_malloc(CHUNK);
    off_t at = 0;
    gssize n;

    while ((n = pread(hashing->fd, chunk, CHUNK, at)) > 0 || (n < 0 && errno == EINTR))
        if (n > 0) {
            sha256_add(sha, chunk, (gsize)n);
            at += n;
        }
    hashing->failed = n < 0 ? errno : 0;
    hashing->sha256 = sha256_take(sha);
    return NULL;
}

static gboolean read_failed(const Source *source, int number, GError **error)
{
    return error_set(error, number == EISDIR ? STATUS_NO_INPUT : STATUS_IO, "cannot read '%s': %s",
                     source->name, g_strerror(number));
}

static gboolean census_read(Source *source, Census *census, GError **error)
{
    char chunk[CHUNK + 4];
    gssize n;

    while ((n = input_read(source->input.fd, chunk + census->carried, CHUNK)) > 0) {
        gsize length = census->carried + (gsize)n, tail;

        census_control(census, chunk + census->carried, (gsize)n);
        for (gsize i = 0; i < (gsize)n && census->bytes + i < sizeof census->head; i++)
            census->head[census->bytes + i] = (guint8)chunk[census->carried + i];
        census->bytes += (guint64)n;
        tail = census_utf8(census, chunk, length);
        memmove(chunk, chunk + length - tail, tail);
        census->carried = tail;
    }
    if (n < 0)
        return read_failed(source, errno, error);
    census->invalid += census->carried;
    return TRUE;
}

/* What was received packed has its hash already. */
static void hash_begin(Source *source)
{
    Hashing *hashing = &source->hashing;
    hashing->fd = source->input.fd;
    hashing->runs =
        !source->input.sha256 && pthread_create(&hashing->thread, NULL, hash_all, hashing) == 0;
}

static void hash_wait(Hashing *hashing)
{
    if (hashing->runs)
        pthread_join(hashing->thread, NULL);
    hashing->runs = FALSE;
}

/* The mark that the file begins with: its length and encoding; FALSE when there is none. */
static gboolean find_mark(const Census *census, Encoding *encoding, guint *length)
{
    static const struct {
        const char *bytes;
        guint length;
        Encoding encoding;
    } MARKS[] = {{"\xEF\xBB\xBF", 3, ENCODING_UTF8},
                 {"\xFF\xFE", 2, ENCODING_UTF16LE},
                 {"\xFE\xFF", 2, ENCODING_UTF16BE}};

    for (gsize i = 0; i < G_N_ELEMENTS(MARKS); i++) {
        if (census->bytes >= MARKS[i].length &&
            memcmp(census->head, MARKS[i].bytes, MARKS[i].length) == 0) {
            *encoding = MARKS[i].encoding;
            *length = MARKS[i].length;
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean is_utf16(Encoding encoding)
{
    return encoding == ENCODING_UTF16LE || encoding == ENCODING_UTF16BE;
}

/* UTF-32, by its mark or by the NUL bytes around its first character. */
static gboolean is_utf32(const Census *census)
{
    const guint8 *head = census->head;

    if (census->bytes < 4)
        return FALSE;
    if (memcmp(head, "\xFF\xFE\0\0", 4) == 0 || memcmp(head, "\0\0\xFE\xFF", 4) == 0)
        return TRUE;
    return census->nul * 3 > census->sniffed * 2 &&
           (memcmp(head + 1, "\0\0\0", 3) == 0 || memcmp(head, "\0\0\0", 3) == 0);
}

static void encoding_guess(Source *source, const Census *census)
{
    source->encoding =
        census->invalid == 0 || census->valid > census->invalid ? ENCODING_UTF8 : ENCODING_CP1252;
    source->why = census->invalid == 0 ? "every byte is valid UTF-8"
                  : source->encoding == ENCODING_UTF8
                      ? "more characters of UTF-8 than bytes that are none"
                      : "bytes beyond ASCII that are no UTF-8";
}

static gboolean encoding_decide(Source *source, const Census *census, Encoding forced,
                                GError **error)
{
    Encoding marked = ENCODING_AUTO;
    gboolean has_mark = find_mark(census, &marked, &source->bom);

    if (census->bytes == source->bom)
        return error_set(error, STATUS_DATA, "cannot load '%s': it is empty", source->name);
    if (is_utf32(census))
        return error_set(error, STATUS_DATA,
                         "cannot load '%s': it is UTF-32, which is not read; save it as UTF-8",
                         source->name);
    if (forced != ENCODING_AUTO && has_mark && marked != forced &&
        !(is_utf16(forced) && is_utf16(marked)))
        source->bom = 0;
    if (has_mark && (forced == ENCODING_AUTO || source->bom > 0)) {
        source->encoding = marked;
        source->why = "by its byte-order mark";
    } else if (forced != ENCODING_AUTO) {
        source->encoding = forced;
        source->why = "as told";
    } else {
        encoding_guess(source, census);
    }
    source->clean = source->encoding == ENCODING_UTF8 && census->invalid == 0;
    if (is_utf16(source->encoding))
        return TRUE;
    if ((census->nul > NUL_FEW && census->nul * 50 > census->sniffed) ||
        (census->control > CONTROL_FEW && census->control * 20 > census->sniffed))
        return error_set(error, STATUS_DATA,
                         "cannot load '%s': it is a binary file (or UTF-16 without a byte-order "
                         "mark: say so with --encoding)",
                         source->name);
    return TRUE;
}

Source *source_open(const char *path, const char *encoding, GError **error)
{
    g_autoptr(Source) source = g_new0(Source, 1);
    Encoding forced = ENCODING_AUTO;
    Census census = {0};

    source->input = (Input){.received = -1, .fd = -1};
    source->conversion = (GIConv)-1;
    source->name = g_strdup(path);
    if (!encoding_parse(encoding, &forced, error))
        return NULL;
    if (!input_open(&source->input, path, error))
        return NULL;
    hash_begin(source);
    if (!census_read(source, &census, error) || !encoding_decide(source, &census, forced, error))
        return NULL;
    if (is_utf16(source->encoding))
        source->conversion = g_iconv_open("UTF-8", encoding_name(source->encoding));
    return source_rewind(source, error) ? g_steal_pointer(&source) : NULL;
}

void source_free(Source *source)
{
    if (!source)
        return;
    hash_wait(&source->hashing);
    g_free(source->hashing.sha256);
    input_close(&source->input);
    if (source->conversion != (GIConv)-1)
        g_iconv_close(source->conversion);
    g_free(source->name);
    g_free(source);
}

gboolean source_rewind(Source *source, GError **error)
{
    source->rest_length = 0;
    if (lseek(source->input.fd, source->bom, SEEK_SET) < 0)
        return error_set(error, STATUS_IO, "cannot read '%s' again: %s", source->name,
                         g_strerror(errno));
    return TRUE;
}

/* Converts what is in `in`; a half pair at its end is kept for the next read, a lone surrogate
 * becomes the byte FF, which is valid nowhere and so marks its line as badly encoded. */
static gsize decode_utf16(Source *source, char *in, gsize in_length, gboolean last, char *out,
                          gsize out_size)
{
    char *to = out;
    gsize room = out_size;

    while (in_length > 0) {
        gsize result = g_iconv(source->conversion, &in, &in_length, &to, &room);

        if (result != (gsize)-1 || errno == E2BIG || (errno == EINVAL && !last) || room == 0)
            break;
        *to++ = '\xFF';
        room--;
        in += MIN(2, in_length);
        in_length -= MIN(2, in_length);
        g_iconv(source->conversion, NULL, NULL, NULL, NULL);
    }
    memcpy(source->rest, in, MIN(in_length, sizeof source->rest));
    source->rest_length = MIN(in_length, sizeof source->rest);
    return out_size - room;
}

static gssize read_utf16(Source *source, char *buffer, gsize size)
{
    gsize made = 0;

    while (made == 0) {
        char in[CHUNK];
        gsize want = MIN(sizeof in - sizeof source->rest, size / 4 * 2);
        gsize kept = source->rest_length;
        gssize n;

        memcpy(in, source->rest, kept);
        n = input_read(source->input.fd, in + kept, want);
        if (n < 0)
            return -1;
        if (n == 0 && kept == 0)
            return 0;
        made = decode_utf16(source, in, kept + (gsize)n, n == 0, buffer, size);
    }
    return (gssize)made;
}

gssize source_read(Source *source, char *buffer, gsize size, GError **error)
{
    gssize n = is_utf16(source->encoding) ? read_utf16(source, buffer, size)
                                          : input_read(source->input.fd, buffer, size);

    if (n < 0)
        error_set(error, STATUS_IO, "cannot read '%s': %s", source->name, g_strerror(errno));
    return n;
}

/* What is hashed is what was read. */
gboolean source_unchanged(Source *source, GError **error)
{
    hash_wait(&source->hashing);
    return input_unchanged(&source->input, source->name, error);
}

const char *source_name(const Source *source)
{
    return source->name;
}

guint64 source_size(const Source *source)
{
    return source->input.bytes;
}

const char *source_sha256(Source *source, GError **error)
{
    Hashing *hashing = &source->hashing;
    if (source->input.sha256)
        return source->input.sha256;
    hash_wait(hashing);
    if (!hashing->sha256)
        hash_all(hashing);
    if (!hashing->failed)
        return hashing->sha256;
    read_failed(source, hashing->failed, error);
    return NULL;
}

Encoding source_encoding(const Source *source)
{
    return source->encoding;
}

const char *source_encoding_why(const Source *source)
{
    return source->why;
}

gboolean source_is_clean(const Source *source)
{
    return source->clean;
}
