/*
 * One small function for each normaliser of a profile: the cell in, the canonical value out.
 * Tables and words come from rules/tables through memo.c; what needs several cells of a row at
 * once (serial number, names, keys) is done in map.c.
 */
#include "loaders/normalise.h"

#include <string.h>

#include "loaders/dates.h"
#include "loaders/ffl.h"
#include "loaders/memo.h"
#include "loaders/told.h"

#define EXPIRED "0001-01-01"

#define CLEAN(name)                                                                                \
    static const char *clean_##name(                                                               \
        Cleaner *cleaner G_GNUC_UNUSED, const ProfileColumn *column G_GNUC_UNUSED,                 \
        const char *cell, const Record *record G_GNUC_UNUSED, const char **problem G_GNUC_UNUSED)

static const char *keep(Cleaner *cleaner, char *text)
{
    g_free(cleaner->made);
    return cleaner->made = text;
}

/* Is it what text_key would make of it? */
static gboolean is_key(const char *text)
{
    while (g_ascii_isupper(*text) || g_ascii_isdigit(*text))
        text++;
    return *text == '\0';
}

const char *clean_squeezed(Cleaner *cleaner, const char *cell)
{
    return text_is_squeezed(cell) ? cell : keep(cleaner, text_squeeze(cell));
}

CLEAN(text)
{
    return clean_squeezed(cleaner, cell);
}

CLEAN(fold)
{
    return clean_fold_text(cleaner, cell);
}

/* Has a spreadsheet rounded it? Many codes become the same one so: nothing may be compared by it.
 */
static gboolean is_lost(const char *cell, const char **problem)
{
    const char *damage = excel_damage(cell);

    if (damage)
        *problem = damage;
    return damage && strcmp(damage, "excel-sci") == 0;
}

/* Case and file numbers: upper case, dashes plain. Rarely twice the same, so not remembered. */
CLEAN(number)
{
    const char *squeezed = clean_squeezed(cleaner, cell);

    if (is_lost(squeezed, problem))
        return NULL;
    if (!strpbrk(squeezed, "0123456789") && clean_is_nothing(cleaner, squeezed))
        return NULL;
    return text_is_folded(squeezed) ? squeezed : keep(cleaner, text_fold(squeezed));
}

/* As `number` has it, or the one trace number that stands among words: "ATF trace #
 * T20230123456 (CNFTC)". Words without a digit name none. */
CLEAN(trace)
{
    const char *number = clean_number(cleaner, column, cell, record, problem);
    char *told;

    if (!number || !strpbrk(number, "0123456789"))
        return NULL;
    told = told_trace(code_table(cleaner->codes, "number_forms"), number);
    return told ? keep(cleaner, told) : number;
}

CLEAN(integer)
{
    g_autofree char *squeezed = g_strdup(clean_squeezed(cleaner, cell));
    const char *start = squeezed;

    if (is_decimal_zero(squeezed)) {
        *problem = "excel-decimal";
        squeezed[strcspn(squeezed, ".,")] = '\0';
    }
    if (!text_is_digits(squeezed))
        return clean_fold_text(cleaner, cell);
    while (*start == '0' && start[1])
        start++;
    return keep(cleaner, g_strdup(start));
}

CLEAN(key)
{
    if (is_lost(cell, problem))
        return NULL;
    if (is_decimal_zero(cell)) /* "123.0" */
        return keep(cleaner, g_strndup(cell, strcspn(cell, ".,")));
    if (!strpbrk(cell, "0123456789") && clean_is_nothing(cleaner, cell))
        return NULL;
    return is_key(cell) ? cell : keep(cleaner, text_key(cell));
}

/* A number of days, as it stands or as trace summaries print it: "TIME TO CRIME: 123 DAYS". What
 * says less or more than a number ("UNDER 90 DAYS", "-5") is no count. */
CLEAN(days)
{
    g_autofree char *bare = NULL;
    const char *start = cell;

    if (clean_is_nothing(cleaner, cell))
        return NULL;
    while (*start == '0' && start[1])
        start++;
    if (text_is_digits(start) && strlen(start) <= 6)
        return start;
    bare = strip_affixes(cleaner, "DAYS", cell);
    if (is_decimal_zero(bare))
        bare[strcspn(bare, ".,")] = '\0';
    if (text_is_digits(bare) && strlen(bare) <= 6)
        return keep(cleaner, g_strdup(bare));
    *problem = "bad-number";
    return NULL;
}

CLEAN(phone)
{
    GString *digits;
    const char *end = cell + strlen(cell);

    if (is_lost(cell, problem))
        return NULL;
    if (is_decimal_zero(cell))
        end = cell + strcspn(cell, ".,");
    digits = g_string_new(NULL);
    for (const char *p = cell; p < end; p++)
        if (g_ascii_isdigit(*p))
            g_string_append_c(digits, *p);
    if (digits->len == 11 && digits->str[0] == '1')
        g_string_erase(digits, 0, 1);
    return keep(cleaner, g_string_free(digits, FALSE));
}

static gboolean is_postal_code(const char *key)
{
    for (guint i = 0; i < 6; i++)
        if (i % 2 ? !g_ascii_isdigit(key[i]) : !g_ascii_isupper(key[i]))
            return FALSE;
    return key[6] == '\0';
}

/* "A1A 1A1", or the five digits of a ZIP code; four digits have lost their leading zero. */
CLEAN(postal)
{
    g_autofree char *key = NULL;

    if (strlen(cell) == 5 && text_is_digits(cell))
        return cell;
    if (is_decimal_zero(cell)) { /* "43604.0" */
        *problem = "excel-decimal";
        key = g_strndup(cell, strcspn(cell, ".,"));
    } else {
        key = text_key(cell);
    }
    if (is_postal_code(key))
        return keep(cleaner, g_strdup_printf("%.3s %s", key, key + 3));
    if (!text_is_digits(key))
        return clean_fold_text(cleaner, cell);
    if (strlen(key) == 9)
        key[5] = '\0';
    if (strlen(key) != 4)
        return keep(cleaner, g_steal_pointer(&key));
    *problem = "excel-zero";
    return keep(cleaner, g_strconcat("0", key, NULL));
}

CLEAN(date)
{
    const char *known = clean_date_text(cleaner, cell);
    Day day;

    if (known)
        return known;
    if (!strpbrk(cell, "0123456789") && clean_is_nothing(cleaner, cell))
        return NULL;
    day = clean_day(cleaner, cell, problem);
    if (day == DAY_NONE || cleaner->as_of == DAY_NONE || day <= cleaner->as_of)
        return day == DAY_NONE ? NULL : date_text(day, cleaner->date);
    *problem = "future-date";
    return NULL;
}

/* A birth date that is no day is wrong, and what it tells of a birth is kept. */
CLEAN(birth)
{
    const char *date = clean_date(cleaner, column, cell, record, problem);

    return !date && g_strcmp0(*problem, "bad-date") == 0 ? clean_birth_text(cleaner, cell) : date;
}

/* The last day on which a record may go: it mostly is still to come. What is no day is one long
 * over, so that nothing goes further for the sake of a slip. */
CLEAN(expiry)
{
    Day day;

    if (!strpbrk(cell, "0123456789") && clean_is_nothing(cleaner, cell))
        return NULL;
    day = clean_day(cleaner, cell, problem);
    return day == DAY_NONE ? EXPIRED : date_text(day, cleaner->date);
}

CLEAN(code_cell)
{
    const char *code = clean_code(cleaner, column->table, cell);

    if (!code && !clean_is_nothing(cleaner, cell))
        *problem = "unknown-code";
    return code;
}

CLEAN(country)
{
    const char *code = clean_code(cleaner, "countries", cell);

    if (!code && !clean_is_nothing(cleaner, cell))
        *problem = "unknown-code";
    return code;
}

CLEAN(code_text)
{
    const char *code = clean_code(cleaner, column->table, cell);

    return code ? code : clean_fold_text(cleaner, cell);
}

CLEAN(make)
{
    return clean_make_text(cleaner, cell);
}

CLEAN(calibre)
{
    return clean_calibre_text(cleaner, cell);
}

CLEAN(model)
{
    return clean_model_text(cleaner, cell);
}

/* Codes separated by ';'. A country that is not known stays in the list as text: dropping it
 * could leave the list empty, and an empty list means the profile's wider default. */
CLEAN(countries)
{
    g_auto(GStrv) words = g_strsplit_set(cell, ";,", -1);
    GString *list = g_string_new(NULL);

    for (char **word = words; *word; word++) {
        const char *code;

        if (!text_present(*word))
            continue;
        code = clean_code(cleaner, "countries", *word);
        if (!code) {
            *problem = "unknown-code";
            code = clean_fold_text(cleaner, *word);
        }
        g_string_append_printf(list, "%s%s", list->len ? ";" : "", code ? code : "NONE");
    }
    return keep(cleaner, g_string_free(list, FALSE));
}

/* The country that stands beside a region, or NULL. */
static const char *country_beside(const ProfileColumn *column, const Record *record)
{
    const Mention *mention = column->role ? record_find_mention(record, column->role) : NULL;

    if (mention)
        return mention->value[MENTION_COUNTRY];
    return !column->role && column->target == FIELD_EVENT_REGION
               ? record_get(record, FIELD_EVENT_COUNTRY)
               : NULL;
}

/* Two letters where the region is of the country beside it; "BC" in Mexico stays text. */
CLEAN(region)
{
    const char *own, *country = country_beside(column, record);
    const char *code = clean_region_code(cleaner, cell, &own);

    if (code && (!country || strcmp(own, country) == 0))
        return code;
    const char *accented = code ? told_accented(cleaner, cell, country) : NULL;
    return accented ? accented : clean_fold_text(cleaner, cell);
}

CLEAN(issuer)
{
    const char *code = clean_code(cleaner, "regions", cell);

    code = code ? code : clean_code(cleaner, "countries", cell);
    return code ? code : clean_fold_text(cleaner, cell);
}

CLEAN(office_code)
{
    g_autofree char *squeezed = g_strdup(clean_squeezed(cleaner, cell));
    const char *code;

    if (is_decimal_zero(squeezed))
        squeezed[strcspn(squeezed, ".,")] = '\0';
    if (text_is_digits(squeezed) && strlen(squeezed) <= 4) {
        if (strlen(squeezed) < 4)
            *problem = "excel-zero";
        return keep(cleaner, g_strdup_printf("%04u", (guint)g_ascii_strtoull(squeezed, NULL, 10)));
    }
    code = clean_code(cleaner, "offices", squeezed);
    if (!code)
        code = told_office(cleaner, squeezed);
    return code ? code : keep(cleaner, g_strdup(clean_fold_text(cleaner, squeezed)));
}

CLEAN(office_name)
{
    const char *code = clean_code(cleaner, "offices", cell);

    return code ? code_label(code_table(cleaner->codes, "offices"), code, LANG_EN)
                : clean_fold_text(cleaner, cell);
}

CLEAN(disposition)
{
    const char *code = clean_disposition_text(cleaner, cell);

    if (!code && !clean_is_nothing(cleaner, cell))
        *problem = "unknown-code";
    return code;
}

CLEAN(firearm_type)
{
    const char *code = clean_code(cleaner, "firearm_types", cell);

    if (code)
        return code;
    gboolean ambiguous = FALSE;
    code = told_type(cleaner, cell, record_get(record, FIELD_CALIBRE), &ambiguous);
    if (!code && !ambiguous && !clean_is_nothing(cleaner, cell))
        *problem = "unknown-code";
    return code;
}

CLEAN(ffl)
{
    char *number = ffl_number(cell);

    if (number && ffl_lost_zeros(cell))
        *problem = "excel-zero";
    if (number)
        return keep(cleaner, number);
    if (clean_is_nothing(cleaner, cell))
        return NULL;
    if (!ffl_is_key(cell))
        *problem = "bad-ffl";
    return clean_fold_text(cleaner, cell);
}

/* As received; ="0503E000" is how people save a serial from a spreadsheet. */
CLEAN(serial)
{
    gsize length = strlen(cell);

    if (length > 3 && g_str_has_prefix(cell, "=\"") && cell[length - 1] == '"') {
        *problem = "excel-formula";
        return keep(cleaner, g_strndup(cell + 2, length - 3));
    }
    *problem = excel_damage(cell);
    return cell;
}

/* NAME, takes a table, late, the cell alone counts and comes again, field of the raw cell,
 * function */
#define NORMALISER_TABLE(X)                                                                        \
    X("text", FALSE, FALSE, FALSE, -1, clean_text)                                                 \
    X("name", FALSE, FALSE, FALSE, -1, clean_text)                                                 \
    X("whole_name", FALSE, FALSE, FALSE, -1, clean_text)                                           \
    X("fold", FALSE, FALSE, TRUE, -1, clean_fold)                                                  \
    X("number", FALSE, FALSE, FALSE, -1, clean_number)                                             \
    X("trace", FALSE, FALSE, FALSE, -1, clean_trace)                                               \
    X("integer", FALSE, FALSE, TRUE, -1, clean_integer)                                            \
    X("key", FALSE, FALSE, FALSE, -1, clean_key)                                                   \
    X("days", FALSE, FALSE, FALSE, -1, clean_days)                                                 \
    X("phone", FALSE, FALSE, FALSE, -1, clean_phone)                                               \
    X("postal", FALSE, FALSE, TRUE, -1, clean_postal)                                              \
    X("date", FALSE, FALSE, FALSE, -1, clean_date)                                                 \
    X("birth", FALSE, FALSE, FALSE, -1, clean_birth)                                               \
    X("expiry", FALSE, FALSE, FALSE, -1, clean_expiry)                                             \
    X("code", TRUE, FALSE, TRUE, -1, clean_code_cell)                                              \
    X("code_text", TRUE, FALSE, TRUE, -1, clean_code_text)                                         \
    X("make", FALSE, FALSE, TRUE, FIELD_MAKE_RAW, clean_make)                                      \
    X("importer", FALSE, FALSE, TRUE, -1, clean_make)                                              \
    X("model", FALSE, FALSE, TRUE, FIELD_MODEL_RAW, clean_model)                                   \
    X("calibre", FALSE, FALSE, TRUE, FIELD_CALIBRE_RAW, clean_calibre)                             \
    X("firearm_type", FALSE, TRUE, FALSE, -1, clean_firearm_type)                                  \
    X("country", FALSE, FALSE, TRUE, -1, clean_country)                                            \
    X("countries", FALSE, FALSE, TRUE, -1, clean_countries)                                        \
    X("region", FALSE, TRUE, FALSE, -1, clean_region)                                              \
    X("issuer", FALSE, FALSE, TRUE, -1, clean_issuer)                                              \
    X("office_code", FALSE, FALSE, TRUE, -1, clean_office_code)                                    \
    X("office_name", FALSE, FALSE, TRUE, -1, clean_office_name)                                    \
    X("disposition", FALSE, FALSE, TRUE, -1, clean_disposition)                                    \
    X("ffl", FALSE, FALSE, TRUE, -1, clean_ffl)                                                    \
    X("serial", FALSE, FALSE, FALSE, -1, clean_serial)

static const Normaliser NORMALISERS[] = {
#define X(name, takes_table, late, alone, raw, clean) {name, takes_table, late, alone, raw, clean},
    NORMALISER_TABLE(X)
#undef X
};

static const char *const NAMES[] = {
#define X(name, takes_table, late, alone, raw, clean) name,
    NORMALISER_TABLE(X)
#undef X
        NULL};

const char *const *normaliser_names(void)
{
    return NAMES;
}

const Normaliser *normaliser_find(const char *word, char **table)
{
    const char *colon = strchr(word, ':');
    gsize length = colon ? (gsize)(colon - word) : strlen(word);

    *table = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(NORMALISERS); i++) {
        const Normaliser *normaliser = &NORMALISERS[i];

        if (strlen(normaliser->name) != length || strncmp(normaliser->name, word, length) != 0)
            continue;
        if (normaliser->takes_table != (colon && colon[1]))
            return NULL;
        *table = colon ? g_strdup(colon + 1) : NULL;
        return normaliser;
    }
    return NULL;
}

gboolean normaliser_is_date(const Normaliser *normaliser)
{
    return normaliser->clean == clean_date || normaliser->clean == clean_birth ||
           normaliser->clean == clean_expiry;
}
