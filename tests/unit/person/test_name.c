/*
 * Names in one cell, placeholders, address keys: what the loaders and the store build upon.
 */
#include "engine/person/person.h"

#include <unistd.h>

#include "engine/base/error.h"
#include "engine/person/address.h"
#include "engine/person/model.h"
#include "engine/person/words.h"
#include "tests/unit/folder.h"
#include "tests/unit/person/crowd.h"
#include "tests/unit/suite.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const char *cell;
    gboolean organisation;
    const char *last, *first, *middle, *suffix;
} NameCase;

static const NameCase names[] = {
    {"John Smith", FALSE, "SMITH", "JOHN", NULL, NULL},
    {"SMITH, John", FALSE, "SMITH", "JOHN", NULL, NULL},
    {"Smith, John Paul Jr.", FALSE, "SMITH", "JOHN", "PAUL", "JR"},
    {"John Q. Public", FALSE, "PUBLIC", "JOHN", "Q", NULL},
    {"TREMBLAY Jean-Pierre", FALSE, "TREMBLAY", "JEAN-PIERRE", NULL, NULL},
    {"Jean-Pierre Tremblay", FALSE, "TREMBLAY", "JEAN-PIERRE", NULL, NULL},
    {"Émilie Côté-Lévesque", FALSE, "COTE-LEVESQUE", "EMILIE", NULL, NULL},
    {"Maria de la Cruz", FALSE, "DE LA CRUZ", "MARIA", NULL, NULL},
    {"Jan van der Berg", FALSE, "VAN DER BERG", "JAN", NULL, NULL},
    {"Mr. Patrick O'Brien", FALSE, "OBRIEN", "PATRICK", NULL, NULL},
    {"Madonna", FALSE, "MADONNA", NULL, NULL, NULL},
    {"Robert (Bob) Jones III", FALSE, "JONES", "ROBERT", NULL, "III"},
    {"Smith, Jr", FALSE, "SMITH", NULL, NULL, "JR"},
    {"Jan van der Berg, Jr", FALSE, "VAN DER BERG", "JAN", NULL, "JR"},
    {"-, Jr", FALSE, NULL, NULL, NULL, "JR"},
    {"Acme Trading Inc.", TRUE, "Acme Trading Inc.", NULL, NULL, NULL},
    {"ACME TRADING, INC", TRUE, "ACME TRADING, INC", NULL, NULL, NULL},
    {"Les Importations Dubé Ltée", TRUE, "Les Importations Dubé Ltée", NULL, NULL, NULL},
    {"9123-4567 Québec inc.", TRUE, "9123-4567 Québec inc.", NULL, NULL, NULL},
    {"Smith & Sons", TRUE, "Smith & Sons", NULL, NULL, NULL},
    {"王杰", FALSE, "王", "杰", NULL, NULL},
    {"欧阳文杰", FALSE, "欧阳", "文杰", NULL, NULL},
    {"山田 太郎 Inc", TRUE, "山田 太郎 Inc", NULL, NULL, NULL},
    {"TELLWICK, BRAM (DOB 1980-01-02)", FALSE, "TELLWICK", "BRAM", NULL, NULL},
    {"Acme (1998) Trading", TRUE, "Acme (1998) Trading", NULL, NULL, NULL},
    {"9123 (Québec)", TRUE, "9123 (Québec)", NULL, NULL, NULL},
    {"John Co", FALSE, "CO", "JOHN", NULL, NULL},
    {"  ", FALSE, NULL, NULL, NULL, NULL},
};

static void same_text(const char *cell, const char *got, const char *want)
{
    ck_assert_msg(g_strcmp0(got, want) == 0, "'%s': got '%s', want '%s'", cell,
                  got ? got : "(none)", want ? want : "(none)");
}

START_TEST(name_cells)
{
    const NameCase *row = &names[_i];
    PersonName name = person_name_parse(row->cell);
    ck_assert_msg(name.organisation == row->organisation, "'%s'", row->cell);
    same_text(row->cell, name.last, row->last);
    same_text(row->cell, name.first, row->first);
    same_text(row->cell, name.middle, row->middle);
    same_text(row->cell, name.suffix, row->suffix);
    person_name_clear(&name);
}
END_TEST

/* Several people in one cell are as many; a firm of names, or what may be one, is none of them. */
START_TEST(names_split)
{
    static const struct {
        const char *cell, *names;
    } table[] = {{"John Smith; Mary Jones", "John Smith|Mary Jones"},
                 {"SMITH, JOHN; Roe, Ann ; Ben Roe", "SMITH, JOHN|Roe, Ann|Ben Roe"},
                 {"SMITH, JOHN & MARY", "SMITH, JOHN|SMITH, MARY"},
                 {"Smith, John and Mary", "SMITH, JOHN|SMITH, MARY"},
                 {"Tremblay, Jean et Michel", "TREMBLAY, JEAN|TREMBLAY, MICHEL"},
                 {"John Smith", NULL},
                 {"SMITH, JOHN", NULL},
                 {"John Smith; Acme Trading Inc", NULL},
                 {"Smith & Sons", NULL},
                 {"DEWEY, CHEATHAM & HOWE", NULL},
                 {"A; B", NULL},
                 {"John Smith; Mary Jones;", "John Smith|Mary Jones"},
                 {"SINGH, GURPREET; KAUR, HARJIT", "SINGH, GURPREET|KAUR, HARJIT"},
                 {"DE LA CRUZ, JOSE & MARIA", "DE LA CRUZ, JOSE|DE LA CRUZ, MARIA"},
                 {"Smith-Roe, John & Mary", "SMITH-ROE, JOHN|SMITH-ROE, MARY"},
                 {"DE LA CRUZ; JOSE M", NULL},
                 {"SMITH, JOHN; no fixed address", NULL},
                 {"SMITH, JOHN; Toronto, ON", NULL},
                 {"SMITH, JOHN; aka Johnny Brown", NULL},
                 {"SMITH, JOHN; c/o Mary Jones", NULL},
                 {"John Smith; Hells Angels", NULL},
                 {"Smith Family Trust, John & Mary", NULL},
                 {"Estate of Smith, John & Mary", NULL},
                 {"", NULL}};

    g_autoptr(PersonModel) model = person_model_load("rules", NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_auto(GStrv) split = person_names_split(model, table[i].cell);
        g_autofree char *joined = split ? g_strjoinv("|", split) : NULL;
        same_text(table[i].cell, joined, table[i].names);
    }
}
END_TEST

START_TEST(surname_keys)
{
    static const char *const table[][2] = {{"Kruger", "KRUGER"},
                                           {"Krüger, Jr", "KRUGER"},
                                           {"KRUGER JR.", "KRUGER"},
                                           {"KRUGER III", "KRUGER"},
                                           {"van der Berg Sr", "VANDERBERG"},
                                           {"O'Brien", "OBRIEN"},
                                           {"Junior", "JUNIOR"},
                                           {"Adams V", "ADAMSV"},
                                           {"-", ""}};

    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autofree char *key = person_surname_key(table[i][0]);
        same_text(table[i][0], key, table[i][1]);
    }
}
END_TEST

static const struct {
    const char *street, *city, *region, *postal, *key;
} addresses[] = {
    {"12 Main Street Apt 4, Windsor ON", NULL, NULL, NULL, "12 MAIN ST #4|WINDSOR|ON"},
    {"12 MAIN ST #4", "Windsor", "ON", NULL, "12 MAIN ST #4|WINDSOR|ON"},
    {"4-12 Main St", "WINDSOR", "Ontario", "N9A 1A1", "12 MAIN ST #4|WINDSOR|ON"},
    {"12 Main St., Unit 4", "Windsor", "ON", NULL, "12 MAIN ST #4|WINDSOR|ON"},
    {"Unit 4 - 12 Main St", "Windsor", "ON", NULL, "12 MAIN ST #4|WINDSOR|ON"},
    {"12 Main Street Apt 4, Windsor, ON N9A 1A1, Canada", NULL, NULL, NULL,
     "12 MAIN ST #4|WINDSOR|ON"},
    {"12, rue Principale, app. 4", "Saint-Jérôme", "QC", NULL,
     "12 PRINCIPALE ST #4|SAINT JEROME|QC"},
    {"12 rue Principale #4", "St-Jérôme", "Québec", NULL, "12 PRINCIPALE ST #4|SAINT JEROME|QC"},
    {"12, rue Principale, app. 4, St-Jérôme (Québec) J7Y 1A1", NULL, NULL, NULL,
     "12 PRINCIPALE ST #4|SAINT JEROME|QC"},
    {"D-12 Main St", "Windsor", "ON", NULL, "12 MAIN ST #D|WINDSOR|ON"},
    {"12 Main St. Unit D", "Windsor", "ON", NULL, "12 MAIN ST #D|WINDSOR|ON"},
    {"Unit D, 12 Main St", "Windsor", "ON", NULL, "12 MAIN ST #D|WINDSOR|ON"},
    {"PH2-12 Main St", "Windsor", "ON", NULL, "12 MAIN ST #PH2|WINDSOR|ON"},
    {"4-12 Broadway", "Windsor", "ON", NULL, "12 BROADWAY #4|WINDSOR|ON"},
    {"45-12 Main St", "Queens", "NY", NULL, "45-12 MAIN ST|QUEENS|NY"},
    {"100 N 5th Ave", "Phoenix", "AZ", NULL, "100 5 AVE N|PHOENIX|AZ"},
    {"100 Fifth Avenue North", "PHOENIX", "Arizona", NULL, "100 5 AVE N|PHOENIX|AZ"},
    {"22 St Clair Ave W", "Toronto", "ON", NULL, "22 SAINT CLAIR AVE W|TORONTO|ON"},
    {"200 Elm Rd Ste 300", "Dallas", "TX", "75201-1234", "200 ELM RD #300|DALLAS|TX"},
    {"123 Main Street, Las Vegas NV 89132", NULL, NULL, NULL, "123 MAIN ST|LAS VEGAS|NV"},
    {"123 Main Street, Las Vegas, NV, 89132", NULL, NULL, NULL, "123 MAIN ST|LAS VEGAS|NV"},
    {"123 Main Street, Las Vegas, NV, 89132-1234, United States", NULL, NULL, NULL,
     "123 MAIN ST|LAS VEGAS|NV"},
    {"123 Main Street, Las Vegas, 89132", NULL, NULL, NULL, "123 MAIN ST|LAS VEGAS|"},
    {"18 Danver Place, Leicester, LE11 1UU, United Kingdom", NULL, NULL, NULL,
     "18 DANVER PL|LEICESTER|"},
    {"18 Danver Place, Leicester, United Kingdom, LE11 1UU", NULL, NULL, NULL,
     "18 DANVER PL|LEICESTER|"},
    {"Hardenbergstraße 87", NULL, NULL, "66879", "87 HARDENBERGSTRASSE|66879|"},
    {"Hardenbergstr. 87b", "Mainz", NULL, NULL, "87B HARDENBERGSTRASSE|MAINZ|"},
    {"Ansbacher Strasse 23, 56422 Dusseldorf", NULL, NULL, NULL, "23 ANSBACHER ST|DUSSELDORF|"},
    {"23 Ansbacher Street", "Dusseldorf", NULL, "56422", "23 ANSBACHER ST|DUSSELDORF|"},
    {"Fieldstrasse 10, FL-2198 Triesen, Liechtenstein", NULL, NULL, NULL,
     "10 FIELDSTRASSE|TRIESEN|"},
    {"133 New Bridge Road, 059413 Singapore", NULL, NULL, NULL, "133 NEW BRIDGE RD|SINGAPORE|"},
    {"#01-11, Hill House, 4 Hillview Rise", "Singapore", NULL, NULL,
     "4 HILLVIEW RISE #01-11|SINGAPORE|"},
    {"18 Kaiserdamm 5", "Mainz", NULL, NULL, "18 KAISERDAMM 5|MAINZ|"},
    {"100 Main St Ste AB", "Toledo", "OH", NULL, "100 MAIN ST #AB|TOLEDO|OH"},
    {"100 Ste Anne St", "Toledo", "OH", NULL, "100 SAINTE ANNE ST|TOLEDO|OH"},
    {"Highway 63", "Toledo", "OH", NULL, NULL},
    {"Street 128", "Phnom Penh", NULL, NULL, NULL},
    {"RR 3", "Windsor", "ON", NULL, NULL},
    {"Rang 4", "Laval", "QC", NULL, NULL},
    {"Skyline Apartments 705 Sheppard Ave", "Toronto", "ON", NULL, "705 SHEPPARD AVE|TORONTO|ON"},
    {"Rue du 11 Novembre", "Laval", "QC", NULL, NULL},
    {"PO Box 12", "Windsor", "ON", NULL, NULL},
    {"P.O. Box 77, Toledo OH", NULL, NULL, NULL, NULL},
    {"C.P. 120, succ. Centre-ville", "Montréal", "QC", NULL, NULL},
    {"General Delivery", "Detroit", "MI", NULL, NULL},
    {"Main Street", "Windsor", "ON", NULL, NULL},
    {"", "Windsor", "ON", NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

START_TEST(address_keys)
{
    g_autofree char *key = address_key(addresses[_i].street, addresses[_i].city,
                                       addresses[_i].region, addresses[_i].postal);
    same_text(addresses[_i].street, key, addresses[_i].key);
}
END_TEST

/* A box has its number for a house; what is none is not taken for one. */
START_TEST(boxes)
{
    static const struct {
        const char *cell, *number;
        gboolean box;
    } rows[] = {{"PO Box 12", "12", TRUE},
                {"C.P. 120, succ. Centre-ville", "120", TRUE},
                {"C.P. Rosemont", "", FALSE},
                {"General Delivery", "", TRUE}};
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        Address a;
        address_place(&a, "Laval", "QC", NULL);
        address_street(&a, rows[i].cell);
        ck_assert_msg(a.box == rows[i].box, "%s", rows[i].cell);
        ck_assert_msg(strcmp(a.house, rows[i].number) == 0, "%s: %s", rows[i].cell, a.house);
    }
}
END_TEST

/* No home of one household; a road that is called by one is none of them. */
START_TEST(houses_of_many)
{
    static const struct {
        const char *cell;
        gboolean shared;
    } rows[] = {{"12 Prison", TRUE}, {"12 Prison Rd", FALSE}, {"12 Main St", FALSE}};
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        Address a;
        address_place(&a, "Laval", "QC", NULL);
        address_street(&a, rows[i].cell);
        ck_assert_msg(a.shared == rows[i].shared, "%s", rows[i].cell);
    }
}
END_TEST

static const char *const placeholders[] = {"UNKNOWN",
                                           "Found Property",
                                           "Inconnu",
                                           "Doe",
                                           "John Doe",
                                           "DOE, JANE",
                                           "N/A",
                                           "?",
                                           "---",
                                           "UNK",
                                           "Unknown Unknown",
                                           "baby girl Doe",
                                           "Biens trouvés",
                                           "FNU LNU",
                                           "TBA",
                                           "Customer",
                                           "See narrative",
                                           "Pas de nom",
                                           "Désconocido",
                                           "Jeune contrevenant",
                                           "same as above"};
static const char *const real_names[] = {
    "Smith",  "John",        "Na",           "Dubois",      "Unknowles",   "Maxwell Doerr",
    "Girl",   "Michael Doe", "Boyd",         "李",          "Driver",      "Minor",
    "Person", "John Driver", "Halsey Minor", "Anna Person", "Owner, Jane", "Tbay"};

START_TEST(placeholder_names)
{
    g_autoptr(PersonModel) model = model_load();
    for (guint i = 0; i < G_N_ELEMENTS(placeholders); i++)
        ck_assert_msg(person_is_placeholder(model, placeholders[i]), "%s", placeholders[i]);
    for (guint i = 0; i < G_N_ELEMENTS(real_names); i++)
        ck_assert_msg(!person_is_placeholder(model, real_names[i]), "%s", real_names[i]);
    ck_assert(!person_is_placeholder(model, NULL));
    ck_assert(!person_is_placeholder(model, " "));
}
END_TEST

/* Twins are often named alike: such names are two, in either order; spellings of one name are not.
 */
START_TEST(names_of_twins)
{
    static const char *const two[][2] = {
        {"WARREN", "DARREN"}, {"RONALD", "DONALD"}, {"BRIAN", "RYAN"}, {"KEVIN", "DEVIN"}};
    static const char *const one[][2] = {
        {"CALEB", "KALEB"}, {"JON", "JOHN"}, {"JADEN", "JAYDEN"}, {"DARREN", "DARREN"}};
    g_autoptr(PersonModel) model = model_load();
    for (guint i = 0; i < G_N_ELEMENTS(two); i++) {
        ck_assert_msg(names_are_two(model, two[i][0], two[i][1]), "%s", two[i][0]);
        ck_assert_msg(names_are_two(model, two[i][1], two[i][0]), "%s", two[i][0]);
    }
    for (guint i = 0; i < G_N_ELEMENTS(one); i++)
        ck_assert_msg(!names_are_two(model, one[i][0], one[i][1]), "%s", one[i][0]);
}
END_TEST

/* The letters that those begin with whom a name is short for, or who are called so. */
START_TEST(nicknames_begin)
{
    g_autoptr(PersonModel) model = model_load();
    static const char *const of[] = {"ROBERT", "MARGARET", "BILL"};
    static const char *const letters[] = {"BR", "MP", "BW"};
    for (guint i = 0; i < G_N_ELEMENTS(of); i++) {
        for (const char *letter = letters[i]; *letter; letter++)
            ck_assert_msg(nickname_starts(model, of[i], *letter), "%s %c", of[i], *letter);
        ck_assert_msg(!nickname_starts(model, of[i], 'A'), "%s", of[i]);
        ck_assert_msg(!nickname_starts(model, of[i], 'Z'), "%s", of[i]);
    }
    ck_assert(!nickname_starts(model, "XQZWV", 'A'));
}
END_TEST

/* Every pair of parts that makes a placeholder is made of parts that could. */
START_TEST(placeholder_parts)
{
    static const char *const parts[] = {
        "FOUND", "PROPERTY", "UNKNOWN", "JOHN",    "DOE",     "Smith", "N/A",   "---",
        "123",   "MR",       "NAME",    "INCONNU", "O'Brien", "NOT",   "GIVEN", "Tremblay"};
    g_autoptr(PersonModel) model = model_load();
    guint made = 0;
    for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
        for (guint j = 0; j < G_N_ELEMENTS(parts); j++) {
            g_autofree char *whole = g_strconcat(parts[i], " ", parts[j], NULL);
            gboolean could = (person_is_placeholder(model, parts[i]) ||
                              person_may_be_placeholder(model, parts[i])) &&
                             (person_is_placeholder(model, parts[j]) ||
                              person_may_be_placeholder(model, parts[j]));
            gboolean is = person_is_placeholder(model, whole);
            ck_assert_msg(!is || could, "%s", whole);
            made += is;
        }
    }
    ck_assert_uint_gt(made, 10);
    ck_assert(!person_may_be_placeholder(model, "Smith"));
    ck_assert(!person_may_be_placeholder(model, "O'Brien"));
}
END_TEST

/* What is passed over at a glance is neither a placeholder nor a part of one. */
START_TEST(plain_words)
{
    g_autoptr(PersonModel) model = model_load();
    g_autofree char *table = NULL;
    guint plain = 0, others = 0;
    ck_assert(g_file_get_contents("rules/tables/placeholders.csv", &table, NULL, NULL));
    g_autofree char *all =
        g_strconcat("SMITH, Smith, O'BRIEN, ÉMILE, 123, -, X, , DUBOIS,", table, NULL);
    g_auto(GStrv) words = g_strsplit_set(all, ", \n", -1);
    for (char **word = words; *word; word++) {
        gboolean is = person_is_plain_word(model, *word);
        ck_assert_msg(!is || (!person_is_placeholder(model, *word) &&
                              !person_may_be_placeholder(model, *word)),
                      "%s", *word);
        plain += is;
        others += !is;
    }
    ck_assert_uint_ge(plain, 2);
    ck_assert_uint_gt(others, 20);
}
END_TEST

START_TEST(model_missing)
{
    g_autoptr(GError) error = NULL;
    ck_assert_ptr_null(person_model_load("tests/no-such-rules", &error));
    ck_assert_ptr_nonnull(error);
}
END_TEST

/* Weights may be taken as they are shipped: nothing is estimated then. */
START_TEST(model_without_rounds)
{
    g_autofree char *text = NULL, *folder = folder_new();
    g_autofree char *path = g_build_filename(folder, "person.ini", NULL);
    ck_assert(g_file_get_contents("rules/person.ini", &text, NULL, NULL));
    g_auto(GStrv) parts = g_strsplit(text, "\nrounds = ", 2);
    g_autofree char *none = g_strconcat(parts[0], "\nrounds = 0", strchr(parts[1], '\n'), NULL);
    g_autofree char *tables = g_canonicalize_filename("rules/tables", NULL);
    g_autofree char *link = g_build_filename(folder, "tables", NULL);
    ck_assert(symlink(tables, link) == 0 && g_file_set_contents(path, none, -1, NULL));
    g_autoptr(GError) error = NULL;
    g_autoptr(PersonModel) model = person_model_load(folder, &error);
    ck_assert_msg(model != NULL, "%s", error ? error->message : "");
    folder_remove(g_steal_pointer(&folder));
}
END_TEST

#define WORD(text, kind, canonical) {text, WORD_##kind},
static const struct {
    const char *text;
    WordKind kind;
} all_words[] = {
#include "engine/person/words_name.def"
#include "engine/person/words_place.def"
};
#undef WORD

START_TEST(words_found)
{
    for (guint i = 0; i < G_N_ELEMENTS(all_words); i++)
        ck_assert_msg(word_find(all_words[i].kind, all_words[i].text) != NULL, "%s",
                      all_words[i].text);
    ck_assert_ptr_null(word_find(WORD_ORG, "SMITH"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("person/name");
    TCase *tcase = tcase_create("all");
    tcase_add_loop_test(tcase, name_cells, 0, G_N_ELEMENTS(names));
    tcase_add_loop_test(tcase, address_keys, 0, G_N_ELEMENTS(addresses));
    tcase_add_test(tcase, names_split);
    tcase_add_test(tcase, surname_keys);
    tcase_add_test(tcase, boxes);
    tcase_add_test(tcase, houses_of_many);
    tcase_add_test(tcase, placeholder_names);
    tcase_add_test(tcase, names_of_twins);
    tcase_add_test(tcase, nicknames_begin);
    tcase_add_test(tcase, placeholder_parts);
    tcase_add_test(tcase, plain_words);
    tcase_add_test(tcase, model_missing);
    tcase_add_test(tcase, model_without_rounds);
    tcase_add_test(tcase, words_found);
    suite_add_tcase(suite, tcase);
    return suite_run_here(suite);
}
