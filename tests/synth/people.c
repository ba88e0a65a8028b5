/*
 * People: a person is a function of a number. Four share a household (surname, address, move);
 * some are twins, some sons bear the father's name. What a clerk writes down goes through the
 * error channel: typing errors, nicknames, swapped names and dates, moves, missing cells.
 */
#include <string.h>

#include "tests/synth/synth.h"

enum { KIND_HOUSE = 11, KIND_PERSON = 12 };

#define DAYS_PER_YEAR 365

static guint city_count(gboolean canadian)
{
    return canadian ? CA_CITY_COUNT : US_CITY_COUNT;
}

/* id = ((household * 4 + member) * 2 + canadian) + 2; 0 and 1 are nobody. */
guint64 person_in_city(gboolean canadian, guint city, guint64 number)
{
    guint64 house = number / 4 * city_count(canadian) + city;
    return ((house * 4 + number % 4) << 1 | (canadian ? 1 : 0)) + 2;
}

guint64 person_kin(guint64 id, Rng *rng)
{
    guint64 raw = (id - 2) >> 1, member = (raw % 4 + 1 + rng_below(rng, 3)) % 4;
    return ((raw - raw % 4 + member) << 1 | (id & 1)) + 2;
}

static gboolean house_has_twins(guint64 house)
{
    return house % 61 == 7;
}

guint64 person_twin(guint64 id)
{
    guint64 raw = (id - 2) >> 1;
    if (!house_has_twins(raw / 4) || raw % 4 < 2)
        return 0;
    return ((raw - raw % 4 + 5 - raw % 4) << 1 | (id & 1)) + 2;
}

static void postal_of(const Person *person, Rng *rng, char *out, gsize size)
{
    static const char letters[] = "ABCEGHJKLMNPRSTVWXYZ";
    if (person->canadian)
        g_snprintf(out, size, "%s %d%c%d", CA_CITIES[person->city].zip, rng_between(rng, 0, 9),
                   letters[rng_below(rng, 20)], rng_between(rng, 0, 9));
    else
        put_digits(g_stpcpy(out, US_CITIES[person->city].zip), (guint64)rng_between(rng, 1, 99), 2);
}

/* Surname, address and the day of a move are the household's. */
static void household_fill(Person *person, guint64 seed, guint64 house, Day at)
{
    Rng rng = rng_for(seed, KIND_HOUSE, house * 2 + (person->canadian ? 1 : 0));
    word_surname(&rng, person->french, person->last, sizeof person->last);
    word_street(&rng, person->french, person->street, sizeof person->street);
    postal_of(person, &rng, person->postal, sizeof person->postal);
    if (!rng_chance(&rng, 0.2) || at < date_from_ymd(rng_between(&rng, 2015, 2022), 7, 1))
        return;
    word_street(&rng, person->french, person->street, sizeof person->street);
    postal_of(person, &rng, person->postal, sizeof person->postal);
}

static void dob_fill(Person *person, guint64 seed, guint64 house, guint member, Rng *rng)
{
    Rng shared = rng_for(seed, KIND_HOUSE + 100, house);
    int year = member < 2 ? rng_between(rng, 1950, 1985) : rng_between(rng, 1980, 2003);
    person->dob = date_from_ymd(year, rng_between(rng, 1, 12), rng_between(rng, 1, 28));
    if (!house_has_twins(house) || member < 2)
        return;
    person->dob = date_from_ymd(rng_between(&shared, 1980, 2002), rng_between(&shared, 1, 12),
                                rng_between(&shared, 1, 28));
    if (member == 3 && rng_chance(&shared, 0.3)) /* born past midnight */
        person->dob++;
}

static void papers_fill(Person *person, Rng *rng)
{
    static const char letters[] = "ABCDEFGHJKLMNPRSTUVWXYZ";
    const char *state =
        person->canadian ? CA_CITIES[person->city].state : US_CITIES[person->city].state;
    put_digits(g_stpcpy(person->phone, "555-01"), (guint64)rng_between(rng, 0, 99), 2);
    put_digits(person->id_no + 2, (guint64)rng_between(rng, 0, 9999999), 7);
    person->id_no[1] = letters[rng_below(rng, 23)];
    person->id_no[0] = state[0];
    put_digits(person->plate + 3, (guint64)rng_between(rng, 0, 9999), 4);
    for (int i = 2; i >= 0; i--)
        person->plate[i] = letters[rng_below(rng, 23)];
}

Person person_of(guint64 seed, guint64 id, Day at)
{
    guint64 raw = (id - 2) >> 1, house = raw / 4;
    guint member = (guint)(raw % 4);
    Person person = {.id = id, .canadian = (id & 1) != 0};
    Rng rng = rng_for(seed, KIND_PERSON, id);
    person.city = (guint)(house % city_count(person.canadian));
    person.french = person.canadian && strcmp(CA_CITIES[person.city].state, "QC") == 0;
    household_fill(&person, seed, house, at);
    g_strlcpy(person.first, word_given(&rng, person.french), sizeof person.first);
    g_strlcpy(person.middle, word_given(&rng, person.french), sizeof person.middle);
    dob_fill(&person, seed, house, member, &rng);
    papers_fill(&person, &rng);
    if (member == 1 && rng_chance(&rng, 0.25))
        word_surname(&rng, person.french, person.last, sizeof person.last);
    if (member == 2 && house % 17 == 3) { /* the son bears the father's name */
        Rng father = rng_for(seed, KIND_PERSON, ((house * 4) << 1 | (id & 1)) + 2);
        g_strlcpy(person.first, word_given(&father, person.french), sizeof person.first);
    }
    return person;
}

/* One typing error among plain letters: dropped, doubled, swapped with the next, or another. */
static void text_typo(char *text, gsize size, Rng *rng)
{
    gsize n = strlen(text), at = n > 2 ? 1 + rng_below(rng, n - 2) : 0;
    if (n < 3 || (guchar)text[at] >= 0x80 || (guchar)text[at + 1] >= 0x80)
        return;
    switch (rng_below(rng, 4)) {
    case 0:
        memmove(text + at, text + at + 1, n - at);
        break;
    case 1:
        if (n + 1 < size)
            memmove(text + at + 1, text + at, n - at + 1);
        break;
    case 2: {
        char c = text[at];
        text[at] = text[at + 1];
        text[at + 1] = c;
        break;
    }
    default:
        text[at] = (char)('A' + rng_below(rng, 26));
    }
}

/* Accents are lost on the American side and by careless clerks. */
static void text_plain(char *text)
{
    static const char *const pairs[][2] = {{"É", "E"}, {"È", "E"}, {"Ê", "E"}, {"Ô", "O"},
                                           {"Ç", "C"}, {"Î", "I"}, {"Â", "A"}, {"Ë", "E"}};
    for (guint i = 0; i < G_N_ELEMENTS(pairs); i++)
        for (char *at = strstr(text, pairs[i][0]); at != NULL; at = strstr(at, pairs[i][0])) {
            *at = pairs[i][1][0];
            memmove(at + 1, at + 2, strlen(at + 2) + 1);
        }
}

static void dob_write(Day dob, Rng *rng, double errors, char order, char *out)
{
    int year = 0, month = 0, dom = 0;
    date_to_ymd(dob, &year, &month, &dom);
    if (rng_chance(rng, 0.006 * errors) && dom <= 12) { /* day and month swapped */
        int keep = month;
        month = dom;
        dom = keep;
    } else if (rng_chance(rng, 0.006 * errors)) { /* one digit */
        dom = rng_chance(rng, 0.5) ? (dom % 28) + 1 : dom;
        year += dom % 2 == 0 ? 1 : -10;
    }
    put_date(out, year, month, dom, order);
}

static void names_err(Recorded *r, const Person *person, Rng *rng, double errors)
{
    const char *nick = word_nickname(person->first);
    if (nick != NULL && rng_chance(rng, 0.02 * errors))
        g_strlcpy(r->first, nick, sizeof r->first);
    if (rng_chance(rng, 0.012 * errors))
        text_typo(r->last, sizeof r->last, rng);
    if (rng_chance(rng, 0.01 * errors))
        text_typo(r->first, sizeof r->first, rng);
    if (rng_chance(rng, 0.004 * errors)) {
        char keep[48];
        g_strlcpy(keep, r->first, sizeof keep);
        g_strlcpy(r->first, r->last, sizeof r->first);
        g_strlcpy(r->last, keep, sizeof r->last);
    }
    if (rng_chance(rng, person->canadian ? 0.06 * errors : 1)) {
        text_plain(r->last);
        text_plain(r->first);
        text_plain(r->street);
    }
}

Recorded person_record(const Person *person, Rng *rng, double errors, char order)
{
    const City *city = person->canadian ? &CA_CITIES[person->city] : &US_CITIES[person->city];
    Recorded r = {.id = person->id};
    g_strlcpy(r.last, person->last, sizeof r.last);
    g_strlcpy(r.first, person->first, sizeof r.first);
    g_strlcpy(r.middle, person->middle, sizeof r.middle);
    if (rng_chance(rng, 0.4))
        r.middle[1] = '\0';
    g_strlcpy(r.street, person->street, sizeof r.street);
    g_strlcpy(r.city, city->city, sizeof r.city);
    g_strlcpy(r.state, city->state, sizeof r.state);
    g_strlcpy(r.postal, person->postal, sizeof r.postal);
    g_strlcpy(r.country, person->canadian ? "CANADA" : "USA", sizeof r.country);
    g_strlcpy(r.plate, person->plate, sizeof r.plate);
    names_err(&r, person, rng, errors);
    if (!rng_chance(rng, 0.02 * errors))
        dob_write(person->dob, rng, errors, order, r.dob);
    if (rng_chance(rng, 0.3))
        g_strlcpy(r.phone, person->phone, sizeof r.phone);
    if (rng_chance(rng, 0.75)) {
        g_strlcpy(r.id_no, person->id_no, sizeof r.id_no);
        g_strlcpy(r.id_type, "DRIVERS LICENSE", sizeof r.id_type);
        g_strlcpy(r.id_state, city->state, sizeof r.id_state);
        if (rng_chance(rng, 0.006 * errors))
            r.id_no[3] = (char)('0' + rng_below(rng, 10));
    }
    if (rng_chance(rng, 0.015 * errors))
        text_typo(r.street, sizeof r.street, rng);
    return r;
}
