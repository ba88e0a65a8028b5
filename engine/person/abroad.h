/*
 * Habits of addresses that neither Canada nor the United States have: the house number behind its
 * street, the postal code before its city. Private to the rooms of persons.
 */
#ifndef CROSSTRACE_PERSON_ABROAD_H
#define CROSSTRACE_PERSON_ABROAD_H

#include "engine/person/address.h"

/* Takes "56422 Dusseldorf" or "FL-2198 Triesen" and all behind it off a folded text in which a
 * house is said before; TRUE when it was there. Postal code and city stay where they are known. */
gboolean abroad_place(Address *address, char *text);

/* Takes the house number off the end of a street's words: "Hardenbergstrasse 87". For words that do
 * not begin with a number. */
void abroad_house(Address *address, Words *words);

#endif
