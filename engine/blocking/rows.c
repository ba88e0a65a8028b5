/*
 * One node of a block against all others: loops without branches over numbers of 32 bits, which the
 * compiler turns into instructions for four or eight nodes at once. What is seldom known (several
 * documents, a name of birth, a date of which a part is missing) is let pass or counted for the
 * most that it may be worth.
 */
#include "engine/blocking/rows.h"

#include "engine/person/birth.h"

#define LOT 8u /* lanes that are looked at together */
G_STATIC_ASSERT(SIEVE_LANES % LOT == 0);

/* Each loop is made twice, once for processors that look at eight numbers at a time. */
#define ROW static inline __attribute__((always_inline))

/* A row is gone through by whole lots, so that no number is looked at alone. */
#define LANES(i, from, n)                                                                          \
    for (guint i = (from) / LOT * LOT, end_ = ((n) + LOT - 1) / LOT * LOT; i < end_; i++)

ROW guint32 bits_set(guint32 n)
{
    n -= n >> 1 & 0x55555555u;
    n = (n & 0x33333333u) + (n >> 2 & 0x33333333u);
    n = (n + (n >> 4)) & 0x0f0f0f0fu;
    n += n >> 8;
    return (n + (n >> 16)) & 63;
}

#define LOST_FEW 4    /* of letters, which two slips may have made others */
#define ANYHOW   4.0f /* alike, whatever the lengths */

/* The most that each is alike another text, by how many letters they lack of each other: as
 * common_alike() has it, of half of what is left of both. */
ROW void alike_row(const TextLanes *lanes, Text x, guint from, guint n, float *restrict out)
{
    LANES(i, from, n)
    {
        guint32 lost = bits_set(lanes->letters[i] ^ x.letters);
        guint32 start = ((lanes->marks[i] ^ x.marks) & MARK_START) == 0;
        float both = x.length + lanes->length[i], common = (both - (float)(gint32)lost) / 2;
        float jaro = (common * both * x.share * lanes->share[i] + 1) * (1 / 3.0f);
        float few = lost <= LOST_FEW ? ANYHOW : 0;
        out[i] = jaro + (start ? 0.4f : 0) * (1 - jaro) + few;
    }
}

/* May two names be called alike, or is one of them not held to differ? */
ROW guint32 is_like(guint32 marks, guint32 x)
{
    return ((marks & x & BITS(CALLED_BITS)) | ((marks | x) & MARK_UNTOLD)) != 0;
}

/* One of two, without a branch. */
ROW gint32 either(guint32 is, gint32 yes, gint32 no)
{
    return no + ((yes - no) & -(gint32)is);
}

/* Names that are not the same one. */
ROW void others_row(NameSieve s, const TextLanes *lanes, Text x, const float *alike, guint from,
                    guint n, gint32 *restrict out)
{
    LANES(i, from, n)
    {
        guint32 start = ((lanes->marks[i] ^ x.marks) & MARK_START) == 0;
        guint32 far = alike[i] >= s.to_far, near = alike[i] >= s.to_near;
        gint32 level = either(far, s.far, s.differs);
        level = either(far & (start | near), s.near, level);
        level = either(alike[i] >= s.to_close, s.close, level);
        out[i] = either(is_like(lanes->marks[i], x.marks), s.like, level);
    }
}

/* Surnames or given names, each in its place. */
ROW void names_row(NameSieve s, const TextLanes *lanes, Text x, gint32 exact, guint from, guint n,
                   float *restrict alike, gint32 *restrict out)
{
    alike_row(lanes, x, from, n, alike);
    others_row(s, lanes, x, alike, from, n, out);
    LANES(i, from, n)
    {
        gint32 level = lanes->id[i] == x.id ? exact : out[i];
        out[i] = ((lanes->id[i] == 0) | (x.id == 0)) ? 0 : level;
    }
}

/* May the names be close: the one's surname and the other's given name? */
ROW void cross_row(NameSieve s, const TextLanes *lanes, Text x, guint from, guint n,
                   float *restrict alike, guint32 *restrict out)
{
    alike_row(lanes, x, from, n, alike);
    LANES(i, from, n)
    {
        guint32 like = is_like(lanes->marks[i], x.marks);
        guint32 close = (alike[i] >= s.to_close) | (lanes->id[i] == x.id);
        out[i] = (lanes->id[i] != 0) & (x.id != 0) & (close | like);
    }
}

/* May the cities be one? */
ROW void cities_row(float least, const TextLanes *lanes, Text x, guint from, guint n,
                    float *restrict alike, guint32 *restrict out)
{
    alike_row(lanes, x, from, n, alike);
    LANES(i, from, n)
    out[i] = (lanes->id[i] != 0) & (x.id != 0) & (alike[i] >= least);
}

/* Which digits are others, one bit each; is it one alone, or one and its neighbour? */
ROW guint32 is_slip(guint32 apart)
{
    guint32 digits = (apart | apart >> 1 | apart >> 2 | apart >> 3) & 0x11111111u;
    guint32 lowest = digits & (0u - digits);
    return (digits & ~lowest & ~(lowest << 4)) == 0;
}

ROW void dates_row(DateSieve s, const Lanes *lanes, Row x, guint from, guint n,
                   gint32 *restrict odds)
{
    guint32 turned = (x.digits & 0xffff0000u) | (x.digits & 0xff) << 8 | (x.digits >> 8 & 0xff);
    LANES(i, from, n)
    {
        guint32 y = lanes->digits[i], apart = x.digits ^ y;
        guint32 year = apart >> 16 == 0, month = (apart & 0xff00) == 0, of = (apart & 0xff) == 0;
        gint32 days = lanes->dob[i] - x.dob;
        days = days < 0 ? -days : days;
        gint32 level = (year | (days <= YEAR_ABOUT)) ? s.year : s.differs;
        gint32 parts = year + month + of == 2 ? s.parts : NOTHING;
        gint32 slip = is_slip(apart) ? s.slip : NOTHING;
        gint32 swapped = y == turned ? s.swapped : NOTHING;
        level = level > parts ? level : parts;
        level = level > slip ? level : slip;
        level = level > swapped ? level : swapped;
        level = apart == 0 ? x.dob_exact : level;
        level = ((lanes->partly[i] != 0) | (x.partly != 0)) ? s.any : level;
        odds[i] += ((x.digits == 0) | (y == 0)) ? 0 : level;
    }
}

ROW void numbers_row(NumberSieve s, const guint32 *numbers, const guint32 *all_ends, guint32 x,
                     guint32 x_ends, guint from, guint n, gint32 *restrict odds)
{
    LANES(i, from, n)
    {
        guint32 ends = all_ends[i], apart = ends ^ x_ends;
        guint32 near = ((ends & s.head) == 0) | ((x_ends & s.head) == 0) | ((apart & s.head) == 0) |
                       ((apart & s.tail) == 0);
        gint32 level = near ? s.near : s.apart;
        level = numbers[i] == x ? s.equal : level;
        odds[i] += ((x == 0) | (numbers[i] == 0)) ? 0 : level;
    }
}

/* Suffixes and middle names, which few have; a middle name that may be the other's surname lets a
 * pair pass. */
ROW void rest_row(const Sieve *s, Row x, guint from, guint n, gint32 *restrict odds,
                  guint32 *restrict pass)
{
    const Lanes *l = &s->lanes;
    gint32 same = s->middle_same, like = s->middle, suffixes = s->suffix;
    LANES(i, from, n)
    {
        guint32 other = l->middle[i];
        gint32 level = other == x.middle ? same : like;
        level = ((other == 0) | (x.middle == 0)) ? 0 : level;
        odds[i] += level + (((x.suffix != 0) & (l->suffix[i] != 0)) ? suffixes : 0);
        pass[i] |=
            ((x.middle != 0) & (x.middle == l->born[i])) | ((other != 0) & (other == x.born));
    }
}

ROW void places_row(AddressSieve s, const Lanes *l, Row x, const guint32 *alike, guint from,
                    guint n, gint32 *restrict out)
{
    LANES(i, from, n)
    {
        guint32 cities = (x.city.id != 0) & (l->city.id[i] != 0);
        guint32 postals = (x.postal != 0) & (l->postal[i] != 0);
        guint32 streets = (x.street != 0) & (l->street[i] != 0);
        guint32 regions = (x.region != 0) & (l->region[i] != 0);
        guint32 code = postals & (l->postal[i] == x.postal), town = alike[i];
        streets &= code | town | ((cities | postals) == 0);
        gint32 home = ((x.house != 0) & (l->house[i] == x.house)) ? s.house : s.street;
        gint32 most = streets ? home : NOTHING;
        gint32 by_code = code ? x.postal_exact : NOTHING;
        gint32 by_city = l->city.id[i] == x.city.id ? x.city_exact : s.city;
        by_city = town ? by_city : NOTHING;
        most = most > by_code ? most : by_code;
        most = most > by_city ? most : by_city;
        gint32 apart = regions ? s.region : s.differs;
        most = (streets | code | town) ? most : apart;
        guint32 any = cities | postals | regions | ((x.street != 0) & (l->street[i] != 0));
        most = any ? most : 0;
        out[i] = most > s.worst ? most : s.worst;
    }
}

/* All of it together. */
ROW void reach_row(Sieve *s, guint32 lone, guint from, guint n)
{
    const Lanes *l = &s->lanes;
    gint32 *restrict names = s->names;
    guint32 *restrict pass = s->pass;
    gint32 changed = s->changed, least = s->least;
    LANES(i, from, n)
    {
        gint32 given = s->given[i];
        given = (((l->last.id[i] == 0) | (lone != 0)) & (given < 0)) ? 0 : given;
        gint32 both = names[i] + given;
        gint32 crossed = (s->cross[i] & s->across[i]) ? changed : NOTHING;
        both = both > crossed ? both : crossed;
        pass[i] |= (s->odds[i] + both + s->places[i] >= least) | l->passes[i];
    }
}

ROW void row_made(Sieve *s, const Row *of, guint from)
{
    const Lanes *l = &s->lanes;
    const Row x = *of;
    const guint n = s->n;
    LANES(i, from, n)
    {
        s->odds[i] = s->rest;
        s->pass[i] = 0;
    }
    names_row(s->last, &l->last, x.last, x.last_exact, from, n, s->likeness, s->names);
    names_row(s->first, &l->first, x.first, x.first_exact, from, n, s->likeness, s->given);
    cross_row(s->first, &l->first, x.last, from, n, s->likeness, s->cross);
    cross_row(s->first, &l->last, x.first, from, n, s->likeness, s->across);
    dates_row(s->dob, l, x, from, n, s->odds);
    numbers_row(s->phone, l->phone, l->ends, x.phone, x.ends, from, n, s->odds);
    numbers_row(s->document, l->document, l->ends, x.document, x.ends, from, n, s->odds);
    if (s->others || x.middle)
        rest_row(s, x, from, n, s->odds, s->pass);
    cities_row(s->address.to_city, &l->city, x.city, from, n, s->likeness, s->alike);
    places_row(s->address, l, x, s->alike, from, n, s->places);
    reach_row(s, x.last.id == 0, from, n);
}

#ifdef __x86_64__
__attribute__((target("avx2"))) static void row_of_eights(Sieve *s, const Row *x, guint from)
{
    row_made(s, x, from);
}
#endif

static void row_of_any(Sieve *s, const Row *x, guint from)
{
    row_made(s, x, from);
}

void sieve_row(Sieve *s, const Row *x, guint from)
{
#ifdef __x86_64__
    if (s->eight) {
        row_of_eights(s, x, from);
        return;
    }
#endif
    row_of_any(s, x, from);
}
