/*
 * Dates and places of a seizure and a trace: which level holds, what it is worth, and how often it
 * holds by chance. Bits are log2( P(level | same firearm) / P(level | different firearms) ).
 */
#include "engine/weight/circumstance.h"

#include <math.h>
#include <string.h>

#include "engine/base/date.h"

#define PAIRS        200000u /* looked at to see how often a level holds by chance */
#define MOST_BITS    12.0    /* that a level is believed to say, one way or the other */
#define MOST_COUNTED 16.0    /* the same of one day, of which all pairs were counted */

typedef struct {
    const char *field, *name;
    Question question;
    gsize offset;
} LevelRow;

#define ROW(field, name, question, key)                                                            \
    {                                                                                              \
        field, name, question, G_STRUCT_OFFSET(FirearmModel, key)                                  \
    }

static const LevelRow LEVEL[LEVELS] = {
    [LEVEL_BOUGHT_AFTER] = ROW("dates", "bought-after", ASK_PURCHASE, dates_bought_after),
    [LEVEL_YOUNG] = ROW("dates", "young", ASK_PURCHASE, dates_young),
    [LEVEL_BETWEEN] = ROW("dates", "between", ASK_PURCHASE, dates_between),
    [LEVEL_OLD] = ROW("dates", "old", ASK_PURCHASE, dates_old),
    [LEVEL_SAME_DAY] = ROW("event", "same-day", ASK_EVENT, event_same_day),
    [LEVEL_SAME_EVENT] = ROW("event", "same-event", ASK_EVENT, event_same),
    [LEVEL_SAME_EVENT_ELSEWHERE] =
        ROW("event", "same-event-elsewhere", ASK_EVENT, event_same_elsewhere),
    [LEVEL_RECOVERED_AFTER] = ROW("event", "recovered-after", ASK_EVENT, event_recovered_after),
    [LEVEL_REQUESTED_BEFORE_ABROAD] =
        ROW("event", "requested-before-abroad", ASK_EVENT, event_requested_before_abroad),
    [LEVEL_REQUESTED_BEFORE] = ROW("event", "requested-before", ASK_EVENT, event_requested_before),
    [LEVEL_ABROAD] = ROW("event", "abroad", ASK_EVENT, event_abroad),
    [LEVEL_CANADA] = ROW("event", "canada", ASK_EVENT, event_canada),
    [LEVEL_SAME_REGION] = ROW("place", "same-region", ASK_PLACE, place_same_region),
    [LEVEL_SAME_COUNTRY] = ROW("place", "same-country", ASK_PLACE, place_same_country),
    [LEVEL_OTHER_COUNTRY] = ROW("place", "other-country", ASK_PLACE, place_other_country),
};

double *level_bits(FirearmModel *model, Level level)
{
    return (double *)G_STRUCT_MEMBER_P(model, LEVEL[level].offset);
}

static double bits_of(const FirearmModel *model, Level level)
{
    return level == LEVEL_NONE ? 0 : *(const double *)G_STRUCT_MEMBER_P(model, LEVEL[level].offset);
}

static gboolean is_abroad(const Firearm *trace)
{
    return trace->event_country != NULL && strcmp(trace->event_country, "CAN") != 0;
}

guint64 circumstance_day(const Judge *judge, guint observation, Day day)
{
    return mix(population_facts(judge->population, observation)->event_region, (guint64)day);
}

static Level purchase_level(const FirearmModel *m, Day seized, Day bought)
{
    if (seized == DAY_NONE || bought == DAY_NONE) {
        return LEVEL_NONE;
    }
    Day age = seized - bought;
    return age < 0                      ? LEVEL_BOUGHT_AFTER
           : age <= m->dates_young_days ? LEVEL_YOUNG
           : age > m->dates_old_days    ? LEVEL_OLD
                                        : LEVEL_BETWEEN;
}

static Level event_level(const FirearmModel *m, Day seized, const Firearm *trace,
                         gboolean same_region)
{
    Day event = trace->event_date, request = trace->request_date;
    if (seized == DAY_NONE || (event == DAY_NONE && request == DAY_NONE)) {
        return LEVEL_NONE;
    }
    gboolean abroad = is_abroad(trace);
    if (event != DAY_NONE && !abroad && ABS(event - seized) <= m->event_days) {
        return !same_region      ? LEVEL_SAME_EVENT_ELSEWHERE
               : event == seized ? LEVEL_SAME_DAY
                                 : LEVEL_SAME_EVENT;
    }
    if (event != DAY_NONE && abroad && event > seized) {
        return LEVEL_RECOVERED_AFTER;
    }
    if (request != DAY_NONE && request < seized) {
        return abroad ? LEVEL_REQUESTED_BEFORE_ABROAD : LEVEL_REQUESTED_BEFORE;
    }
    return abroad ? LEVEL_ABROAD : LEVEL_CANADA;
}

static gboolean is_same_region(const Facts *x, const Facts *y)
{
    return x->event_region != 0 && x->event_region == y->event_region;
}

static Level place_level(const Facts *x, const Facts *y)
{
    if (is_same_region(x, y)) {
        return LEVEL_SAME_REGION;
    }
    if (x->event_country == 0 || y->event_country == 0) {
        return LEVEL_NONE;
    }
    return x->event_country == y->event_country ? LEVEL_SAME_COUNTRY : LEVEL_OTHER_COUNTRY;
}

void circumstances_of(const Judge *judge, guint a, guint b, Level level[ASKED])
{
    const Firearm *trace = &judge->firearms[b];
    const Facts *x = population_facts(judge->population, a);
    const Facts *y = population_facts(judge->population, b);
    Day seized = judge->firearms[a].event_date;
    level[ASK_PURCHASE] = purchase_level(judge->model, seized, trace->purchase_date);
    level[ASK_EVENT] = event_level(judge->model, seized, trace, is_same_region(x, y));
    level[ASK_PLACE] = level[ASK_EVENT] == LEVEL_NONE ? place_level(x, y) : LEVEL_NONE;
}

/* The date of the trace that a level rests on. */
static Day day_of(const Firearm *trace, Level level)
{
    gboolean requested = level == LEVEL_REQUESTED_BEFORE || level == LEVEL_REQUESTED_BEFORE_ABROAD;
    if (LEVEL[level].question == ASK_PURCHASE) {
        return trace->purchase_date;
    }
    return requested || trace->event_date == DAY_NONE ? trace->request_date : trace->event_date;
}

static void explain(const Judge *judge, guint a, guint b, Level level, Evidence *evidence)
{
    const Firearm *f = &judge->firearms[a], *g = &judge->firearms[b];
    char left[DAY_TEXT], right[DAY_TEXT];
    const char *values[2];
    if (LEVEL[level].question != ASK_PLACE) {
        values[0] = date_text(f->event_date, left);
        values[1] = date_text(day_of(g, level), right);
    } else if (level == LEVEL_SAME_REGION) {
        values[0] = f->event_region;
        values[1] = g->event_region;
    } else {
        values[0] = f->event_country;
        values[1] = g->event_country;
    }
    judge_add(evidence, LEVEL[level].field, LEVEL[level].name, values,
              bits_of(judge->model, level));
}

double judge_circumstances(const Judge *judge, guint a, guint b, Evidence *evidence)
{
    Level level[ASKED];
    double bits = 0;
    circumstances_of(judge, a, b, level);
    for (guint q = 0; q < ASKED; q++) {
        bits += bits_of(judge->model, level[q]);
        if (evidence != NULL && level[q] != LEVEL_NONE) {
            explain(judge, a, b, level[q], evidence);
        }
    }
    return bits;
}

static double most_of(const FirearmModel *model, Level first, Level last)
{
    double most = 0;
    for (Level level = first; level <= last; level++) {
        most = MAX(most, bits_of(model, level));
    }
    return most;
}

double judge_most_dated(const Judge *judge, guint b, gboolean away)
{
    const FirearmModel *m = judge->model;
    const Firearm *trace = &judge->firearms[b];
    double bits = trace->purchase_date == DAY_NONE ? 0 : most_of(m, LEVEL_BOUGHT_AFTER, LEVEL_OLD);
    gboolean abroad = is_abroad(trace);
    gboolean dated = trace->event_date != DAY_NONE || trace->request_date != DAY_NONE;
    double event = 0, place = 0;
    if (dated) {
        event = abroad ? MAX(most_of(m, LEVEL_RECOVERED_AFTER, LEVEL_REQUESTED_BEFORE_ABROAD),
                             most_of(m, LEVEL_ABROAD, LEVEL_ABROAD))
                       : most_of(m, away ? LEVEL_REQUESTED_BEFORE : LEVEL_SAME_DAY, LEVEL_CANADA);
    }
    /* places count where one of both has no day */
    if (!(away && dated) && (trace->event_country != NULL || trace->event_region != NULL)) {
        place = most_of(m, LEVEL_SAME_REGION, LEVEL_OTHER_COUNTRY);
    }
    return bits + MAX(event, place);
}

/* Seizures by day, in each province and in all. */
typedef struct {
    Counter region, any;
} Days;

static void count_seizures(const Judge *judge, const Sides *sides, Days *days)
{
    counter_init(&days->region);
    counter_init(&days->any);
    for (guint i = 0; i < sides->n_seizures; i++) {
        guint a = sides->seizure[i];
        Day day = judge->firearms[a].event_date;
        if (day != DAY_NONE) {
            counter_add(&days->any, mix(1, (guint64)day));
            if (population_facts(judge->population, a)->event_region != 0) {
                counter_add(&days->region, circumstance_day(judge, a, day));
            }
        }
    }
}

/* Of a trace recovered in Canada: how many seizures each level of meeting holds for. */
static void count_met(const Judge *judge, const Days *days, guint b, float met[LEVELS_MET])
{
    Day event = judge->firearms[b].event_date, apart = (Day)judge->model->event_days;
    gboolean placed = population_facts(judge->population, b)->event_region != 0;
    for (Day day = event - apart; day <= event + apart; day++) {
        guint all = counter_get(&days->any, mix(1, (guint64)day));
        guint here =
            all > 0 && placed ? counter_get(&days->region, circumstance_day(judge, b, day)) : 0;
        Level level = day == event ? LEVEL_SAME_DAY : LEVEL_SAME_EVENT;
        met[level - LEVEL_MET_FIRST] += (float)here;
        met[LEVEL_SAME_EVENT_ELSEWHERE - LEVEL_MET_FIRST] += (float)(all - here);
    }
}

static void count_meetings(const Judge *judge, const Sides *sides, LevelCount *count)
{
    Days days;
    count_seizures(judge, sides, &days);
    count->met = g_malloc0_n(sides->n_firearms + 1u, sizeof(*count->met));
    for (Level level = LEVEL_MET_FIRST; level <= LEVEL_MET_LAST; level++) {
        count->level[level] = 0;
    }
    for (guint i = 0; i < sides->n_traces; i++) {
        guint b = sides->trace[i];
        const Firearm *f = &judge->firearms[b];
        float met[LEVELS_MET] = {0};
        if (!is_abroad(f) && f->event_date != DAY_NONE) {
            count_met(judge, &days, b, met);
        }
        for (guint m = 0; m < LEVELS_MET; m++) {
            count->met[sides->firearm[b]][m] += met[m];
            count->level[LEVEL_MET_FIRST + m] += count->share * (double)met[m];
        }
    }
    counter_clear(&days.region);
    counter_clear(&days.any);
}

LevelCount circumstances_count(const Judge *judge, const Sides *sides)
{
    LevelCount count = {.share = 0};
    guint64 all = (guint64)sides->n_seizures * sides->n_traces, step = MAX(all / PAIRS, 1);
    /* Odd, so that the steps do not fall on the same traces again and again. */
    step = step > 1 ? step | 1 : step;
    for (guint64 i = 0; i < all; i += step) {
        Level level[ASKED];
        circumstances_of(judge, sides->seizure[i / sides->n_traces],
                         sides->trace[i % sides->n_traces], level);
        for (guint q = 0; q < ASKED; q++) {
            if (level[q] != LEVEL_NONE) {
                count.level[level[q]]++;
            }
        }
    }
    count.share = 1.0 / (double)step;
    count_meetings(judge, sides, &count);
    return count;
}

void level_count_clear(LevelCount *count)
{
    g_clear_pointer(&count->met, g_free);
}

static void fit_question(Question question, const double *start, const double *count,
                         const double *mass, double belief, double *bits)
{
    double all = 0, first = 0, seen = 0;
    for (Level level = 0; level < LEVELS; level++) {
        if (LEVEL[level].question == question) {
            /* Half a pair more, for levels that no pair of the sample happened to show. */
            all += count[level] + 0.5;
            first += (count[level] + 0.5) * exp2(start[level]);
            seen += mass[level];
        }
    }
    for (Level level = 0; level < LEVELS; level++) {
        if (LEVEL[level].question == question) {
            double chance = (count[level] + 0.5) / all;
            double before = (count[level] + 0.5) * exp2(start[level]) / first;
            double same = (mass[level] + belief * before) / (seen + belief);
            double most = level == LEVEL_SAME_DAY ? MOST_COUNTED : MOST_BITS;
            bits[level] = CLAMP(log2(same / chance), -most, most);
        }
    }
}

void circumstances_fit(const double start[LEVELS], const double count[LEVELS],
                       const double mass[LEVELS], double belief, double observed,
                       double bits[LEVELS])
{
    double trust = observed / (observed + belief);
    for (Question question = 0; question < ASKED; question++) {
        fit_question(question, start, count, mass, belief, bits);
    }
    for (Level level = 0; level < LEVELS; level++) {
        bits[level] = start[level] + trust * (bits[level] - start[level]);
    }
}
