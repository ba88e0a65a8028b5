/*
 * What a pattern of levels is worth in bits: Fellegi-Sunter with the values' own frequencies, and
 * with relatives as a third explanation beside chance and identity. Two people of one household
 * share surname, address and telephone, and a father and son the given name too; without that
 * explanation every such agreement would count as if it were independent.
 */
#include "engine/comparison/compare.h"
#include "engine/comparison/documents.h"

#include "engine/base/evidence.h"

#include <math.h>

/* Which of people's values two nodes' agreement rests on: the larger of two counts. */
static guint32 shared_count(const People *p, CountKind kind, Id a, Id b)
{
    const guint32 *counts = p->counts[kind];
    return MAX(counts[a], counts[b]);
}

/* Kind of value whose rarity counts at a level, COUNT_KINDS when none does. */
static CountKind level_kind(Field field, guint level)
{
    switch (field) {
    case FIELD_SURNAME:
        return COUNT_LAST;
    case FIELD_GIVEN:
        return COUNT_FIRST;
    case FIELD_MIDDLE:
        return COUNT_MIDDLE;
    case FIELD_ORGANISATION:
        return COUNT_ORGANISATION;
    case FIELD_ADDRESS:
        return level <= ADDRESS_OTHER_UNIT ? COUNT_PLACE
               : level == ADDRESS_STREET   ? COUNT_STREET
               : level == ADDRESS_POSTAL   ? COUNT_POSTAL
               : level == ADDRESS_CITY     ? COUNT_CITY
                                           : COUNT_KINDS;
    case FIELD_PHONE:
        return level == PHONE_EQUAL ? COUNT_PHONE : COUNT_KINDS;
    case FIELD_DOCUMENT:
        return level == DOCUMENT_EQUAL ? COUNT_DOCUMENT : COUNT_KINDS;
    case FIELD_DOB:
        return level == DOB_EXACT ? COUNT_DOB : COUNT_KINDS;
    default:
        return COUNT_KINDS;
    }
}

static gboolean is_name(Field field)
{
    return field == FIELD_SURNAME || field == FIELD_GIVEN || field == FIELD_MIDDLE ||
           field == FIELD_ORGANISATION;
}

/* Share of a level's rarity that counts: whole where the value itself agrees. */
static double rarity_share(const Limits *limits, Field field, guint level)
{
    if (!is_name(field) || level == NAME_EXACT || level == NAME_SWAPPED)
        return 1;
    return level < NAME_INITIAL ? limits->tf_near : 0;
}

/* log2 of the people whom a value of average frequency would have, by field and level; that of the
 * people who do have it is then what makes it rare or common. */
static void rarity_set(Scorer *s)
{
    const Limits *limits = &s->people->model->limits;
    /* a few pairs need few of them: counted when they do */
    s->n_logs = s->people->nodes->len < RARITY_LOGS / 16 ? 0 : RARITY_LOGS;
    for (guint count = 0; count < s->n_logs; count++)
        s->logs[count] = log2(MAX(count, 1) - 1 + limits->tf_smooth);
    for (guint f = 0; f < FIELD_COUNT; f++)
        for (guint l = 0; l < field_levels(f); l++) {
            CountKind kind = level_kind(f, l);
            double known = kind < COUNT_KINDS ? s->people->known[kind] : 0;
            double average = exp2(s->unlike[f][is_name(f) ? NAME_EXACT : l]);
            s->share[f][l] = known > 0 ? (float)rarity_share(limits, f, l) : 0;
            s->expected[f][l] = (float)log2(average * known + limits->tf_smooth);
        }
}

void scorer_set(Scorer *s, const Weights *w)
{
    double n = MAX(s->people->population, 2);
    for (guint f = 0; f < FIELD_COUNT; f++)
        for (guint l = 0; l < field_levels(f); l++) {
            s->same[f][l] = log2(w->odds[f][l].m);
            s->unlike[f][l] = log2(w->odds[f][l].u);
            s->kin[f][l] = log2(w->odds[f][l].kin);
        }
    /* Changing places is one event: the surname's level carries it, both names' frequency counts.
     */
    s->unlike[FIELD_SURNAME][NAME_SWAPPED] =
        s->unlike[FIELD_SURNAME][NAME_EXACT] + s->unlike[FIELD_GIVEN][NAME_EXACT];
    s->same[FIELD_GIVEN][NAME_SWAPPED] = s->unlike[FIELD_GIVEN][NAME_SWAPPED] = 0;
    s->kin[FIELD_GIVEN][NAME_SWAPPED] = 0;
    s->kin_rate = log2(MAX(w->kin, 1e-9) / n);
    s->kin_both = log2(MAX(w->kin_both, 1e-9));
    s->prior = log2(w->matches / n);
    s->name_only = probability_to_bits(s->people->model->limits.name_only);
    s->renamed = probability_to_bits(s->people->model->limits.renamed);
    s->half_suffix = probability_to_bits(s->people->model->limits.half_suffix);
    s->undated =
        probability_to_bits(w->undated > 0 ? w->undated : s->people->model->limits.undated);
    s->lives = MAX(s->name_only, probability_to_bits(w->lives));
    rarity_set(s);
}

double count_bits(const Scorer *s, Field field, guint level, guint32 count)
{
    const Limits *limits = &s->people->model->limits;
    double log = count < s->n_logs ? s->logs[count] : log2(MAX(count, 1) - 1 + limits->tf_smooth);
    return s->share[field][level] * MIN(s->expected[field][level] - log, limits->tf_cap);
}

double rarity_bits(const Scorer *s, Field field, guint level, guint i, guint j)
{
    const People *p = s->people;
    const Node *a = people_node(p, i), *b = people_node(p, j);
    guint32 count;
    if (s->share[field][level] <= 0)
        return 0;
    CountKind kind = level_kind(field, level);
    if (is_name(field) && level == NAME_SWAPPED) {
        Id x = field == FIELD_SURNAME ? a->last : a->first;
        Id y = field == FIELD_SURNAME ? b->first : b->last;
        count = MAX(shared_count(p, COUNT_LAST, x, y), shared_count(p, COUNT_FIRST, x, y));
    } else if (kind == COUNT_DOCUMENT && (node_is_bearer(a) || node_is_bearer(b)))
        count = p->counts[kind][documents_shared(p, a, b)];
    else
        count = shared_count(p, kind, node_number(p, a, kind), node_number(p, b, kind));
    return count_bits(s, field, level, count);
}

/* Numbers that differ count nothing: they may turn out to be nobody's own. */
gboolean pattern_plausible(const PersonModel *model, Pattern pattern)
{
    float bits = 0;
    for (guint f = 0; f < FIELD_COUNT; f++) {
        guint level = pattern_level(pattern, f);
        float own = level == LEVEL_MISSING ? 0 : model->bits[f][level];
        bits += f == FIELD_PHONE || f == FIELD_DOCUMENT ? MAX(own, 0) : own;
    }
    return bits >= (float)model->limits.plausible;
}

double pattern_same(const Scorer *s, Pattern pattern)
{
    double bits = 0;
    for (guint f = 0; f < FIELD_COUNT; f++) {
        guint level = pattern_level(pattern, f);
        bits += level == LEVEL_MISSING ? 0 : s->same[f][level];
    }
    return bits;
}

double pattern_chance(const Scorer *s, Pattern pattern, guint i, guint j)
{
    float chance = 0;
    for (guint f = 0; f < FIELD_COUNT; f++) {
        guint level = pattern_level(pattern, f);
        if (level != LEVEL_MISSING)
            chance += (float)(s->unlike[f][level] - rarity_bits(s, f, level, i, j));
    }
    return chance;
}

double pattern_kin(const Scorer *s, Pattern pattern)
{
    double kin = 0;
    for (guint f = 0; f < FIELD_COUNT; f++) {
        guint level = pattern_level(pattern, f);
        kin += level == LEVEL_MISSING ? 0 : s->kin[f][level];
    }
    return kin + (pattern_level(pattern, FIELD_GIVEN) <= NAME_CLOSE &&
                          pattern_level(pattern, FIELD_DOB) <= DOB_DIGIT
                      ? s->kin_both
                      : 0);
}

double kin_loss(const Scorer *s, double kin)
{
    return log2(1 + exp2(MIN(s->kin_rate + kin, 200)));
}

double kin_bits(const Scorer *s, Pattern pattern, guint i, guint j)
{
    return -kin_loss(s, pattern_kin(s, pattern) - pattern_chance(s, pattern, i, j));
}

/* Without a name on one side a birth date and an address are those of a twin as well. */
static gboolean pattern_nameless(Pattern pattern)
{
    return pattern_level(pattern, FIELD_SURNAME) == LEVEL_MISSING &&
           pattern_level(pattern, FIELD_GIVEN) == LEVEL_MISSING &&
           pattern_level(pattern, FIELD_ORGANISATION) == LEVEL_MISSING;
}

static gboolean worse_than(Pattern pattern, Field field, guint level)
{
    guint has = pattern_level(pattern, field);
    return has != LEVEL_MISSING && has > level;
}

gboolean pattern_confirmed(Pattern pattern)
{
    if (pattern_nameless(pattern))
        return pattern_level(pattern, FIELD_DOCUMENT) <= DOCUMENT_CLOSE ||
               pattern_level(pattern, FIELD_PHONE) <= PHONE_CLOSE;
    return pattern_level(pattern, FIELD_DOB) <= DOB_PARTS ||
           pattern_level(pattern, FIELD_ADDRESS) <= ADDRESS_POSTAL ||
           (pattern_level(pattern, FIELD_DOB) <= DOB_YEAR &&
            pattern_level(pattern, FIELD_ADDRESS) <= ADDRESS_CITY) ||
           pattern_level(pattern, FIELD_PHONE) <= PHONE_CLOSE ||
           pattern_level(pattern, FIELD_DOCUMENT) <= DOCUMENT_DIGIT ||
           pattern_level(pattern, FIELD_ORGANISATION) <= NAME_VARIANT;
}

gboolean pattern_doubtful(Pattern pattern)
{
    guint document = pattern_level(pattern, FIELD_DOCUMENT);
    gboolean series = document == DOCUMENT_NEAR && (pattern & PATTERN_ISSUED);
    return (document == DOCUMENT_DIGIT || series) &&
           (pattern_level(pattern, FIELD_SURNAME) > NAME_CLOSE ||
            pattern_level(pattern, FIELD_GIVEN) > NAME_CLOSE ||
            worse_than(pattern, FIELD_DOB, DOB_SWAPPED));
}

gboolean pattern_conflict(Pattern pattern)
{
    return pattern_level(pattern, FIELD_DOCUMENT) == DOCUMENT_CONFLICT ||
           pattern_level(pattern, FIELD_SUFFIX) == SUFFIX_CONFLICT ||
           pattern_level(pattern, FIELD_ORGANISATION) == NAME_SWAPPED;
}

/* Does no telephone say that two who were born on two days are one? A household has one, and in it
 * nobody else the very same given name; an e-mail address is one person's. */
static gboolean pattern_shared_line(Pattern pattern)
{
    return pattern_level(pattern, FIELD_PHONE) > PHONE_CLOSE ||
           (!(pattern & PATTERN_MAIL) && pattern_level(pattern, FIELD_GIVEN) != NAME_EXACT);
}

/* Born on two days that no slip makes one, and no document (nor, less than a generation apart, a
 * telephone) says that they are one: father and son, two cousins of one name, wife and husband of
 * like ones. */
gboolean pattern_two_lives(Pattern pattern)
{
    guint dob = pattern_level(pattern, FIELD_DOB);
    if (pattern_level(pattern, FIELD_DOCUMENT) <= DOCUMENT_NEAR)
        return FALSE;
    return dob == DOB_GENERATION || (dob == DOB_DIFFERS && pattern_shared_line(pattern));
}

gboolean pattern_namesakes(Pattern pattern)
{
    return pattern_level(pattern, FIELD_SURNAME) <= NAME_CLOSE &&
           pattern_level(pattern, FIELD_GIVEN) <= NAME_NEAR &&
           pattern_level(pattern, FIELD_ADDRESS) <= ADDRESS_POSTAL;
}

/* Of two namesakes one is called Jr or Sr, so that there is another of that name; and no birth date
 * and no document says that they are one. */
gboolean pattern_half_suffix(Pattern pattern)
{
    return (pattern & PATTERN_HALF_SUFFIX) && pattern_level(pattern, FIELD_DOB) > DOB_DIGIT &&
           pattern_level(pattern, FIELD_DOCUMENT) > DOCUMENT_NEAR;
}

/* Nothing tells a father from his son of the same name: no two birth dates, no document. */
gboolean pattern_undated(Pattern pattern)
{
    return pattern_level(pattern, FIELD_DOB) == LEVEL_MISSING &&
           pattern_level(pattern, FIELD_ORGANISATION) == LEVEL_MISSING &&
           pattern_level(pattern, FIELD_SUFFIX) != SUFFIX_EQUAL &&
           pattern_level(pattern, FIELD_DOCUMENT) > DOCUMENT_NEAR;
}

/* The odds when a namesake of the household is held possible beside all else. */
static double namesake_odds(const Scorer *s, double odds)
{
    return -log2(exp2(-odds) + exp2(-s->undated));
}

/* Do they live in one house, by its address or its telephone? */
static gboolean pattern_housed(Pattern pattern)
{
    return pattern_level(pattern, FIELD_ADDRESS) <= ADDRESS_STREET ||
           (pattern_level(pattern, FIELD_PHONE) <= PHONE_CLOSE && !(pattern & PATTERN_MAIL));
}

/* Born on one day, of one surname, and called otherwise: twins, unless a document joins them or
 * other documents are there to be compared. Of one house the surname may be misspelt or not said,
 * and the day be nearly the same. */
static gboolean pattern_twins(Pattern pattern)
{
    guint given = pattern_level(pattern, FIELD_GIVEN), dob = pattern_level(pattern, FIELD_DOB);
    guint surname = pattern_level(pattern, FIELD_SURNAME);
    guint document = pattern_level(pattern, FIELD_DOCUMENT);
    gboolean housed = pattern_housed(pattern);
    if (pattern_level(pattern, FIELD_SUFFIX) == SUFFIX_EQUAL ||
        (surname > NAME_VARIANT && !(housed && (surname <= NAME_NEAR || surname == LEVEL_MISSING))))
        return FALSE;
    return (given == NAME_FAR && dob <= DOB_SWAPPED && document > DOCUMENT_NEAR) ||
           (given == NAME_DIFFERS && dob <= (housed ? DOB_PARTS : DOB_SWAPPED) &&
            document == LEVEL_MISSING);
}

/* Called otherwise and born on another day: only a document or a slip in both makes one of them. Of
 * one house, names that are merely alike, or one that is not said, are those of two relatives;
 * names as far apart as ANNA and ANNABELLE where no birth dates are said, too. */
static gboolean pattern_strangers(Pattern pattern)
{
    guint given = pattern_level(pattern, FIELD_GIVEN);
    if (pattern_level(pattern, FIELD_DOCUMENT) <= DOCUMENT_NEAR)
        return FALSE;
    if (given == NAME_DIFFERS)
        return worse_than(pattern, FIELD_DOB, DOB_PARTS);
    if (!pattern_housed(pattern) || given <= NAME_VARIANT || given == NAME_INITIAL)
        return FALSE;
    if (given == NAME_FAR && pattern_level(pattern, FIELD_DOB) == LEVEL_MISSING)
        return !(pattern & PATTERN_MAIL);
    return given != NAME_SWAPPED &&
           worse_than(pattern, FIELD_DOB, given == NAME_FAR ? DOB_PARTS : DOB_KNOWN);
}

gboolean pattern_siblings(Pattern pattern)
{
    return pattern_twins(pattern) || pattern_strangers(pattern);
}

gboolean pattern_spouses(Pattern pattern)
{
    return pattern_level(pattern, FIELD_GIVEN) == NAME_DIFFERS &&
           pattern_level(pattern, FIELD_DOB) == LEVEL_MISSING &&
           pattern_level(pattern, FIELD_DOCUMENT) > DOCUMENT_NEAR && !(pattern & PATTERN_MAIL);
}

/* In one house by its address and its telephone, where hardly two families have one given name. */
static gboolean pattern_one_home(Pattern pattern)
{
    return pattern_level(pattern, FIELD_ADDRESS) <= ADDRESS_STREET &&
           pattern_level(pattern, FIELD_PHONE) <= PHONE_CLOSE &&
           pattern_level(pattern, FIELD_GIVEN) <= NAME_CLOSE;
}

gboolean pattern_renamed(Pattern pattern)
{
    guint dob = pattern_level(pattern, FIELD_DOB);
    gboolean other_middle = pattern_level(pattern, FIELD_MIDDLE) == NAME_DIFFERS;
    if (pattern_level(pattern, FIELD_SURNAME) != NAME_DIFFERS && !other_middle)
        return FALSE;
    if (pattern_level(pattern, FIELD_DOCUMENT) <= DOCUMENT_NEAR || (pattern & PATTERN_MAIL))
        return FALSE;
    if (dob == LEVEL_MISSING)
        return other_middle || !pattern_one_home(pattern);
    return dob > DOB_KNOWN || !pattern_housed(pattern);
}

double pair_odds(const Scorer *s, Pattern pattern, double chance)
{
    double odds = s->prior + pattern_same(s, pattern) - chance -
                  kin_loss(s, pattern_kin(s, pattern) - chance);
    if (pattern_level(pattern, FIELD_ORGANISATION) == NAME_SWAPPED)
        return -60;
    gboolean lives = pattern_two_lives(pattern);
    if (lives && pattern_namesakes(pattern))
        odds = MIN(odds, s->lives);
    else if (lives || !pattern_confirmed(pattern) || pattern_siblings(pattern))
        odds = MIN(odds, s->name_only);
    if (pattern_renamed(pattern))
        odds = MIN(odds, s->renamed);
    if (pattern_half_suffix(pattern))
        odds = MIN(odds, s->half_suffix);
    odds = CLAMP(odds, -60, 60);
    return pattern_undated(pattern) ? namesake_odds(s, odds) : odds;
}

double node_odds(const Scorer *s, Pattern pattern, guint i, guint j)
{
    return pair_odds(s, pattern, pattern_chance(s, pattern, i, j));
}
