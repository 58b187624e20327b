"""What P.1812-8 says of one path: the loss and every intermediate value, by name."""

from dataclasses import dataclass

__all__ = ["Result"]


@dataclass(frozen=True, slots=True)
class Result:
    """Basic transmission loss of a path and its intermediate values.

    Equation numbers are those of P.1812-8. "Median" is the effective Earth radius exceeded half
    of the time, "β0" the one exceeded for β0 % of time. Angles in mrad, losses in dB.

    Parameters
    ----------
    loss_db
        Lb (69), not exceeded for the share of time and of locations.
    field_strength_dbuv_m
        Ep (70) [dBµV/m] for 1 kW effective radiated power.
    loss_median_db
        Lbc (63), for 50 % of locations.
    loss_location_db
        What the share of locations adds (section 4.9).
    loss_free_space_db, loss_los_p_db, loss_los_b0_db
        Lbfs (8), Lb0p (10), Lb0b (11).
    bullington_50_db, bullington_smooth_50_db, sphere_50_db, diffraction_50_db
        Lbulla and Lbulls (21), Ldsph (27), Ld50 (39), of the median Earth.
    bullington_b0_db, bullington_smooth_b0_db, sphere_b0_db, diffraction_b0_db
        The same of the β0 Earth; the last is Ldb.
    diffraction_p_db
        Ldp (41).
    loss_diffraction_50_db, loss_diffraction_p_db
        Lbd50 (42), Lbd (43).
    loss_troposcatter_db, loss_ducting_db
        Lbs (44), Lba (46).
    loss_min_los_db, loss_min_ducting_db
        Lminb0p (59), Lminbap (60).
    loss_diffraction_ducting_db, loss_modified_db
        Lbda (61), Lbam (62).
    factor_time, factor_angle, factor_distance
        Fi (40), Fj (57), Fk (58).
    beta0_percent
        β0 (5) [%].
    radius_50_km
        Median effective radius of the Earth (7a) [km].
    distance_km
        Length of the path [km].
    land_km, inland_km, sea_share
        Longest stretches on land and inland, dtm and dlm [km]; share over sea, omega.
    antenna_t_m, antenna_r_m
        Antennas above sea level, hts and hrs [m].
    horizon_t_km, horizon_r_km
        Distances of the terminals to their horizons, dlt (78) and dlr (81a) [km].
    horizon_t_mrad, horizon_r_mrad, angle_mrad
        Elevations of the horizons (76) to (81), path angular distance (82).
    fit_t_m, fit_r_m
        Smooth-Earth surface at the terminals, uncorrected (85), (86) [m].
    smooth_t_m, smooth_r_m
        hstd and hsrd of the diffraction model (89) [m].
    duct_t_m, duct_r_m
        hst and hsr of the ducting model (90) [m].
    roughness_m
        Terrain roughness hm (93) [m].
    """

    loss_db: float
    field_strength_dbuv_m: float
    loss_median_db: float
    loss_location_db: float
    loss_free_space_db: float
    loss_los_p_db: float
    loss_los_b0_db: float
    bullington_50_db: float
    bullington_smooth_50_db: float
    sphere_50_db: float
    diffraction_50_db: float
    bullington_b0_db: float
    bullington_smooth_b0_db: float
    sphere_b0_db: float
    diffraction_b0_db: float
    diffraction_p_db: float
    loss_diffraction_50_db: float
    loss_diffraction_p_db: float
    loss_troposcatter_db: float
    loss_ducting_db: float
    loss_min_los_db: float
    loss_min_ducting_db: float
    loss_diffraction_ducting_db: float
    loss_modified_db: float
    factor_time: float
    factor_angle: float
    factor_distance: float
    beta0_percent: float
    radius_50_km: float
    distance_km: float
    land_km: float
    inland_km: float
    sea_share: float
    antenna_t_m: float
    antenna_r_m: float
    horizon_t_km: float
    horizon_r_km: float
    horizon_t_mrad: float
    horizon_r_mrad: float
    angle_mrad: float
    fit_t_m: float
    fit_r_m: float
    smooth_t_m: float
    smooth_r_m: float
    duct_t_m: float
    duct_r_m: float
    roughness_m: float
