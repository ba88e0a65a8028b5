/*
 * Two nodes -> a level for every field, and what the levels are worth. Private to the rooms of
 * persons.
 */
#ifndef CROSSTRACE_COMPARISON_COMPARE_H
#define CROSSTRACE_COMPARISON_COMPARE_H

#include "engine/comparison/people.h"

/* Levels of all fields, four bits each. */
typedef guint64 Pattern;

static inline guint pattern_level(Pattern pattern, Field field)
{
    return pattern >> (4 * field) & 15;
}

static inline Pattern pattern_with(Pattern pattern, Field field, guint level)
{
    return (pattern & ~((Pattern)15 << (4 * field))) | (Pattern)level << (4 * field);
}

/* Beside the fields: of one name, and one of the two is called Jr or Sr and the other is not. */
#define PATTERN_HALF_SUFFIX ((Pattern)1 << (4 * FIELD_COUNT))
/* Beside the fields: an e-mail address agrees; it is a person's, a telephone is a house's. */
#define PATTERN_MAIL (PATTERN_HALF_SUFFIX << 1)
/* Beside the fields: two documents of one type and issuer, whose numbers are of one series. */
#define PATTERN_ISSUED (PATTERN_MAIL << 1)
/* Nothing known of any field. */
#define PATTERN_NONE (PATTERN_HALF_SUFFIX - 1)

#define RARITY_LOGS 16384

/* Remembers levels of pairs of names; a cache that forgets, so that memory is bounded. */
typedef struct {
    guint64 *entries; /* a pair and its level; 0: none */
    guint bits;       /* of the number of entries */
} NameCache;

typedef struct {
    const People *people;
    NameCache cache;
    double same[FIELD_COUNT][FIELD_LEVELS];   /* log2 m */
    double unlike[FIELD_COUNT][FIELD_LEVELS]; /* log2 u, of an average value */
    double kin[FIELD_COUNT][FIELD_LEVELS];    /* log2 of the share among relatives */
    double kin_rate;                          /* log2 P(two people are relatives) */
    double kin_both;                          /* log2 of the share with given name and birth date */
    double prior;                             /* log2 odds that two nodes are one person */
    double name_only, renamed, half_suffix;   /* log2 odds of the limits of that name */
    double undated, lives;                    /* the most without birth dates, with two lives */
    float share[FIELD_COUNT][FIELD_LEVELS];   /* of a value's rarity that counts */
    float expected[FIELD_COUNT][FIELD_LEVELS]; /* log2 of people with an average value */
    guint n_logs;                              /* 0 or RARITY_LOGS */
    double logs[RARITY_LOGS];                  /* log2 of people, by their number */
} Scorer;

Scorer *scorer_new(const People *people, const Weights *weights);
/* The same weights with a memory of its own, for another thread. */
Scorer *scorer_copy(const Scorer *scorer);
void scorer_free(Scorer *scorer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Scorer, scorer_free)
void scorer_set(Scorer *scorer, const Weights *weights);

/* What is said of a birth date: its digits, without those of a 1 January that nobody said. */
static inline guint32 digits_said(const People *people, guint32 digits)
{
    return people->new_year && (digits & 0xffff) == 0x0101 ? digits & 0xffff0000 : digits;
}

/* Do so many people have it that it is nobody's own: a dealer's address, a line of zeros? Of an
 * address, a telephone, a document. */
gboolean value_is_shared(const People *people, CountKind kind, Id id);

#define TEXT_ALIKE 0.92 /* Jaro-Winkler, from which on two such texts are close */

/* Two texts of a place name or street: 2 equal, 1 close, 0 not. */
guint texts_alike(const People *people, Id a, Id b);

Pattern pattern_of(Scorer *scorer, guint a, guint b);

/* Could any estimate make one person of them? By the start weights alone, so that it is the same
 * for every estimate. */
gboolean pattern_plausible(const PersonModel *model, Pattern pattern);

/* log2 P(values | same person), an exact agreement's value left out (it is in both). */
double pattern_same(const Scorer *scorer, Pattern pattern);
/* log2 P(values | two people by chance), with the values' own frequencies; a float's worth. */
double pattern_chance(const Scorer *scorer, Pattern pattern, guint a, guint b);
/* log2 P(levels | two relatives). */
double pattern_kin(const Scorer *scorer, Pattern pattern);
/* Log2 of 1 + the odds of relatives against chance, what they take from a pair's bits; `kin`: how
 * much likelier (in bits) the levels are among relatives. */
double kin_loss(const Scorer *scorer, double kin);
/* Bits that the rarity of a value that so many people have adds to an average one's weight. */
double count_bits(const Scorer *scorer, Field field, guint level, guint32 count);
/* Bits that the rarity of the values adds to an average value's weight in one field. */
double rarity_bits(const Scorer *scorer, Field field, guint level, guint a, guint b);
/* Bits taken off because relatives agree like this too; 0 or less. */
double kin_bits(const Scorer *scorer, Pattern pattern, guint a, guint b);
/* Posterior log2 odds by pattern_chance(); pairs that agree in names alone are held below
 * limits.name_only, those of other names below limits.renamed, those of two lives below what is
 * estimated of such. */
double pair_odds(const Scorer *scorer, Pattern pattern, double chance);
double node_odds(const Scorer *scorer, Pattern pattern, guint a, guint b);
/* Does anything but names and coarse places agree; without names, a number? */
gboolean pattern_confirmed(Pattern pattern);
/* Two birth dates a generation apart, with no document to join them. */
gboolean pattern_two_lives(Pattern pattern);
/* Of one name, or names nearly alike, and of one neighbourhood. */
gboolean pattern_namesakes(Pattern pattern);
/* Given names that are not one, and birth dates that do not join them: people of one household. */
gboolean pattern_siblings(Pattern pattern);
/* Called otherwise, and nothing but what a household shares to tell who they are. */
gboolean pattern_spouses(Pattern pattern);
/* Of another surname or middle name, and neither a document nor a birth date in one house (of
 * surnames, without birth dates, its address and its telephone) to say that this is one person,
 * called otherwise since: thousands share a given name and a birth date, and those of one house are
 * relatives. */
gboolean pattern_renamed(Pattern pattern);
/* Neither birth dates nor a document to tell a person from a namesake of the household. */
gboolean pattern_undated(Pattern pattern);
/* Two documents of one type and issuer, Jr against Sr, a person against an organisation. */
gboolean pattern_conflict(Pattern pattern);
/* One of two namesakes is called Jr or Sr, and nothing says that they are one. */
gboolean pattern_half_suffix(Pattern pattern);
/* A document with one other character, or of one series with more slips, and not all else agrees:
 * the pair joins nothing by itself. */
gboolean pattern_doubtful(Pattern pattern);

#endif
