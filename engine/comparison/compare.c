/*
 * Levels of agreement, field by field (levels.def). Pure: a level depends on the two values
 * alone. Names are remembered per pair of values, because the same names meet again and again.
 */
#include "engine/comparison/compare.h"

#include "engine/comparison/documents.h"
#include "engine/person/birth.h"
#include "engine/person/distance.h"
#include "engine/person/words.h"

#include <string.h>

#define CACHE_BITS  18 /* at most; few people have fewer pairs of names */
#define CACHE_LEVEL 3  /* bits of a level in an entry, below the pair: two numbers and one bit */
#define CACHE_ID    30 /* bits of a value's number; of one that takes more nothing is remembered */
G_STATIC_ASSERT(NAME_DIFFERS >> CACHE_LEVEL == 0 && 2 * CACHE_ID + 1 + CACHE_LEVEL == 64);

/* Words of a text as slices. */
typedef struct {
    guint n;
    const char *at[8];
    guint length[8];
} Slices;

static void slices_of(Slices *s, const char *text)
{
    s->n = 0;
    while (*text && s->n < G_N_ELEMENTS(s->at)) {
        gsize length = strcspn(text, " ");
        s->at[s->n] = text;
        s->length[s->n++] = (guint)length;
        text += length + (text[length] == ' ');
    }
}

static gboolean is_particle(const char *word, guint length)
{
    char buffer[12];
    if (length >= sizeof buffer)
        return FALSE;
    memcpy(buffer, word, length);
    buffer[length] = '\0';
    return word_find(WORD_PARTICLE, buffer) != NULL;
}

/* Do all words of the shorter name but particles stand in the longer one? */
static gboolean words_within(const Value *a, const Value *b)
{
    Slices x, y;
    guint telling = 0;
    slices_of(&x, a->text);
    slices_of(&y, b->text);
    for (guint i = 0; i < x.n; i++) {
        gboolean found = FALSE;
        if (x.n > 1 && is_particle(x.at[i], x.length[i]))
            continue;
        for (guint j = 0; j < y.n && !found; j++)
            found = x.length[i] == y.length[j] && memcmp(x.at[i], y.at[j], x.length[i]) == 0;
        if (!found)
            return FALSE;
        telling += x.length[i] >= 3;
    }
    return telling > 0;
}

/* Might they be nicknames of each other, or be listed as two? */
static gboolean may_be_listed(const Value *a, const Value *b)
{
    return (a->called & b->called) != 0;
}

static gboolean is_variant(const PersonModel *model, const Value *a, const Value *b, gboolean given)
{
    if (a->joined_length == b->joined_length && strcmp(a->joined, b->joined) == 0)
        return TRUE;
    if ((a->words > 1 || b->words > 1) && (words_within(a, b) || words_within(b, a)))
        return TRUE;
    return given && may_be_listed(a, b) && nickname_equal(model, a->joined, b->joined);
}

/* "JIM" or "JAMSE" and "JAMES LUIS": the first of several given names, called or written otherwise.
 * Of the others, and of short ones, too many are alike: "MARY" and "JEAN MARC". */
static guint first_of_names(const PersonModel *model, const Value *several, const Value *one)
{
    char word[64];
    g_strlcpy(word, several->text, MIN(strcspn(several->text, " ") + 1, sizeof word));
    guint length = (guint)strlen(word);
    if (nickname_equal(model, word, one->joined))
        return NAME_CLOSE;
    gboolean slip = MIN(length, one->joined_length) >= 5 &&
                    distance_edit(word, length, one->joined, one->joined_length) == 1 &&
                    !names_are_two(model, word, one->joined);
    return slip ? NAME_NEAR : NAME_DIFFERS;
}

/* The most Jaro-Winkler that two texts can reach by the letters they have. */
static double most_alike(const Value *a, const Value *b)
{
    return letters_alike(a->letters, a->joined_length, b->letters, b->joined_length,
                         a->start == b->start);
}

/* Do the letters of two names alone say that they differ, whatever order they are in? */
static gboolean letters_differ(const PersonModel *model, const Value *a, const Value *b)
{
    return letters_apart(a->letters, b->letters) > 2 && most_alike(a, b) < model->limits.far;
}

/* The level of two names as far as it needs no text, or FIELD_LEVELS. */
static guint name_glance(const PersonModel *model, const Value *a, const Value *b)
{
    if (MIN(a->joined_length, b->joined_length) == 1)
        return a->start == b->start     ? NAME_INITIAL
               : a->called || b->called ? FIELD_LEVELS
                                        : NAME_DIFFERS;
    if (a->words > 1 || b->words > 1 || may_be_listed(a, b))
        return FIELD_LEVELS;
    return letters_differ(model, a, b) ? NAME_DIFFERS : FIELD_LEVELS;
}

/* The level of those of which name_glance() cannot tell. */
static guint name_compare(const PersonModel *model, const Value *a, const Value *b, gboolean given)
{
    const char *x = a->joined, *y = b->joined;
    guint lx = a->joined_length, ly = b->joined_length, least = MIN(lx, ly);
    if (least == 1) /* "A" and "MANDY", who is AMANDA */
        return given && nickname_starts(model, lx == 1 ? y : x, lx == 1 ? *x : *y) ? NAME_FAR
                                                                                   : NAME_DIFFERS;
    if (is_variant(model, a, b, given))
        return NAME_VARIANT;
    if (given && (a->words == 1) != (b->words == 1)) {
        guint level = a->words > 1 ? first_of_names(model, a, b) : first_of_names(model, b, a);
        if (level < NAME_DIFFERS)
            return level;
    }
    if (given && may_be_listed(a, b) && names_are_two(model, x, y))
        return NAME_FAR;
    if (letters_differ(model, a, b))
        return NAME_DIFFERS;
    gboolean far = most_alike(a, b) < model->limits.far;
    guint edits = distance_edit(x, lx, y, ly);
    double alike = far ? 0 : distance_winkler(x, lx, y, ly);
    if ((edits == 1 && least >= 4) || (alike >= model->limits.close && least >= 4))
        return NAME_CLOSE;
    gboolean start = least >= 3 && memcmp(x, y, least) == 0;
    gboolean sound = a->sound == b->sound && x[0] == y[0] && least >= 3;
    gboolean likely = start || (alike >= model->limits.near && least >= 4);
    if (sound || (edits == 1 && least >= 3) || (edits == 2 && least >= 5) || (likely && !given))
        return NAME_NEAR;
    return likely || (least >= 3 && alike >= model->limits.far) ? NAME_FAR : NAME_DIFFERS;
}

static guint name_level(Scorer *s, Id a, Id b, gboolean given)
{
    if (!a || !b)
        return LEVEL_MISSING;
    if (a == b)
        return NAME_EXACT;
    Id low = MIN(a, b), high = MAX(a, b);
    const Value *x = people_value(s->people, low), *y = people_value(s->people, high);
    guint level = name_glance(s->people->model, x, y);
    if (level < FIELD_LEVELS)
        return level;
    guint64 key = ((guint64)low << CACHE_ID | high) << 1 | (given ? 1 : 0);
    guint64 *entry = &s->cache.entries[mix64(key, 7) >> (64 - s->cache.bits)];
    gboolean fits = high >> CACHE_ID == 0;
    if (fits && *entry >> CACHE_LEVEL == key)
        return *entry & ((1 << CACHE_LEVEL) - 1);
    level = name_compare(s->people->model, x, y, given);
    if (fits)
        *entry = key << CACHE_LEVEL | level;
    return level;
}

/* Does a name of birth stand between the names of one, and is it the other's surname? */
static gboolean born_as(const People *people, const Node *a, const Node *b)
{
    return (a->middle && a->middle == b->last && people_value(people, a->middle)->length >= 3) ||
           (b->middle && b->middle == a->last && people_value(people, b->middle)->length >= 3);
}

/* Do more people have it as their surname than as their given name? */
static gboolean is_surname(const People *people, Id name)
{
    return people->counts[COUNT_LAST][name] > people->counts[COUNT_FIRST][name];
}

/* Has one of the two no surname, and the other's stands where its given name belongs? */
static gboolean lone_elsewhere(Scorer *s, const Node *a, const Node *b)
{
    return (!a->last && name_level(s, a->first, b->last, TRUE) <= NAME_CLOSE) ||
           (!b->last && name_level(s, b->first, a->last, TRUE) <= NAME_CLOSE);
}

/* Surname and given name together, because they may have changed places; a nickname stays one where
 * a surname is written. */
static Pattern names_level(Scorer *s, Pattern p, const Node *a, const Node *b)
{
    guint surname = name_level(s, a->last, b->last, FALSE);
    guint given = name_level(s, a->first, b->first, TRUE);
    gboolean apart = surname >= NAME_FAR && given >= NAME_FAR && surname != LEVEL_MISSING &&
                     given != LEVEL_MISSING;
    if (apart && name_level(s, a->last, b->first, TRUE) <= NAME_CLOSE &&
        name_level(s, a->first, b->last, TRUE) <= NAME_CLOSE)
        surname = given = NAME_SWAPPED;
    else if (surname >= NAME_FAR && surname != LEVEL_MISSING && born_as(s->people, a, b))
        surname = NAME_VARIANT;
    /* names of both have changed places: what is equal is their surname, what differs their names
     */
    if (surname == NAME_DIFFERS && given == NAME_EXACT && is_surname(s->people, a->first))
        given = NAME_DIFFERS;
    /* one name alone, in the other column */
    if (given >= NAME_FAR && surname == LEVEL_MISSING && lone_elsewhere(s, a, b))
        given = LEVEL_MISSING;
    p = pattern_with(p, FIELD_SURNAME, surname);
    p = pattern_with(p, FIELD_GIVEN, given);
    guint middle = name_level(s, a->middle, b->middle, TRUE);
    /* the name of birth stands where the other's middle name does */
    if (middle == NAME_DIFFERS && born_as(s->people, a, b))
        middle = LEVEL_MISSING;
    return pattern_with(p, FIELD_MIDDLE, middle);
}

static guint dob_level(const People *people, const Node *a, const Node *b)
{
    return dates_level(people->model, a->dob, digits_said(people, a->digits), b->dob,
                       digits_said(people, b->digits));
}

guint texts_alike(const People *people, Id a, Id b)
{
    if (a == b)
        return 2;
    const Value *x = people_value(people, a), *y = people_value(people, b);
    guint least = MIN(x->joined_length, y->joined_length);
    gboolean near = most_alike(x, y) >= TEXT_ALIKE;
    if (least < 4 || (!near && letters_apart(x->letters, y->letters) > 2))
        return 0;
    if (distance_edit(x->joined, x->joined_length, y->joined, y->joined_length) <= 1 + (least >= 8))
        return 1;
    return near &&
           distance_winkler(x->joined, x->joined_length, y->joined, y->joined_length) >= TEXT_ALIKE;
}

gboolean value_is_shared(const People *people, CountKind kind, Id id)
{
    const Limits *limits = &people->model->limits;
    double most = kind == COUNT_PLACE   ? limits->shared_place
                  : kind == COUNT_PHONE ? limits->shared_phone
                                        : limits->shared_document;
    return people->by_entity && people->counts[kind][id] >= most;
}

/* The length of the word at *text; moves *text to the next one. */
static gsize next_word(const char **text)
{
    gsize n = strcspn(*text, " ");
    *text += n + strspn(*text + n, " ");
    return n;
}

/* Lacks one what kind of street the other is, or its direction: "OAK E" and "OAK BLVD E"? */
static gboolean street_lacks(const char *less, const char *more)
{
    gboolean first = TRUE;
    while (*more) {
        const char *word = more, *at = less;
        gsize n = next_word(&more), m = next_word(&less);
        if (n == m && strncmp(word, at, n) == 0) {
            first = FALSE;
            continue;
        }
        char text[WORDS_BYTES];
        g_strlcpy(text, word, MIN(n + 1, sizeof text));
        if (first || (!word_find(WORD_STREET, text) && !word_find(WORD_DIRECTION, text)))
            return FALSE;
        less = at;
    }
    return !*less;
}

static gboolean streets_one(const People *people, Id a, Id b)
{
    const char *x = people_value(people, a)->text, *y = people_value(people, b)->text;
    return strlen(x) < strlen(y) ? street_lacks(x, y) : street_lacks(y, x);
}

/* Level of two addresses whose streets are both known, or FIELD_LEVELS when they say nothing. */
static guint street_level(const People *people, const Node *a, const Node *b, int near)
{
    guint alike = texts_alike(people, a->street, b->street);
    gboolean house = a->house && a->house == b->house;
    if (alike == 0 && house && near > 0)
        alike = streets_one(people, a->street, b->street);
    if (alike == 0 || near < 0)
        return FIELD_LEVELS;
    if (a->place && a->place == b->place && !a->unit &&
        value_is_shared(people, COUNT_PLACE, a->place))
        return ADDRESS_STREET;
    if (house && a->unit && b->unit && a->unit != b->unit)
        return ADDRESS_OTHER_UNIT;
    if (house && alike == 2 && near > 0)
        return a->unit == b->unit ? ADDRESS_UNIT : ADDRESS_HOUSE;
    if (house)
        return ADDRESS_CLOSE;
    return near > 0 || alike == 2 ? ADDRESS_STREET : FIELD_LEVELS;
}

/* One comparison of two addresses, finest agreement first. */
static guint address_level(const People *people, const Node *a, const Node *b)
{
    gboolean city = a->city && b->city, postal = a->postal && b->postal;
    gboolean region = a->region && b->region, street = a->street && b->street;
    guint same_city = city ? texts_alike(people, a->city, b->city) : 0;
    gboolean same_postal = postal && a->postal == b->postal;
    int near = same_city || same_postal ? 1 : city || postal ? -1 : 0;
    if (street) {
        guint level = street_level(people, a, b, near);
        if (level < FIELD_LEVELS)
            return level;
    }
    if (same_postal)
        return ADDRESS_POSTAL;
    if (same_city)
        return ADDRESS_CITY;
    if (!street && !city && !postal && !region)
        return LEVEL_MISSING;
    return region && a->region == b->region ? ADDRESS_REGION : ADDRESS_DIFFERS;
}

static gboolean is_mail(const People *people, Id phone)
{
    return strchr(people_value(people, phone)->text, '@') != NULL;
}

static guint phone_level(const People *people, Id a, Id b)
{
    if (!a || !b || value_is_shared(people, COUNT_PHONE, a) ||
        value_is_shared(people, COUNT_PHONE, b))
        return LEVEL_MISSING;
    if (a == b)
        return PHONE_EQUAL;
    const Value *x = people_value(people, a), *y = people_value(people, b);
    gboolean mail = is_mail(people, a);
    if (mail != is_mail(people, b))
        return LEVEL_MISSING;
    guint edits = distance_edit(x->text, x->length, y->text, y->length);
    return edits <= (mail ? MAX(2u, MIN(x->length, y->length) / 4u) : 1u) ? PHONE_CLOSE
                                                                          : PHONE_DIFFERS;
}

static gboolean is_numeral(const People *people, Id suffix)
{
    const char *text = people_value(people, suffix)->text;
    return strspn(text, "0123456789") == strlen(text);
}

/* "MORRIS I" and "MORRIS II": the first of his name is told apart by a letter that might be of a
 * second name, were there none who is the second. */
static gboolean is_first_of(const People *people, const Node *first, const Node *later)
{
    return !first->suffix && first->middle && later->suffix && !later->middle &&
           is_numeral(people, later->suffix) &&
           strcmp(people_value(people, first->middle)->text, "I") == 0;
}

/* Of two numerals (IV, V; canonically digits) one is a slip where the two have one document. */
static guint suffix_level(const People *people, const Node *a, const Node *b)
{
    gboolean issued;
    if (is_first_of(people, a, b) || is_first_of(people, b, a))
        return SUFFIX_CONFLICT;
    if (!a->suffix || !b->suffix)
        return LEVEL_MISSING;
    if (a->suffix == b->suffix)
        return SUFFIX_EQUAL;
    gboolean slip = is_numeral(people, a->suffix) && is_numeral(people, b->suffix) &&
                    documents_level(people, a, b, &issued) == DOCUMENT_EQUAL;
    return slip ? LEVEL_MISSING : SUFFIX_CONFLICT;
}

Pattern pattern_of(Scorer *s, guint i, guint j)
{
    const Node *a = people_node(s->people, i), *b = people_node(s->people, j);
    Pattern p = PATTERN_NONE;
    if (a->organisation || b->organisation) {
        guint level = name_level(s, a->organisation, b->organisation, FALSE);
        if (level == LEVEL_MISSING)
            level = NAME_SWAPPED;
        p = pattern_with(p, FIELD_ORGANISATION, level);
    } else {
        p = names_level(s, p, a, b);
        p = pattern_with(p, FIELD_DOB, dob_level(s->people, a, b));
        p = pattern_with(p, FIELD_SUFFIX, suffix_level(s->people, a, b));
        if (!a->suffix != !b->suffix)
            p |= PATTERN_HALF_SUFFIX;
    }
    p = pattern_with(p, FIELD_ADDRESS, address_level(s->people, a, b));
    p = pattern_with(p, FIELD_PHONE, phone_level(s->people, a->phone, b->phone));
    if (pattern_level(p, FIELD_PHONE) <= PHONE_CLOSE && is_mail(s->people, a->phone))
        p |= PATTERN_MAIL;
    gboolean issued;
    p = pattern_with(p, FIELD_DOCUMENT, documents_level(s->people, a, b, &issued));
    return issued ? p | PATTERN_ISSUED : p;
}

static void cache_init(NameCache *cache, const People *people)
{
    cache->bits = 4;
    while (cache->bits < CACHE_BITS && (guint64)1 << cache->bits < 16 * (guint64)people->n)
        cache->bits++;
    cache->entries = g_new0(guint64, (gsize)1 << cache->bits);
}

Scorer *scorer_new(const People *people, const Weights *weights)
{
    Scorer *s = g_new0(Scorer, 1);
    s->people = people;
    cache_init(&s->cache, people);
    scorer_set(s, weights);
    return s;
}

Scorer *scorer_copy(const Scorer *scorer)
{
    Scorer *s = g_memdup2(scorer, sizeof *scorer);
    cache_init(&s->cache, s->people);
    return s;
}

void scorer_free(Scorer *s)
{
    if (!s)
        return;
    g_free(s->cache.entries);
    g_free(s);
}
