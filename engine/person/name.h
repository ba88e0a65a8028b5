/*
 * What engine/person says of single cells: names taken apart and held against each other, what is
 * no name, and the key of an address. Part of person.h.
 */
#ifndef CROSSTRACE_PERSON_NAME_H
#define CROSSTRACE_PERSON_NAME_H

#include "engine/base/date.h"

typedef struct PersonModel PersonModel; /* rules/person.ini and its tables: person.h */

/* Is the name a placeholder (UNKNOWN, FOUND PROPERTY, INCONNU, DOE ...) that makes no mention? */
gboolean person_is_placeholder(const PersonModel *model, const char *name);
/* Could a name with this part be one? FALSE when a word of it stands in no placeholder. */
gboolean person_may_be_placeholder(const PersonModel *model, const char *part);

/* Is it one word in capital letters that no placeholder has? Then it is neither. */
gboolean person_is_plain_word(const PersonModel *model, const char *name);

/* How alike two whole names are, 0 to 1, whatever the order of their parts, spelling, script and
 * short forms; nothing but the names is known. From PERSON_NAMES_ALIKE on they may be one name. */
#define PERSON_NAMES_ALIKE 0.8
double person_names_alike(const PersonModel *model, const char *a, const char *b);
/* How the parts of a name sound, sorted, titles and particles left out: names that are alike often
 * share it, for grouping; g_free. NULL when there are none. */
char *person_name_key(const PersonModel *model, const char *name);

/* What two birth dates say for one person, by the start weights: 1 equal, less where day and month
 * changed places or a digit is wrong, 0 where they say nothing for it. Neither is DAY_NONE. */
double person_dates_alike(const PersonModel *model, Day a, Day b);

/* One cell with a whole name: "Given Surname", "SURNAME, Given" or an organisation (INC, LTEE,
 * recognised by its words). Strings are new (g_free), NULL when absent. */
typedef struct {
    gboolean organisation;
    char *last, *first, *middle, *suffix;
} PersonName;
PersonName person_name_parse(const char *cell);
void person_name_clear(PersonName *name);
/* The whole names in a cell of several people ("A B; C D", "SMITH, JOHN & MARY"); g_strfreev. NULL:
 * it is one person, an organisation, or may be either. */
char **person_names_split(const PersonModel *model, const char *cell);

/* Letters and digits of a surname without the suffix behind it: "Kruger, Jr" is KRUGER; g_free. */
char *person_surname_key(const char *last);

/* Key under which one street address is one place ("12 Main Street Apt 4" = "12 MAIN ST #4"):
 * house number, street, unit, city, region; NULL when there is no house number; g_free. */
char *address_key(const char *street, const char *city, const char *region, const char *postal);

#endif
