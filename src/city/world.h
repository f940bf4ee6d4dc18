/* world.h - a Chinese city that does not exist: districts, a river, streets, organisations, units, residents.
 * All of it drawn from one seed, so that the same seed is the same city. Nobody in it is real: identity
 * numbers begin with 99, phone numbers with 12, and no code of a real place is used. */
#pragma once
#include "base/chance.h"
#include "base/geo.h"
#include "loop/case/case.h"

#define WORLD_AREAS 6

typedef struct {
    char *name;
    BasePoint from, to;
    int area; /* index of the district its middle lies in */
    gboolean major;
} WorldStreet;

typedef struct {
    char id[16], name[64], skill[16];
    char org[16];
    BasePoint at;
} WorldUnit;

typedef struct {
    const char *id, *name;
    const char *area; /* "" for the whole city */
    const char *kind; /* police, fire, medical, department, centre */
} WorldOrg;

typedef struct World World;
World *world_new(guint64 seed, guint crews); /* crews: how many times the ordinary 63 units, 1..10 */
void world_free(World *world);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(World, world_free)

/* Put the city's middle there, streets and units and all: its people then work on signals from elsewhere. */
void world_move(World *world, BasePoint middle);
const char *world_area_id(int area);   /* "A1" .. "A6" */
const char *world_area_name(int area); /* 中心城区 ... */
const WorldOrg *world_orgs(gsize *n);
const WorldUnit *world_units(const World *world, gsize *n);
const WorldStreet *world_streets(const World *world, gsize *n);
/* A point on a street and its address ("梧桐路128号"), drawn; busy places more often. */
void world_place(const World *world, BaseChance *chance, BasePoint *at, int *area, char address[96]);
/* An invented person: a name, and a phone number with prefix 12. */
void world_person(BaseChance *chance, char name[32], char phone[12]);
/* Districts, river and streets as GeoJSON, for the console's map; caller frees. */
char *world_geojson(const World *world);
/* Put organisations and units into the store, inside a write job. */
gboolean world_settle(const World *world, CaseRoom *room, StoreConn *conn, gint64 now, GError **error);
