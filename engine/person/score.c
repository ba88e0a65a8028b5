/*
 * What a pattern of levels is worth in bits: Fellegi-Sunter with the values' own frequencies, and
 * with relatives as a third explanation beside chance and identity. Two people of one household
 * share surname, address and telephone, and a father and son the given name too; without that
 * explanation every such agreement would count as if it were independent.
 */
#include "engine/person/compare.h"

#include "engine/base/evidence.h"

#include <math.h>

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
}

/* People who have a value, and how many have any; the larger of two values counts. FALSE when
 * nobody was counted. */
static gboolean value_count(const People *p, CountKind kind, Id a, Id b, double *count,
                            double *known)
{
    const guint32 *counts = p->counts[kind];
    *known = p->known[kind];
    *count = counts ? MAX(a ? counts[a] : 0, b ? counts[b] : 0) : 0;
    return *known > 0;
}

/* Which values a level rests on; FALSE when rarity says nothing at this level. */
static gboolean level_count(const People *p, Field field, guint level, const Node *a, const Node *b,
                            double *count, double *known)
{
    double other, any;
    switch (field) {
    case FIELD_SURNAME:
        if (level != NAME_SWAPPED)
            return value_count(p, COUNT_LAST, a->last, b->last, count, known);
        value_count(p, COUNT_FIRST, a->last, b->first, &other, &any);
        any = value_count(p, COUNT_LAST, a->last, b->first, count, known);
        *count = MAX(*count, other);
        return any > 0;
    case FIELD_GIVEN:
        if (level != NAME_SWAPPED)
            return value_count(p, COUNT_FIRST, a->first, b->first, count, known);
        value_count(p, COUNT_LAST, a->first, b->last, &other, &any);
        any = value_count(p, COUNT_FIRST, a->first, b->last, count, known);
        *count = MAX(*count, other);
        return any > 0;
    case FIELD_MIDDLE:
        return value_count(p, COUNT_MIDDLE, a->middle, b->middle, count, known);
    case FIELD_ORGANISATION:
        return value_count(p, COUNT_ORGANISATION, a->organisation, b->organisation, count, known);
    case FIELD_ADDRESS:
        if (level <= ADDRESS_OTHER_UNIT)
            return value_count(p, COUNT_PLACE, a->place, b->place, count, known);
        if (level == ADDRESS_STREET)
            return value_count(p, COUNT_STREET, a->street, b->street, count, known);
        if (level == ADDRESS_POSTAL)
            return value_count(p, COUNT_POSTAL, a->postal, b->postal, count, known);
        return level == ADDRESS_CITY && value_count(p, COUNT_CITY, a->city, b->city, count, known);
    case FIELD_PHONE:
        return level == PHONE_EQUAL &&
               value_count(p, COUNT_PHONE, a->phone, b->phone, count, known);
    case FIELD_DOCUMENT:
        return level == DOCUMENT_EQUAL &&
               value_count(p, COUNT_DOCUMENT, a->document, b->document, count, known);
    case FIELD_DOB:
        return level == DOB_EXACT && value_count(p, COUNT_DOB, node_number(p, a, COUNT_DOB),
                                                 node_number(p, b, COUNT_DOB), count, known);
    default:
        return FALSE;
    }
}

/* Share of a level's rarity that counts: whole where the value itself agrees. */
static double rarity_share(const Limits *limits, Field field, guint level)
{
    gboolean name = field == FIELD_SURNAME || field == FIELD_GIVEN || field == FIELD_MIDDLE ||
                    field == FIELD_ORGANISATION;
    if (name && level == NAME_EXACT)
        return 1;
    if (name)
        return level == NAME_SWAPPED ? 1 : level < NAME_INITIAL ? limits->tf_near : 0;
    return 1;
}

double rarity_bits(const Scorer *s, Field field, guint level, guint i, guint j)
{
    const Node *a = people_node(s->people, i), *b = people_node(s->people, j);
    const Limits *limits = &s->people->model->limits;
    double count, known, share = rarity_share(limits, field, level);
    if (share <= 0 || !level_count(s->people, field, level, a, b, &count, &known))
        return 0;
    gboolean name = field == FIELD_SURNAME || field == FIELD_GIVEN || field == FIELD_MIDDLE ||
                    field == FIELD_ORGANISATION;
    gboolean own = !name || level == NAME_EXACT;
    guint base = own ? level : NAME_EXACT;
    double average = exp2(s->unlike[field][base]);
    double frequency =
        (MAX(count - 1, 0) + limits->tf_smooth) / (known + limits->tf_smooth / average);
    double bits = log2(average / frequency);
    return share * MIN(bits, limits->tf_cap);
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
    double chance = 0;
    for (guint f = 0; f < FIELD_COUNT; f++) {
        guint level = pattern_level(pattern, f);
        if (level != LEVEL_MISSING)
            chance += s->unlike[f][level] - rarity_bits(s, f, level, i, j);
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

gboolean pattern_confirmed(Pattern pattern)
{
    if (pattern_nameless(pattern))
        return pattern_level(pattern, FIELD_DOCUMENT) == DOCUMENT_EQUAL ||
               pattern_level(pattern, FIELD_PHONE) <= PHONE_CLOSE;
    return pattern_level(pattern, FIELD_DOB) <= DOB_PARTS ||
           pattern_level(pattern, FIELD_ADDRESS) <= ADDRESS_POSTAL ||
           (pattern_level(pattern, FIELD_DOB) <= DOB_YEAR &&
            pattern_level(pattern, FIELD_ADDRESS) <= ADDRESS_CITY) ||
           pattern_level(pattern, FIELD_PHONE) <= PHONE_CLOSE ||
           pattern_level(pattern, FIELD_DOCUMENT) <= DOCUMENT_DIGIT ||
           pattern_level(pattern, FIELD_ORGANISATION) <= NAME_VARIANT;
}

static gboolean worse_than(Pattern pattern, Field field, guint level)
{
    guint has = pattern_level(pattern, field);
    return has != LEVEL_MISSING && has > level;
}

gboolean pattern_doubtful(Pattern pattern)
{
    return pattern_level(pattern, FIELD_DOCUMENT) == DOCUMENT_DIGIT &&
           (worse_than(pattern, FIELD_SURNAME, NAME_CLOSE) ||
            worse_than(pattern, FIELD_GIVEN, NAME_CLOSE) ||
            worse_than(pattern, FIELD_DOB, DOB_SWAPPED));
}

gboolean pattern_conflict(Pattern pattern)
{
    return pattern_level(pattern, FIELD_DOCUMENT) == DOCUMENT_CONFLICT ||
           pattern_level(pattern, FIELD_SUFFIX) == SUFFIX_CONFLICT ||
           pattern_level(pattern, FIELD_ORGANISATION) == NAME_SWAPPED;
}

/* Born on two days that no slip makes one, and no document (nor, less than a generation apart, a
 * telephone) says that they are one: father and son, two cousins of one name. */
gboolean pattern_two_lives(Pattern pattern)
{
    guint dob = pattern_level(pattern, FIELD_DOB);
    if (pattern_level(pattern, FIELD_DOCUMENT) <= DOCUMENT_NEAR)
        return FALSE;
    return dob == DOB_GENERATION ||
           (dob == DOB_DIFFERS && pattern_level(pattern, FIELD_PHONE) > PHONE_CLOSE);
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
    double most = probability_to_bits(s->people->model->limits.undated);
    return -log2(exp2(-odds) + exp2(-most));
}

double pair_odds(const Scorer *s, Pattern pattern, guint i, guint j)
{
    double chance = pattern_chance(s, pattern, i, j);
    double odds = s->prior + pattern_same(s, pattern) - chance -
                  kin_loss(s, pattern_kin(s, pattern) - chance);
    if (pattern_level(pattern, FIELD_ORGANISATION) == NAME_SWAPPED)
        return -60;
    if (!pattern_confirmed(pattern) || pattern_two_lives(pattern))
        odds = MIN(odds, probability_to_bits(s->people->model->limits.name_only));
    odds = CLAMP(odds, -60, 60);
    return pattern_undated(pattern) ? namesake_odds(s, odds) : odds;
}
