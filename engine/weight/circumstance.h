/*
 * When and where: how the dates and places of a seizure and a trace lie to each other, as levels
 * whose bits are start values in rules/firearm.ini, estimated from the links of a store.
 */
#ifndef CROSSTRACE_WEIGHT_CIRCUMSTANCE_H
#define CROSSTRACE_WEIGHT_CIRCUMSTANCE_H

#include "engine/weight/judge.h"

/* Three questions; of each, one level holds or, where a date or place is not recorded, none. The
 * event is one question of date and place, since each says much of the other; the place alone is
 * asked where no date is known. */
typedef enum {
    LEVEL_BOUGHT_AFTER,
    LEVEL_YOUNG,
    LEVEL_BETWEEN,
    LEVEL_OLD,
    LEVEL_SAME_DAY,             /* recovered in the province of the seizure on its day */
    LEVEL_SAME_EVENT,           /* recovered in Canada within days of the seizure */
    LEVEL_SAME_EVENT_ELSEWHERE, /* the same, in another province or one not recorded */
    LEVEL_RECOVERED_AFTER,      /* abroad, after the seizure */
    LEVEL_REQUESTED_BEFORE_ABROAD,
    LEVEL_REQUESTED_BEFORE,
    LEVEL_ABROAD, /* recovered abroad, before the seizure */
    LEVEL_CANADA, /* recovered in Canada at another time */
    LEVEL_SAME_REGION,
    LEVEL_SAME_COUNTRY,
    LEVEL_OTHER_COUNTRY,
    LEVELS,
    LEVEL_NONE = LEVELS,
} Level;

typedef enum { ASK_PURCHASE, ASK_EVENT, ASK_PLACE, ASKED } Question;

/* The levels that hold for a seizure and a trace. */
void circumstances_of(const Judge *judge, guint a, guint b, Level level[ASKED]);

/* Bits of all three; terms go to evidence unless it is NULL. */
double judge_circumstances(const Judge *judge, guint a, guint b, Evidence *evidence);

/* The most that they can give to a trace; away: to one that was not recovered in Canada within days
 * of the seizure, of which the day is known. */
double judge_most_dated(const Judge *judge, guint b, gboolean away);

/* Pairs of what happened in Canada within days say most and are rare: counted, not sampled. */
#define LEVEL_MET_FIRST LEVEL_SAME_DAY
#define LEVEL_MET_LAST  LEVEL_SAME_EVENT_ELSEWHERE
#define LEVELS_MET      (LEVEL_MET_LAST - LEVEL_MET_FIRST + 1)

/* How many of some pairs, taken evenly of all seizures and traces, each level holds for; what share
 * of all pairs they are; and, by firearm that was traced, the seizures that each of the levels
 * above holds for, of all pairs. */
typedef struct {
    double level[LEVELS], share;
    float (*met)[LEVELS_MET];
} LevelCount;

void level_count_clear(LevelCount *count);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(LevelCount, level_count_clear)

/* Seizures and traces of a store, and the firearm of each trace (by observation). */
typedef struct {
    const guint *seizure, *trace, *firearm;
    guint n_seizures, n_traces, n_firearms;
} Sides;

LevelCount circumstances_count(const Judge *judge, const Sides *sides);

/*
 * Bits of each level given how often it holds for different firearms (count) and how often for the
 * same (mass): log2 of the second share over the first, where the second begins as what the start
 * bits make of the first. Likelihood ratios so found average to one over different firearms, which
 * start values alone do not. belief: links' worth of trust in the start; observed: the smaller side
 * of the store, for a few records keep the start.
 */
void circumstances_fit(const double start[LEVELS], const double count[LEVELS],
                       const double mass[LEVELS], double belief, double observed,
                       double bits[LEVELS]);

/* A key of a day in the province of an observation's event. */
guint64 circumstance_day(const Judge *judge, guint observation, Day day);

/* The place of each level's bits in a model. */
double *level_bits(FirearmModel *model, Level level);

#endif
