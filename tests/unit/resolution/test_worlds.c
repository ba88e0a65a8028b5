/*
 * Lists of shapes that no estimate was tuned on: columns missing, other names, other errors, nearly
 * everybody twice or nobody, from ten mentions on. Families live in all of them. Whatever the
 * shape, hardly anybody may be taken for somebody else; what is found again may be less.
 */
#include "engine/person/person.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/person/crowd.h"
#include "tests/unit/resolution/resolved.h"
#include "tests/unit/suite.h"

/* Names of one convention, the first ones common. */
typedef struct {
    const char *const *last, *const *first;
    guint n_last, n_first;
} Names;

static const char *const anglo_last[] = {
    "SMITH",    "JOHNSON",   "WILLIAMS",   "BROWN",  "JONES",     "MILLER",   "DAVIS",
    "WILSON",   "ANDERSON",  "TAYLOR",     "THOMAS", "MOORE",     "MARTIN",   "JACKSON",
    "THOMPSON", "WHITE",     "HARRIS",     "CLARK",  "LEWIS",     "ROBINSON", "WALKER",
    "YOUNG",    "ALLEN",     "KING",       "WRIGHT", "SCOTT",     "HILL",     "GREEN",
    "ADAMS",    "NELSON",    "BAKER",      "HALL",   "CAMPBELL",  "MITCHELL", "CARTER",
    "ROBERTS",  "ABERNATHY", "VANDERMEER", "OKAFOR", "FITZGERALD"};
static const char *const anglo_first[] = {
    "JAMES",  "JOHN",     "ROBERT", "MICHAEL", "WILLIAM", "DAVID",   "RICHARD", "JOSEPH", "THOMAS",
    "MARY",   "PATRICIA", "LINDA",  "BARBARA", "SUSAN",   "JESSICA", "KAREN",   "NANCY",  "LISA",
    "DANIEL", "MATTHEW",  "DONALD", "ANTHONY", "MARK",    "STEVEN",  "PAUL",    "ANDREW", "BRIAN",
    "MARIA",  "MARIE",    "DENNIS", "DENISE",  "ERIC",    "ERICA",   "CARL",    "CARLA",  "JEAN"};
static const char *const viet_last[] = {"NGUYEN", "TRAN", "LE", "PHAM", "HOANG", "VU", "DO", "BUI"};
static const char *const viet_first[] = {"VAN ANH",  "THI HOA", "MINH",    "THI LAN", "HUNG",
                                         "VAN DUNG", "TUAN",    "THI MAI", "LONG",    "QUANG",
                                         "VAN HAI",  "HUONG",   "THANH",   "THI THU", "DUC"};
static const char *const chinese_last[] = {"WANG", "LI", "ZHANG", "LIU", "CHEN", "YANG", "WU"};
static const char *const chinese_first[] = {"WEI", "FANG",  "XIU YING", "NA",  "MIN",  "JING",
                                            "LI",  "QIANG", "LEI",      "JUN", "YANG", "YONG",
                                            "YAN", "JIE",   "JUAN",     "TAO", "MING", "CHAO"};
static const char *const spanish_last[] = {
    "GARCIA LOPEZ",     "RODRIGUEZ PEREZ", "HERNANDEZ GARCIA", "LOPEZ MARTINEZ", "PEREZ SANCHEZ",
    "GONZALEZ RAMIREZ", "SANCHEZ TORRES",  "RAMIREZ FLORES",   "TORRES GARCIA",  "FLORES RIVERA",
    "DE LA CRUZ RUIZ",  "DIAZ MORALES",    "REYES CASTILLO",   "MORALES ORTIZ",  "GUTIERREZ RIOS"};
static const char *const spanish_first[] = {
    "JOSE LUIS", "MARIA ELENA", "JUAN CARLOS", "JOSE", "MARIA",  "LUIS",  "CARLOS", "ANA",
    "JORGE",     "MIGUEL",      "ANGEL",       "ROSA", "JAVIER", "PEDRO", "LUCIA",  "ELENA"};
static const char *const arabic_last[] = {"AL MASRI", "HADDAD",   "KHOURY", "EL SAYED", "ABDALLAH",
                                          "MANSOUR",  "AL AHMAD", "SALEH",  "HASSAN",   "IBRAHIM"};
static const char *const arabic_first[] = {"MOHAMMED", "AHMED",  "ALI",     "FATIMA",
                                           "OMAR",     "KHALED", "MAHMOUD", "HASSAN",
                                           "YOUSSEF",  "LAYLA",  "NOUR",    "AMIR"};

#define NAMES(kind)                                                                                \
    {                                                                                              \
        kind##_last, kind##_first, G_N_ELEMENTS(kind##_last), G_N_ELEMENTS(kind##_first)           \
    }
static const Names anglo = NAMES(anglo), viet = NAMES(viet), chinese = NAMES(chinese),
                   spanish = NAMES(spanish), arabic = NAMES(arabic);

enum {
    HAS_DOB = 1,
    HAS_STREET = 2,
    HAS_CITY = 4,
    HAS_POSTAL = 8,
    HAS_PHONE = 16,
    HAS_DOCUMENT = 32
};
#define HAS_ALL   63
#define HAS_PLACE (HAS_STREET | HAS_CITY | HAS_POSTAL)

/* How every second mention of a person is written. */
typedef enum { AS_IT_IS, NAMES_SWAPPED, DAY_MONTH, INITIALS, YEAR_ONLY } Habit;

typedef struct {
    const char *name;
    const Names *names;
    guint people, has;
    double again; /* share of people who are mentioned more than once */
    guint copies; /* of these, at most */
    double missing, wrong, moved;
    double kin;    /* share of people who are of the family of the one before */
    guint made_up; /* so many made-up surnames beside the list; 0: as it is */
    Habit habit;
    gboolean unknown;         /* what is missing is written as a made-up value */
    double precision, recall; /* bounds; where nobody is there twice, precision is the share of
                               * people of whom no two are taken for one */
} Shape;

typedef struct {
    const char *last, *first, *street, *city, *postal, *phone, *document;
    Day dob;
} Human;

typedef struct {
    const Shape *shape;
    GStringChunk *texts;
    GRand *rand;
    GArray *mentions, *truth; /* of PersonMention, guint */
    Human *humans;
} World;

static gboolean chance(World *w, double p)
{
    return g_rand_double(w->rand) < p;
}

static guint below(World *w, guint n)
{
    return (guint)g_rand_int_range(w->rand, 0, (gint)n);
}

static const char *keep(World *w, char *text)
{
    const char *kept = g_string_chunk_insert(w->texts, text);
    g_free(text);
    return kept;
}

static guint common(World *w, guint n)
{
    double r = g_rand_double(w->rand);
    return (guint)(r * r * n);
}

static const char *surname(World *w)
{
    static const char *const parts[] = {"BAR", "KOW", "TREM", "LES", "DON", "GUR", "HAL", "OBE",
                                        "NER", "WIS", "MAC",  "DEV", "SOL", "JOH", "PET", "VAN"};
    const Names *names = w->shape->names;
    if (!w->shape->made_up || chance(w, 0.3))
        return names->last[common(w, names->n_last)];
    guint n = common(w, w->shape->made_up);
    return keep(w,
                g_strconcat(parts[n % 16], parts[n / 16 % 16], n / 256 % 2 ? "SKI" : "ER", NULL));
}

static const char *phone(World *w)
{
    return keep(w, g_strdup_printf("614%07u", below(w, 10000000)));
}

static void house(World *w, Human *h)
{
    static const char *const streets[] = {"OAK ST",  "MAIN ST", "ELM AVE",  "KING RD",  "MAPLE DR",
                                          "LAKE ST", "HILL RD", "PARK AVE", "RIVER RD", "1ST AVE"};
    static const char *const cities[] = {"TOLEDO", "DAYTON", "LIMA", "AKRON", "MARION", "CANTON"};
    guint city = common(w, G_N_ELEMENTS(cities));
    h->street = keep(
        w, g_strdup_printf("%u %s", 1 + below(w, 999), streets[below(w, G_N_ELEMENTS(streets))]));
    h->city = cities[city];
    h->postal = keep(w, g_strdup_printf("43%u%02u", city, below(w, 5)));
    h->phone = phone(w);
}

/* Of the family of the one before: spouse, twin, sibling, or a child of the very same name. */
static void relative(World *w, Human *h, const Human *of)
{
    const Names *names = w->shape->names;
    guint kind = below(w, 4);
    h->last = of->last;
    h->street = of->street;
    h->city = of->city;
    h->postal = of->postal;
    h->phone = chance(w, 0.5) ? of->phone : phone(w);
    if (kind == 0)
        h->dob = of->dob;
    else if (kind == 1)
        h->dob = of->dob + (Day)below(w, 2500) - 1250;
    else if (kind == 2)
        h->dob = of->dob + 700 + (Day)below(w, 2500);
    else {
        h->dob = of->dob + 7500 + (Day)below(w, 4000);
        h->first = of->first;
    }
    while (kind < 3 && (!h->first || h->first == of->first))
        h->first = names->first[common(w, names->n_first)];
}

static void human(World *w, guint i)
{
    const Names *names = w->shape->names;
    Human *h = &w->humans[i];
    if (i > 0 && chance(w, w->shape->kin))
        relative(w, h, h - 1);
    else {
        h->last = surname(w);
        h->first = names->first[common(w, names->n_first)];
        h->dob = date_from_ymd(1945, 1, 1) + (Day)below(w, 21000);
        house(w, h);
    }
    h->document = keep(w, g_strdup_printf("%c%c%06u", 'A' + (gint)below(w, 26),
                                          'A' + (gint)below(w, 26), below(w, 1000000)));
}

static const char *slip(World *w, const char *text)
{
    GString *out = g_string_new(text);
    guint at = below(w, (guint)out->len);
    switch (below(w, 4)) {
    case 0:
        out->str[at] =
            g_ascii_isdigit(out->str[at]) ? (char)('0' + below(w, 10)) : (char)('A' + below(w, 26));
        break;
    case 1:
        g_string_erase(out, at, out->len > 1 ? 1 : 0);
        break;
    case 2:
        g_string_insert_c(out, at, out->str[at]);
        break;
    default:
        if (at > 0) {
            char c = out->str[at];
            out->str[at] = out->str[at - 1];
            out->str[at - 1] = c;
        }
    }
    return keep(w, g_string_free(out, FALSE));
}

/* A cell as it comes out: as it is, with a slip, not there, or filled with anything. */
static const char *cell(World *w, guint column, const char *text, const char *filler)
{
    if (column && !(w->shape->has & column))
        return NULL;
    if (chance(w, w->shape->missing))
        return w->shape->unknown ? filler : NULL;
    return chance(w, w->shape->wrong) ? slip(w, text) : text;
}

static Day born(World *w, Day dob, gboolean other)
{
    int y, m, d;
    if (!(w->shape->has & HAS_DOB))
        return DAY_NONE;
    if (chance(w, w->shape->missing))
        return w->shape->unknown ? date_from_ymd(1970, 1, 1) : DAY_NONE;
    date_to_ymd(dob, &y, &m, &d);
    if (other && w->shape->habit == DAY_MONTH && d <= 12)
        return date_from_ymd(y, d, m);
    if (other && w->shape->habit == YEAR_ONLY)
        return date_from_ymd(y, 1, 1);
    if (!chance(w, w->shape->wrong))
        return dob;
    switch (below(w, 3)) {
    case 0:
        return date_from_ymd(y + 1, m, MIN(d, 28));
    case 1:
        return date_from_ymd(y, 1 + (m + 2) % 12, MIN(d, 28));
    default:
        return date_from_ymd(y, m, 1 + (int)below(w, 28));
    }
}

static void mention(World *w, guint who, gboolean other)
{
    const Shape *shape = w->shape;
    Human moved = w->humans[who], *h = &moved;
    if (chance(w, shape->moved)) {
        house(w, h);
        if (chance(w, 0.5))
            h->phone = w->humans[who].phone;
    }
    PersonMention m = {.role = "purchaser", .doc_type = "DL", .doc_issuer = "OH"};
    m.ref = m.record =
        keep(w, g_strdup_printf("set:%08x-%u", g_rand_int(w->rand), w->mentions->len));
    m.last = cell(w, 0, h->last, "UNKNOWN");
    m.first = cell(w, 0, h->first, "UNKNOWN");
    m.dob = born(w, h->dob, other);
    m.street = cell(w, HAS_STREET, h->street, "N/A");
    m.city = cell(w, HAS_CITY, h->city, "UNKNOWN");
    m.region = shape->has & HAS_CITY ? "OH" : NULL;
    m.postal = cell(w, HAS_POSTAL, h->postal, "00000");
    m.phone = cell(w, HAS_PHONE, h->phone, "5555555555");
    m.doc_no = cell(w, HAS_DOCUMENT, h->document, "00000000");
    if (other && shape->habit == NAMES_SWAPPED) {
        const char *swap = m.last;
        m.last = m.first;
        m.first = swap;
    }
    if (other && shape->habit == INITIALS && m.first)
        m.first = keep(w, g_strndup(m.first, 1));
    g_array_append_val(w->mentions, m);
    g_array_append_val(w->truth, who);
}

static void world_make(World *w, const Shape *shape, guint seed)
{
    *w = (World){.shape = shape,
                 .texts = g_string_chunk_new(1 << 14),
                 .rand = g_rand_new_with_seed(seed),
                 .mentions = g_array_new(FALSE, FALSE, sizeof(PersonMention)),
                 .truth = g_array_new(FALSE, FALSE, sizeof(guint)),
                 .humans = g_new0(Human, shape->people)};
    for (guint i = 0; i < shape->people; i++)
        human(w, i);
    for (guint i = 0; i < shape->people; i++) {
        guint copies = chance(w, shape->again) ? 2 + below(w, shape->copies - 1) : 1;
        for (guint k = 0; k < copies; k++)
            mention(w, i, k % 2 == 1);
    }
}

static void world_clear(World *w)
{
    g_string_chunk_free(w->texts);
    g_rand_free(w->rand);
    g_array_unref(w->mentions);
    g_array_unref(w->truth);
    g_free(w->humans);
}

static const char *told(const World *w, guint i)
{
    static char text[2][300];
    static guint at;
    const PersonMention *m = &g_array_index(w->mentions, PersonMention, i);
    int y = 0, mo = 0, d = 0;
    if (m->dob != DAY_NONE)
        date_to_ymd(m->dob, &y, &mo, &d);
    at = !at;
    g_snprintf(text[at], sizeof text[at], "%s, %s %d-%d-%d %s %s %s %s %s", m->last, m->first, y,
               mo, d, m->street, m->city, m->postal, m->phone, m->doc_no);
    return text[at];
}

/* Adds what was found right, found, and there to be found. */
static void world_measure(const World *w, const PersonModel *model, double pairs[3])
{
    g_autoptr(PersonResult) r =
        resolve_all(model, (PersonMention *)(gpointer)w->mentions->data, w->mentions->len);
    for (guint i = 0; i < r->n; i++)
        for (guint j = i + 1; j < r->n; j++) {
            gboolean same = g_array_index(w->truth, guint, i) == g_array_index(w->truth, guint, j);
            gboolean found = r->entity[i] == r->entity[j];
            pairs[0] += same && found;
            pairs[1] += found;
            pairs[2] += same;
            if (same != found && g_getenv("SHOW"))
                printf("%s: %s\n  %s\n", same ? "missed" : "wrong", told(w, i), told(w, j));
        }
}

/* people, columns, again, copies, missing, wrong, moved, kin, made up, habit, filled, P, R */
static const Shape shapes[] = {
    {"ten", &anglo, 6, HAS_ALL, 0.7, 2, 0.1, 0.05, 0.1, 0.3, 0, 0, 0, 0.95, 0.93},
    {"thirty", &anglo, 20, HAS_ALL, 0.5, 2, 0.1, 0.05, 0.1, 0.3, 0, 0, 0, 0.96, 0.95},
    {"usual", &anglo, 1200, HAS_ALL, 0.5, 3, 0.15, 0.05, 0.15, 0.2, 800, 0, 0, 0.97, 0.95},
    {"nobody twice", &anglo, 3000, HAS_ALL, 0, 2, 0.1, 0.05, 0, 0.3, 200, 0, 0, 0.998, 0},
    {"nobody twice, no documents", &anglo, 3000, HAS_DOB | HAS_PLACE | HAS_PHONE, 0, 2, 0.1, 0.05,
     0, 0.3, 200, 0, 0, 0.985, 0},
    {"nobody twice, no birth dates", &anglo, 3000, HAS_PLACE | HAS_PHONE, 0, 2, 0.1, 0.05, 0, 0.3,
     200, 0, 0, 0.92, 0},
    {"everybody often", &anglo, 200, HAS_ALL, 1, 20, 0.15, 0.08, 0.2, 0.2, 300, 0, 0, 0.99, 0.97},
    {"no birth dates", &anglo, 1000, HAS_PLACE | HAS_PHONE | HAS_DOCUMENT, 0.5, 3, 0.15, 0.05, 0.1,
     0.2, 800, 0, 0, 0.94, 0.9},
    {"names and birth dates", &anglo, 1000, HAS_DOB, 0.5, 3, 0.02, 0.05, 0, 0.2, 2000, 0, 0, 0.96,
     0.91},
    {"names and city", &anglo, 1000, HAS_CITY, 0.5, 3, 0.02, 0.05, 0, 0.2, 2000, 0, 0, 0, 0},
    {"names and telephone", &anglo, 1000, HAS_PHONE, 0.5, 3, 0.05, 0.05, 0.1, 0.2, 2000, 0, 0, 0.85,
     0.75},
    {"names and documents", &anglo, 1000, HAS_DOCUMENT, 0.5, 3, 0.05, 0.05, 0, 0.2, 2000, 0, 0,
     0.99, 0.86},
    {"no documents", &anglo, 1000, HAS_DOB | HAS_PLACE, 0.5, 3, 0.1, 0.05, 0.15, 0.3, 800, 0, 0,
     0.91, 0.83},
    {"many errors", &anglo, 1000, HAS_ALL, 0.6, 3, 0.25, 0.25, 0.2, 0.2, 800, 0, 0, 0.95, 0.78},
    {"much missing", &anglo, 1000, HAS_ALL, 0.6, 3, 0.45, 0.03, 0.1, 0.2, 800, 0, 0, 0.89, 0.52},
    {"filled with anything", &anglo, 1000, HAS_ALL, 0.6, 3, 0.35, 0.03, 0.1, 0.2, 800, 0, 1, 0.92,
     0.77},
    {"names changed places", &anglo, 1000, HAS_ALL, 0.6, 2, 0.1, 0.05, 0.1, 0.2, 800, NAMES_SWAPPED,
     0, 0.98, 0.91},
    {"day and month", &anglo, 1000, HAS_DOB | HAS_PLACE, 0.6, 2, 0.1, 0.05, 0.1, 0.2, 800,
     DAY_MONTH, 0, 0.9, 0.79},
    {"initials", &anglo, 1000, HAS_ALL, 0.6, 2, 0.1, 0.05, 0.1, 0.2, 800, INITIALS, 0, 0.97, 0.94},
    {"initials, no documents", &anglo, 1000, HAS_DOB | HAS_PLACE, 0.6, 2, 0.1, 0.05, 0.1, 0.2, 800,
     INITIALS, 0, 0.85, 0.78},
    {"year only", &anglo, 1000, HAS_DOB | HAS_PLACE, 0.6, 2, 0.1, 0.05, 0.1, 0.2, 800, YEAR_ONLY, 0,
     0.92, 0.67},
    {"few surnames", &anglo, 1500, HAS_ALL, 0.5, 3, 0.15, 0.05, 0.15, 0.4, 0, 0, 0, 0.96, 0.95},
    {"few surnames, no documents", &anglo, 1500, HAS_DOB | HAS_PLACE, 0.5, 3, 0.15, 0.05, 0.15, 0.4,
     0, 0, 0, 0.83, 0.7},
    {"vietnamese", &viet, 1000, HAS_DOB | HAS_PLACE | HAS_PHONE, 0.5, 3, 0.1, 0.05, 0.15, 0.3, 0, 0,
     0, 0.88, 0.85},
    {"chinese", &chinese, 1000, HAS_DOB | HAS_PLACE | HAS_PHONE, 0.5, 3, 0.1, 0.05, 0.15, 0.3, 0, 0,
     0, 0.89, 0.82},
    {"spanish", &spanish, 1000, HAS_DOB | HAS_PLACE | HAS_PHONE, 0.5, 3, 0.1, 0.05, 0.15, 0.3, 0, 0,
     0, 0.89, 0.88},
    {"arabic", &arabic, 1000, HAS_DOB | HAS_PLACE | HAS_PHONE, 0.5, 3, 0.1, 0.05, 0.15, 0.3, 0, 0,
     0, 0.9, 0.87},
    {"families alone", &anglo, 600, HAS_DOB | HAS_PLACE | HAS_PHONE, 0.6, 3, 0.15, 0.05, 0.1, 0.8,
     400, 0, 0, 0.84, 0.76},
    {"families without birth dates", &anglo, 600, HAS_PLACE | HAS_PHONE, 0.6, 3, 0.15, 0.05, 0.1,
     0.8, 400, 0, 0, 0.44, 0.5},
};

START_TEST(worlds)
{
    const Shape *shape = &shapes[_i];
    g_autoptr(PersonModel) model = model_load();
    double pairs[3] = {0};
    guint rounds = shape->people < 50 ? 40 : 1;
    for (guint seed = 0; seed < rounds; seed++) {
        World w;
        world_make(&w, shape, 1000 * (guint)_i + seed);
        world_measure(&w, model, pairs);
        world_clear(&w);
    }
    double precision = pairs[2] > 0 ? pairs[0] / MAX(pairs[1], 1) : 1 - pairs[1] / shape->people;
    double recall = pairs[0] / MAX(pairs[2], 1);
    printf("%-30s P %.4f  R %.4f  %.0f wrong of %.0f, %.0f there\n", shape->name, precision, recall,
           pairs[1] - pairs[0], pairs[1], pairs[2]);
    ck_assert(precision >= shape->precision && recall >= shape->recall);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("resolution/worlds");
    TCase *tcase = tcase_create("worlds");
    tcase_set_timeout(tcase, 240);
    tcase_add_loop_test(tcase, worlds, 0, G_N_ELEMENTS(shapes));
    suite_add_tcase(suite, tcase);
    return suite_run_here(suite);
}
