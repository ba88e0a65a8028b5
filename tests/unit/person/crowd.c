/*
 * The made-up crowd: people in households of one surname and one address, each mentioned a few
 * times with errors.
 */
#include "tests/unit/person/crowd.h"

#include <check.h>

typedef struct {
    const char *last, *first, *street, *city, *document, *phone;
    Day dob;
} Human;

static const char *const lasts[] = {"SMITH",  "JOHNSON", "OYELARAN",  "KOWALCZYK", "TREMBLAY",
                                    "NGUYEN", "GARCIA",  "ABERNATHY", "LEVESQUE",  "WISNIEWSKI"};
static const char *const firsts[] = {"JAMES", "ROBERT", "LUCAS", "MARIE", "ANNA", "TUNDE",
                                     "PETER", "MATEO",  "JEAN",  "SUSAN", "PAUL", "THANH"};
static const char *const streets[] = {"OAK RD", "MAIN ST", "ELM AVE", "RUE PRINCIPALE", "KING ST"};
static const char *const cities[] = {"TOLEDO", "DAYTON", "LAVAL", "DETROIT", "ATLANTA"};
#define PICK(rand, list) (list)[g_rand_int_range((rand), 0, G_N_ELEMENTS(list))]

static const char *keep(Crowd *c, char *text)
{
    const char *kept = g_string_chunk_insert(c->texts, text);
    g_free(text);
    return kept;
}

/* One letter changed, lost or doubled, now and then. */
static const char *slip(Crowd *c, GRand *rand, const char *text, double rate)
{
    if (!text || g_rand_double(rand) >= rate)
        return text;
    GString *out = g_string_new(text);
    guint at = (guint)g_rand_int_range(rand, 0, (gint)out->len);
    switch (g_rand_int_range(rand, 0, 3)) {
    case 0:
        out->str[at] = (char)('A' + g_rand_int_range(rand, 0, 26));
        break;
    case 1:
        g_string_erase(out, at, 1);
        break;
    default:
        g_string_insert_c(out, at, out->str[at]);
    }
    return keep(c, g_string_free(out, FALSE));
}

static const char *maybe(GRand *rand, const char *text, double rate)
{
    return g_rand_double(rand) < rate ? text : NULL;
}

static void human_init(Crowd *c, GRand *rand, Human *h, const Human *kin)
{
    h->last = kin ? kin->last
                  : keep(c, g_strdup_printf("%s%s", PICK(rand, lasts),
                                            g_rand_boolean(rand) ? "" : PICK(rand, firsts)));
    h->first = PICK(rand, firsts);
    h->street = kin ? kin->street
                    : keep(c, g_strdup_printf("%d %s", g_rand_int_range(rand, 1, 900),
                                              PICK(rand, streets)));
    h->city = kin ? kin->city : PICK(rand, cities);
    h->phone =
        kin ? kin->phone : keep(c, g_strdup_printf("555%07d", g_rand_int_range(rand, 0, 9999999)));
    h->document = keep(c, g_strdup_printf("D%07d", g_rand_int_range(rand, 0, 9999999)));
    h->dob = date_from_ymd(1950, 1, 1) + g_rand_int_range(rand, 0, 20000);
}

static void mention_init(Crowd *c, GRand *rand, PersonMention *m, const Human *h)
{
    m->role = "purchaser";
    m->last = slip(c, rand, h->last, 0.1);
    m->first = maybe(rand, slip(c, rand, h->first, 0.1), 0.97);
    m->dob = g_rand_double(rand) < 0.75 ? h->dob : DAY_NONE;
    if (m->dob != DAY_NONE && g_rand_double(rand) < 0.05)
        m->dob += g_rand_int_range(rand, -40, 40);
    if (g_rand_double(rand) < 0.7) {
        m->street = slip(c, rand, h->street, 0.05);
        m->city = h->city;
    }
    m->phone = maybe(rand, h->phone, 0.2);
    m->doc_no = maybe(rand, h->document, 0.2);
    m->doc_type = m->doc_no ? "DL" : NULL;
    m->doc_issuer = m->doc_no ? "OH" : NULL;
}

Crowd *crowd_new(guint n, guint seed)
{
    Crowd *c = g_new0(Crowd, 1);
    GRand *rand = g_rand_new_with_seed(seed);
    guint people = n / 2 + 1;
    g_autofree Human *humans = g_new0(Human, people);
    c->texts = g_string_chunk_new(4096);
    c->mentions = g_new0(PersonMention, n + 1);
    c->truth = g_new0(guint, n + 1);
    c->n = n;
    for (guint i = 0; i < people; i++)
        human_init(c, rand, &humans[i], i > 0 && g_rand_double(rand) < 0.4 ? &humans[i - 1] : NULL);
    for (guint i = 0; i < n; i++) {
        c->truth[i] = (guint)g_rand_int_range(rand, 0, (gint)people);
        mention_init(c, rand, &c->mentions[i], &humans[c->truth[i]]);
        c->mentions[i].ref = c->mentions[i].record =
            keep(c, g_strdup_printf("set:%08x-%u", g_rand_int(rand), i));
    }
    g_rand_free(rand);
    return c;
}

void crowd_bear(Crowd *c)
{
    for (guint i = 0; i < c->n; i++) {
        PersonMention *m = &c->mentions[i];
        g_autofree char *passport = g_strdup_printf("GA%06u", c->truth[i] * 7919 % 1000000);
        const char *no = m->doc_no ? m->doc_no : "";
        if (i % 3 != 0 && i % 5 != 0)
            continue;
        gboolean alone = i % 5 == 0, first = i % 2 == 0;
        m->doc_no = keep(c, alone   ? g_strdup(passport)
                            : first ? g_strconcat(passport, ";", no, NULL)
                                    : g_strconcat(no, " ; ", passport, NULL));
        m->doc_type = alone ? "PASSPORT" : first ? "PASSPORT;DL" : "DL;PASSPORT";
        m->doc_issuer = alone ? "USA" : first ? "USA;OH" : "OH;USA";
    }
}

void crowd_free(Crowd *c)
{
    if (!c)
        return;
    g_free(c->mentions);
    g_free(c->truth);
    g_string_chunk_free(c->texts);
    g_free(c);
}

PersonModel *model_load(void)
{
    g_autoptr(GError) error = NULL;
    PersonModel *model = person_model_load("rules", &error);
    ck_assert_msg(model != NULL, "%s", error ? error->message : "");
    return model;
}
