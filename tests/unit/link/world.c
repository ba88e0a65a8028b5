/*
 * A small synthetic population, with truth: makers that number in runs, half of the seizures
 * without a trace, a third of the others damaged. All of it is synthetic and seeded.
 */
#include "tests/unit/link/world.h"

#include <check.h>
#include <math.h>
#include <string.h>

typedef struct {
    const char *make, *model, *calibre, *type, *form;
    guint share, run;
} Maker;

static const Maker MAKERS[] = {
    {"GLOCK", "19", "9MM", "PISTOL_SEMI", "%c%c%c%c%03u", 25, 1000},
    {"GLOCK", "22", "40SW", "PISTOL_SEMI", "%c%c%c%03u", 12, 1000},
    {"SMITH & WESSON", "M&P", "9MM", "PISTOL_SEMI", "H%c%c%04u", 15, 10000},
    {"TAURUS", "G2C", "9MM", "PISTOL_SEMI", "A%c%c%06u", 14, 1000000},
    {"STURM RUGER", "LCP", "380ACP", "PISTOL_SEMI", "371%c%06u", 10, 1000000},
    {"HI-POINT", "C9", "9MM", "PISTOL_SEMI", "P1%06u", 8, 1000000},
    {"SCCY", "CPX2", "9MM", "PISTOL_SEMI", "%06u", 6, 1000000},
    {"JIMENEZ", "JA9", "9MM", "PISTOL_SEMI", "%05u", 5, 100000},
    {"ANDERSON MFG", "AM15", "223/556", "FRAME_RECEIVER", "21%06u", 5, 1000000},
};

guint world_pick(World *world, guint n)
{
    return (guint)g_rand_int_range(world->rand, 0, (gint)n);
}

static const Maker *pick_maker(World *world)
{
    guint at = world_pick(world, 100);
    for (guint i = 0; i < G_N_ELEMENTS(MAKERS); i++) {
        if (at < MAKERS[i].share) {
            return &MAKERS[i];
        }
        at -= MAKERS[i].share;
    }
    return &MAKERS[0];
}

static char *any_serial(World *world, const Maker *maker)
{
    GString *out = g_string_new(NULL);
    for (const char *p = maker->form; *p != '\0'; p++) {
        if (*p != '%') {
            g_string_append_c(out, *p);
        } else if (p[1] == 'c') {
            g_string_append_c(out, "ABCDEFGH"[world_pick(world, 8)]);
            p++;
        } else {
            int width = p[2] - '0';
            g_string_append_printf(out, "%0*u", width, world_pick(world, maker->run));
            p += 3;
        }
    }
    return g_string_free(out, FALSE);
}

static char *new_serial(World *world, const Maker *maker)
{
    for (;;) {
        g_autofree char *serial = any_serial(world, maker);
        g_autofree char *key = g_strconcat(maker->make, serial, NULL);
        if (g_hash_table_add(world->used, g_string_chunk_insert_const(world->strings, key))) {
            return g_steal_pointer(&serial);
        }
    }
}

static char swapped(World *world, char c)
{
    static const char *const pairs = "0D1L5S8B2Z6GDQLISB";
    for (const char *p = pairs; *p != '\0' && world_pick(world, 3) > 0; p++) {
        if (*p == c) {
            return (p - pairs) % 2 == 0 ? p[1] : p[-1];
        }
    }
    return (char)(g_ascii_isdigit(c) ? '0' + (gint)world_pick(world, 10)
                                     : 'A' + (gint)world_pick(world, 26));
}

static void damage(World *world, GString *s)
{
    guint at = world_pick(world, (guint)s->len);
    switch (world_pick(world, 9)) {
    case 0:
    case 1:
    case 2:
        s->str[at] = swapped(world, s->str[at]);
        break;
    case 3:
        g_string_erase(s, at, 1);
        break;
    case 4:
        at = MIN(at, (guint)s->len - 2);
        char c = s->str[at];
        s->str[at] = s->str[at + 1];
        s->str[at + 1] = c;
        break;
    case 5:
        g_string_erase(s, 0, 2);
        break;
    case 6:
        s->str[at] = '?';
        s->str[world_pick(world, (guint)s->len)] = '?';
        break;
    case 7:
        g_string_erase(s, 0, (gssize)s->len - 4);
        g_string_prepend(s, "LAST FOUR ");
        break;
    default:
        g_string_insert_c(s, (gssize)at, "0123456789A"[world_pick(world, 11)]);
    }
}

static void add(World *world, FirearmSide side, const Maker *maker, const char *serial,
                guint identity)
{
    char ref[32];
    guint n = world->firearms->len;
    g_snprintf(ref, sizeof(ref), side == SIDE_TRACE ? "atf-trace:T%07u" : "cbsa-seizure:S-%06u/1",
               n);
    Serial read = serial_parse(serial, NULL);
    Firearm f = {.ref = g_string_chunk_insert(world->strings, ref),
                 .side = side,
                 .serial = serial_dup(&read),
                 .serial_raw = g_string_chunk_insert(world->strings, serial),
                 .make = maker->make,
                 .model = world_pick(world, 10) > 0 ? maker->model : NULL,
                 .calibre = world_pick(world, 50) > 0 ? maker->calibre : "45ACP",
                 .type = maker->type,
                 .event_date = DAY_NONE,
                 .purchase_date = DAY_NONE,
                 .request_date = DAY_NONE};
    if (side == SIDE_TRACE) {
        f.purchase_date = 16500 + (Day)world_pick(world, 2000);
    } else {
        f.event_date = 18500 + (Day)world_pick(world, 1000);
        f.event_country = "CAN";
        f.make = world_pick(world, 20) > 0 ? maker->make : NULL;
    }
    g_ptr_array_add(world->serials, (gpointer)f.serial);
    g_array_append_val(world->firearms, f);
    g_array_append_val(world->identity, identity);
}

static void add_seizure(World *world, const Maker *maker, const char *serial, guint identity)
{
    g_autoptr(GString) text = g_string_new(serial);
    if (world_pick(world, 3) == 0) {
        damage(world, text);
    }
    add(world, SIDE_SEIZURE, maker, text->str, identity);
}

void world_init(World *world, guint traces, guint seizures, guint32 seed)
{
    *world = (World){g_rand_new_with_seed(seed),
                     g_string_chunk_new(65536),
                     g_ptr_array_new_with_free_func(g_free),
                     g_array_new(FALSE, FALSE, sizeof(Firearm)),
                     g_array_new(FALSE, FALSE, sizeof(guint)),
                     g_hash_table_new(g_str_hash, g_str_equal)};
    guint left = seizures;
    for (guint i = 0; i < traces; i++) {
        const Maker *maker = pick_maker(world);
        g_autofree char *serial = new_serial(world, maker);
        add(world, SIDE_TRACE, maker, serial, i);
        if (left > seizures / 2 && world_pick(world, traces) < seizures) {
            add_seizure(world, maker, serial, i);
            left--;
        }
    }
    for (guint i = 0; i < left; i++) {
        const Maker *maker = pick_maker(world);
        g_autofree char *serial = new_serial(world, maker);
        add_seizure(world, maker, serial, traces + i);
    }
}

FirearmInput world_input(const World *world, const FirearmModel *model)
{
    return (FirearmInput){.model = model,
                          .firearms = (const Firearm *)(gconstpointer)world->firearms->data,
                          .n = world->firearms->len};
}

void world_doubt(World *world)
{
    for (guint i = 0; i < world->serials->len; i += 3) {
        Serial *serial = g_ptr_array_index(world->serials, i);
        serial->kind = i % 9 == 0 ? SERIAL_ALTERED : i % 9 == 3 ? SERIAL_RESTORED : SERIAL_PARTIAL;
    }
}

static void bear(World *world, Firearm *firearm, const char *pattern, SerialKind kind)
{
    Serial *serial = g_new0(Serial, 1);
    ck_assert(serial_from_pattern(pattern, kind, serial));
    g_ptr_array_add(world->serials, serial);
    firearm->serial = serial;
}

void world_read_in_part(World *world)
{
    for (guint i = 0; i < world->firearms->len; i++) {
        Firearm *firearm = &g_array_index(world->firearms, Firearm, i);
        g_autofree char *text = firearm->serial != NULL ? serial_pattern(firearm->serial) : NULL;
        gsize n = text != NULL ? strlen(text) : 0;
        if (n < 6 || world_pick(world, 4) > 0) {
            continue;
        }
        guint kind = world_pick(world, 3);
        g_autofree char *part = kind == 0   ? g_strconcat("*", text + 1, NULL)
                                : kind == 1 ? g_strconcat(text, "*", NULL)
                                            : g_strdup(text);
        if (kind == 1) {
            part[n - 1] = '*';
            part[n] = '\0';
        } else if (kind == 2) {
            part[n / 2] = '?';
        }
        bear(world, firearm, part, SERIAL_PARTIAL);
    }
}

void world_crowd(World *world)
{
    for (guint i = 0; i < world->firearms->len; i++) {
        Firearm *firearm = &g_array_index(world->firearms, Firearm, i);
        if (world_pick(world, 3) > 0) {
            continue;
        }
        guint number = world_pick(world, 1500), part = world_pick(world, 10);
        g_autofree char *text = part == 0   ? g_strdup_printf("*0%03u*", number % 1000)
                                : part == 1 ? g_strdup_printf("AB%03u*", number / 100)
                                            : g_strdup_printf("AB%05u", number);
        bear(world, firearm, text, part < 2 ? SERIAL_PARTIAL : SERIAL_FULL);
    }
}

void world_clear(World *world)
{
    g_rand_free(world->rand);
    g_string_chunk_free(world->strings);
    g_ptr_array_unref(world->serials);
    g_array_unref(world->firearms);
    g_array_unref(world->identity);
    g_hash_table_unref(world->used);
}
