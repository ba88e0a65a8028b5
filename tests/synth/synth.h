/*
 * crosstrace-synth: a simulated world of firearms, dealers, people and borders, written as the
 * three input files and the truth about them. Everything but the rings is a pure function of
 * (seed, number), so that rows stream and nothing is kept; same seed, same bytes.
 * All of it is synthetic: licence numbers use region digits 2 and 7, which are never issued.
 */
#ifndef CROSSTRACE_SYNTH_H
#define CROSSTRACE_SYNTH_H

#include <glib.h>
#include <stdio.h>

#include "engine/base/date.h"

/* --- random numbers (rng.c): xoshiro256** seeded by splitmix64 --- */
typedef struct {
    guint64 s[4];
} Rng;

/* A stream of its own for the number-th thing of a kind. */
Rng rng_for(guint64 seed, guint64 kind, guint64 number);
guint64 rng_next(Rng *rng);
guint64 rng_below(Rng *rng, guint64 n);
int rng_between(Rng *rng, int low, int high); /* both ends included */
gboolean rng_chance(Rng *rng, double p);
double rng_unit(Rng *rng);
double rng_lognormal(Rng *rng, double median, double sigma);
guint rng_weighted(Rng *rng, const guint *weights, guint n);
/* A bijection of 0..n-1; and its inverse. */
guint64 shuffle(guint64 seed, guint64 n, guint64 i);
guint64 unshuffle(guint64 seed, guint64 n, guint64 i);

/* --- output (out.c) --- */
typedef struct {
    FILE *file;
    GString *row;
    char separator;
    gboolean cp1252;
    gboolean begun; /* the row has a cell */
} Out;

/* Put at `at`, which has room for them and a NUL behind: the end is returned. Plain decimals, as
 * many as printf would take three times as long for. */
char *put_digits(char *at, guint64 number, int digits); /* the last `digits` of it */
char *put_number(char *at, guint64 number);
void put_date(char *at, int year, int month, int dom, char order); /* as out_date() */

gboolean out_open(Out *out, const char *dir, const char *name, char separator, gboolean cp1252);
void out_cell(Out *out, const char *text); /* NULL is an empty cell */
void out_number(Out *out, guint64 number);
void out_date(Out *out, Day day, char order);    /* 'I'SO, 'M'DY, 'D'MY */
void out_words(Out *out, const char *separated); /* a ' '-separated list of cells: a header */
void out_end(Out *out);
gboolean out_close(Out *out);

/* --- words (words.c, places.c) --- */
typedef struct {
    const char *city, *state, *zip;
    int county; /* FIPS number within the state, or 0 */
    int weight;
} City;

typedef struct {
    const char *code, *name, *name_fr, *province, *city;
    char kind; /* 'H'ighway, 'A'ir, 'P'ostal, 'C'ourier, 'R'ail, 'M'arine */
    int weight;
    gboolean french;
} Office;

extern const City US_CITIES[];
extern const City CA_CITIES[];
extern const Office OFFICES[];
extern const guint US_CITY_COUNT, CA_CITY_COUNT, OFFICE_COUNT;
guint us_city_source(Rng *rng); /* by share of Canadian recoveries */
guint ca_city_of_weight(Rng *rng);
void word_surname(Rng *rng, gboolean french, char *out, gsize size);
const char *word_given(Rng *rng, gboolean french);
const char *word_nickname(const char *given); /* NULL when there is none */
void word_street(Rng *rng, gboolean french, char *out, gsize size);

/* --- people (people.c) --- */
typedef struct {
    guint64 id;
    gboolean canadian, french;
    char last[48], first[32], middle[16];
    Day dob;
    guint city; /* into US_CITIES or CA_CITIES */
    char street[64], postal[16], phone[20], id_no[24], plate[12];
} Person;

/* A recorded mention: what a clerk wrote. Empty strings are blank cells. */
typedef struct {
    guint64 id;
    char last[64], first[48], middle[16], dob[16], street[64], city[40], state[8], postal[16];
    char country[16], phone[20], id_no[24], id_type[24], id_state[8], plate[12];
} Recorded;

/* A person of a city, chosen by number; ids are stable. */
guint64 person_in_city(gboolean canadian, guint city, guint64 number);
guint64 person_kin(guint64 id, Rng *rng); /* another one of the household */
guint64 person_twin(guint64 id);          /* a twin, or 0 */
Person person_of(guint64 seed, guint64 id, Day at);
Recorded person_record(const Person *person, Rng *rng, double errors, char order);

/* --- firearms and dealers (guns.c) --- */
typedef struct {
    const char *make, *model, *calibre, *calibre_code, *type, *type_fr, *country, *importer;
    const char *format;   /* serial: L letter, D digit counted; others stand for themselves */
    const char *variants; /* other spellings of the make, ';' */
    int weight, first_year;
} Model;

typedef struct {
    guint64 unit;
    const Model *model;
    char serial[40];
    Day shipped;
    guint dealer;
    gboolean ghost;
} Gun;

typedef struct {
    guint id;
    guint city;
    char name[64], number[24], rds[12], type[3];
} Dealer;

Gun gun_of(guint64 seed, guint64 unit);
Gun gun_ghost(guint64 seed, guint64 unit);
gboolean gun_is_kit(const Gun *gun);            /* make or model names a kit */
Gun gun_unnumbered(guint64 seed, guint64 unit); /* old and lawful, never had a number */
guint64 gun_unit_old(guint64 i, guint64 n);     /* long ago */
guint64 gun_unit_recent(guint64 i, guint64 n);  /* the last decade */
guint64 gun_unit_ring(guint ring, guint n);     /* consecutive by n */
Dealer dealer_of(guint64 seed, guint id);
guint dealer_in_city(guint city, Rng *rng);
/* The i-th model there is and its share of background firearms; NULL behind the last. */
const Model *gun_model(guint i, double *share);
enum { CALIBRE_VARIANTS = 3 };
guint make_variants(const Model *model);
const char *make_written(const Model *model, guint pick, GString *buffer);
const char *calibre_written(const Model *model, guint pick, gboolean french);
const char *make_variant(const Model *model, Rng *rng, double errors, GString *buffer);
const char *calibre_variant(const Model *model, Rng *rng, gboolean french);

/* --- what clerks do to a serial number (damage.c) --- */
typedef struct {
    char text[64];
    const char *damage;    /* exact, spacing, confusion, ... */
    const char *condition; /* serial_condition code, or "" */
} Written;

/* What one damage does: the first letter or digit from a position on; a look-alike of c, of the
 * pairs from start on, or 0; another of its class; where a lost prefix ends. */
gsize serial_alnum_from(const char *serial, gsize at);
char serial_confused(char c, gsize start);
char serial_other(char c);
gsize serial_prefix(const char *serial);
Written serial_write(const Gun *gun, Rng *rng, double errors, gboolean french);
Written serial_obliterated(const Gun *gun, Rng *rng, gboolean french);

/* --- texts (story.c, phrases.c) --- */
enum {
    SAY_PMF = 1,
    SAY_KIT = 2,
    SAY_PRINTED = 4,
    SAY_CONVERSION = 8,
    SAY_NO_SERIAL = 16,
    SAY_OBLITERATED = 32,
    SAY_SUPPRESSOR = 64,
    SAY_NARCOTICS = 128,
    SAY_REPLICA = 256,
};

typedef struct {
    guint say;
    const char *en, *fr;
} Phrase;

extern const Phrase MARKER_PHRASES[];
extern const Phrase TRAP_PHRASES[];
extern const Phrase OPENINGS[];
extern const Phrase CLOSINGS[];
extern const guint MARKER_PHRASE_COUNT, TRAP_PHRASE_COUNT, OPENING_COUNT, CLOSING_COUNT;

/* Writes a narrative that says the markers of `say` (and may hold traps); returns what it says. */
guint story_write(GString *text, Rng *rng, guint say, gboolean french, double traps);

/* --- the world (world.c, rings.c) --- */
typedef struct {
    guint64 seed;
    guint64 traces, items; /* rows asked for */
    guint rings;
    double errors; /* scale of the error channel: 1 easy, 3 normal, 8 hard */
    char *out;     /* folder */
} Options;

enum { CASE_BACKGROUND, CASE_COLLECTOR, CASE_RING };

/* One firearm's way: bought, shipped, found. A trace, a seizure item, or both tell of it. */
typedef struct {
    Gun gun;
    guint64 purchaser, possessor, associate; /* 0: nobody known */
    guint dealer;
    Day purchase, recovery;
    gboolean in_canada;
    guint city; /* of recovery, when inland */
    guint say;  /* markers */
    gboolean multiple_sale, stolen_late;
    int kind;
    int ring;      /* -1 */
    guint64 item;  /* seizure item that tells of the same firearm, G_MAXUINT64 if none */
    guint64 trace; /* logical number of its trace, G_MAXUINT64 if none */
    const char *remark;
} Case;

/* A seizure: its items share people, place and day. */
typedef struct {
    guint64 first, count; /* items */
    guint64 number;
    gint ring_case; /* index of the first ring case, or -1 */
} Group;

typedef struct {
    int ring;
    const char *type;
    GString *records;
} Ring;

typedef struct {
    Options options;
    GArray *groups;     /* Group, in file order */
    guint32 *group_of;  /* by item */
    GArray *ring_cases; /* Case */
    GArray *ring_items; /* guint32: ring case of the i-th ring item */
    GArray *rings;      /* Ring */
    guint64 linked;     /* background items that have a trace */
    guint64 duplicates; /* traces of a firearm traced before */
    Out links, persons, markers;
} World;

void world_build(World *world, const Options *options);
void world_free(World *world);
void rings_plan(World *world);

/* The case behind a logical trace or an item. Logical traces: ring cases, then items' traces,
 * then duplicates, then the rest. */
Case case_of_trace(const World *world, guint64 logical, gboolean *duplicate);
Case case_of_item(const World *world, guint64 item);
/* The line of the file on which a logical trace stands, and back. */
guint64 trace_line(const World *world, guint64 logical);
guint64 trace_at(const World *world, guint64 line);
Day group_day(const World *world, const Group *group);
const Office *group_office(const World *world, const Group *group);
guint64 group_traveller(const World *world, const Group *group);
gboolean item_is_firearm(const World *world, guint64 item);

void seizure_number(const World *world, const Group *group, char *out, gsize size);
void item_ref(const World *world, guint64 item, char *out, gsize size);
void trace_number(const World *world, guint64 logical, Day requested, char *out); /* 26 bytes */
void trace_ref(const World *world, const Case *of, guint64 logical, char *out, gsize size);
Day trace_requested(const Case *of);

void truth_person(World *world, const char *record, const char *role, guint64 person);
void truth_markers(World *world, const char *record, guint say);

gboolean traces_write(World *world);
gboolean seizures_write(World *world);
gboolean rings_write(World *world);

#endif
