/*
 * Records drawn at random that are hostile to a run: few names, few numbers, one door for many,
 * repeated cases, damaged and missing cells. Synthetic.
 */
#ifndef TESTS_UNIT_RUN_DRAWN_H
#define TESTS_UNIT_RUN_DRAWN_H

#include <glib.h>

#include "engine/record/record.h"

static GRand *dice;

static guint roll(guint n)
{
    return (guint)g_rand_int_range(dice, 0, (gint32)n);
}

static gboolean chance(guint percent)
{
    return roll(100) < percent;
}

#define PICK(array) ((array)[roll(G_N_ELEMENTS(array))])

static void set(Record *record, Field field, const char *format, ...) G_GNUC_PRINTF(3, 4);

static void set(Record *record, Field field, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    record_take(record, field, g_strdup_vprintf(format, arguments));
    va_end(arguments);
}

/* Few numbers in runs; some damaged, some in part, some gone. */
static void give_serial(Record *record)
{
    g_autofree char *text = g_strdup_printf("%s%05u", chance(50) ? "TIU" : "KWB", 58200 + roll(60));
    if (chance(12))
        text[3 + roll(5)] = (char)('0' + roll(10));
    else if (chance(10))
        text[roll(8)] = '?';
    else if (chance(6))
        g_stpcpy(text, chance(50) ? "?????" : "NSN");
    Serial read = serial_parse(text, NULL);
    set(record, FIELD_SERIAL_NUMBER, "%s", text);
    set(record, FIELD_SERIAL_KIND, "%s", serial_kind_name(read.kind));
    record_take(record, FIELD_SERIAL_PATTERN, serial_pattern(&read));
    record_take(record, FIELD_SERIAL_CANONICAL, serial_canonical(&read));
    set(record, FIELD_MAKE, "%s", chance(80) ? "TAURUS" : "GLOCK");
    set(record, FIELD_MODEL, "%s", chance(70) ? "G2C" : "19");
    set(record, FIELD_CALIBRE, "%s", chance(80) ? "9MM" : "40SW");
    set(record, FIELD_FIREARM_TYPE, "%s", chance(75) ? "PISTOL_SEMI" : "RIFLE");
}

static void give_person(Record *record, const char *role)
{
    static const char *const last[] = {"SMITH", "SMYTH", "OYELARAN", "TREMBLAY", "NGUYEN"};
    static const char *const first[] = {"JOHN", "JON", "MARIE", "ADE", "WILLIAM", "BILL"};
    static const char *const street[] = {"12 MAIN ST", "14 MAIN ST", "900 KING ST W", "7 OAK AVE"};
    Mention *mention = record_mention(record, role);
    const char *door = PICK(street);
    mention_take(mention, MENTION_LAST, g_strdup(PICK(last)));
    mention_take(mention, MENTION_FIRST, g_strdup(PICK(first)));
    if (chance(80))
        mention_take(mention, MENTION_DOB,
                     g_strdup_printf("19%u-0%u-1%u", 70 + roll(3), 1 + roll(3), roll(4)));
    if (chance(70)) {
        mention_take(mention, MENTION_STREET, g_strdup(door));
        mention_take(mention, MENTION_CITY, g_strdup(chance(50) ? "TOLEDO" : "WINDSOR"));
        mention_take(mention, MENTION_REGION, g_strdup("OH"));
        mention_take(mention, MENTION_ADDRESS_KEY,
                     address_key(door, mention->value[MENTION_CITY], "OH", NULL));
    }
    if (chance(20)) {
        mention_take(mention, MENTION_DOC_TYPE, g_strdup("DL"));
        mention_take(mention, MENTION_DOC_NO, g_strdup_printf("OH55%u", 100 + roll(20)));
        mention_take(mention, MENTION_DOC_ISSUER, g_strdup("OH"));
    }
}

static void give_words(Record *record)
{
    static const char *const words[] = {"polymer 80 PF940C frame, no s/n", "1 kg cocaine seized",
                                        "serial ground off", "glock switch in the parcel"};
    if (chance(15))
        set(record, FIELD_NARRATIVE, "%s", PICK(words));
}

/* Stolen, suspected, sold to an agency: what few records say. */
static void tell_otherwise(Record *record)
{
    if (chance(8)) {
        set(record, FIELD_EVENT_TYPE, "%s", chance(50) ? "STOLEN" : "LOST");
    } else if (chance(8)) {
        set(record, FIELD_DISPOSITION, "SUS");
        set(record, FIELD_REQUEST_DATE, "2023-0%u-05", 1 + roll(9));
    } else if (chance(20)) {
        set(record, FIELD_DISPOSITION, "%s", chance(50) ? "GOV" : "TD");
    }
    if (chance(15))
        set(record, FIELD_MULTIPLE_SALE, "Y");
    if (chance(25))
        give_person(record, "associate");
}

static Record *trace(guint number)
{
    static const char *const dash[] = {"-", " ", "\342\200\223"}; /* one number all the same */
    Record *record = record_new("atf-trace");
    record->ref = g_strdup_printf("atf-trace:T%u", number);
    set(record, FIELD_TRACE_NO, "T%u", number);
    give_serial(record);
    set(record, FIELD_EVENT_TYPE, "RECOVERED");
    set(record, FIELD_EVENT_DATE, "2023-0%u-1%u", 1 + roll(9), roll(10));
    set(record, FIELD_EVENT_COUNTRY, "%s", chance(40) ? "CAN" : "USA");
    set(record, FIELD_PURCHASE_DATE, "2022-0%u-1%u", 1 + roll(9), roll(10));
    guint dealer = roll(3);
    set(record, FIELD_RDS_KEY, "2710471%u", dealer);
    set(record, FIELD_FFL_STATE, "%s", dealer ? "OH" : "TX");
    set(record, FIELD_FFL_TYPE, "0%u", 1 + roll(3));
    tell_otherwise(record);
    if (chance(20))
        set(record, FIELD_AGENCY_CASE_NO, "4531%s23-01%u", dash[number % G_N_ELEMENTS(dash)],
            40 + roll(9));
    if (chance(5))
        set(record, FIELD_DUPLICATE_OF, "T%u", roll(100));
    give_person(record, "purchaser");
    if (chance(60))
        give_person(record, "possessor");
    give_words(record);
    return record;
}

static Record *seizure(guint number)
{
    Record *record = record_new("cbsa-seizure");
    guint seizure_no = 140 + number / 3;
    record->ref = g_strdup_printf("cbsa-seizure:4531-23-0%u/%u", seizure_no, number % 3 + 1);
    set(record, FIELD_SEIZURE_NO, "4531-23-0%u", seizure_no);
    set(record, FIELD_ITEM_NO, "%u", number % 3 + 1);
    give_serial(record);
    set(record, FIELD_EVENT_TYPE, "SEIZED");
    set(record, FIELD_EVENT_DATE, "2023-0%u-2%u", 1 + roll(9), roll(9));
    set(record, FIELD_EVENT_COUNTRY, "CAN");
    set(record, FIELD_COMMODITY, "FIREARM");
    set(record, FIELD_MODE, "%s", chance(50) ? "HIGHWAY" : "POSTAL");
    if (chance(20))
        set(record, FIELD_TRACE_NO, "T%u", roll(100));
    if (chance(25)) {
        set(record, FIELD_VEHICLE_PLATE, "HVN%u", 100 + roll(4));
        if (chance(60))
            set(record, FIELD_VEHICLE_REGION, "%s", chance(80) ? "OH" : "MI");
    }
    if (chance(20))
        set(record, FIELD_TRACKING_NO, "LZ00%uUS", 100 + roll(5));
    give_person(record, chance(60) ? "traveller" : "consignee");
    give_words(record);
    return record;
}

#endif
