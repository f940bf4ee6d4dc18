/* geo.c - haversine: stable for small distances, which are the ones that decide who goes. */
#include "base/geo.h"
#include <math.h>

static double radians(double degrees)
{
    return degrees * (G_PI / 180);
}

double base_geo_distance(BasePoint a, BasePoint b)
{
    double half_lat = sin(radians(b.lat - a.lat) / 2), half_lon = sin(radians(b.lon - a.lon) / 2);
    double h = half_lat * half_lat + cos(radians(a.lat)) * cos(radians(b.lat)) * half_lon * half_lon;
    return 2 * BASE_EARTH_RADIUS_M * asin(sqrt(MIN(h, 1)));
}

gboolean base_geo_sound(BasePoint p)
{
    return isfinite(p.lat) && isfinite(p.lon) && fabs(p.lat) <= 90 && fabs(p.lon) <= 180 &&
           (p.lat != 0 || p.lon != 0);
}
