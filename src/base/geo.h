/* geo.h - points on the earth. Degrees WGS-84, distances in metres. */
#pragma once
#include <glib.h>

typedef struct {
    double lat, lon;
} BasePoint;

#define BASE_EARTH_RADIUS_M 6371008.8 /* mean radius, IUGG */

double base_geo_distance(BasePoint a, BasePoint b); /* great circle by the haversine formula */
gboolean base_geo_sound(BasePoint p);               /* finite, in range, and not 0,0 */
