"""MSI files as manufacturers write them, and as people spoil them."""

from __future__ import annotations

import numpy as np
import pytest

from qamtu.core.errors import InputError, MissingInput
from qamtu.country.antenna_files import read_antenna, read_antennas
from qamtu.kernels.antenna import DIPOLE_DBI

_OFF = np.minimum(np.arange(360), 360 - np.arange(360))
H = np.minimum(12.0 * (_OFF / 65.0) ** 2, 27.0)
V = np.minimum(12.0 * (((np.arange(360) - 6 + 180) % 360 - 180) / 7.0) ** 2, 24.0)


def written(head="GAIN 17.5 dBi", h=H, v=V, angles=range(360), form="{a:.1f} {x:.2f}") -> str:
    rows = [f"NAME Made 65x7\nMAKE none\nFREQUENCY 1800\n{head}"]
    for name, cut in (("HORIZONTAL", h), ("VERTICAL", v)):
        rows.append(f"{name} 360")
        rows += [form.format(a=float(a), x=float(cut[int(a) % 360])) for a in angles]
    return "\n".join(rows) + "\n"


def read(tmp_path, text, name="made.msi"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    pattern, found = read_antenna(path)
    return pattern, {f.id for f in found}


def test_a_file_is_read_as_it_is(tmp_path) -> None:
    pattern, found = read(tmp_path, written())
    assert found == set()
    assert (pattern.name, pattern.gain_dbi, pattern.frequency_mhz) == ("Made 65x7", 17.5, 1800.0)
    np.testing.assert_allclose(pattern.horizontal_db, H, atol=0.006)
    np.testing.assert_allclose(pattern.vertical_db, V, atol=0.006)
    assert pattern.built_in_tilt_deg == 6.0


@pytest.mark.parametrize(
    ("head", "gain", "ids"),
    [
        ("GAIN 15.35 dBd", 15.35 + DIPOLE_DBI, set()),
        ("GAIN 15,35", 15.35 + DIPOLE_DBI, {"antenna-gain-unit"}),
        ("GAIN: 17.5dBi", 17.5, set()),
        ("gain 17.5 dBi\nTILT ELECTRICAL\nELECTRICAL_TILT 6", 17.5, set()),
    ],
)
def test_gains_in_every_unit(tmp_path, head, gain, ids) -> None:
    pattern, found = read(tmp_path, written(head))
    assert pattern.gain_dbi == pytest.approx(gain)
    assert found == ids


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (written(h=-H, v=-V), "antenna-sign"),
        (written(h=17.5 - H, v=17.5 - V), "antenna-sign"),
        (written(angles=[a for a in range(360) if a not in (40, 41)]), "antenna-angles"),
        (written("GAIN 17.5 dBi\nTILT 6", v=np.roll(V[::-1], 1)), "antenna-upwards"),
        (written(v=np.roll(V, 90)), "antenna-zenith"),
    ],
)
def test_other_conventions_are_brought_to_one(tmp_path, text, rule) -> None:
    pattern, found = read(tmp_path, text)
    assert found == {rule}
    np.testing.assert_allclose(pattern.horizontal_db, H, atol=0.05)
    np.testing.assert_allclose(pattern.vertical_db, V, atol=0.5)


def test_a_coarse_step_and_signed_angles_are_fine(tmp_path) -> None:
    pattern, found = read(
        tmp_path, written(angles=range(-180, 180, 5)).replace(" 360\n", " 72\n"), "coarse.pln"
    )
    assert found == set()
    np.testing.assert_allclose(pattern.horizontal_db[::5], H[::5], atol=0.006)
    comma, found = read(tmp_path, written(form="{a:.0f}\t{x:.2f}").replace("1800", "1.8 GHz"))
    assert comma.frequency_mhz == 1800.0
    assert found == set()


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("hello\n", "antenna-cut"),
        (written("COMMENT none"), "antenna-gain"),
        (written(angles=range(60)), "antenna-angles"),
        (written(h=np.linspace(-40, 30, 360)), "antenna-sign"),
    ],
)
def test_what_cannot_be_used_is_refused(tmp_path, text, rule) -> None:
    path = tmp_path / "bad.msi"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        read_antenna(path)
    assert rule in {f.id for f in caught.value.findings}
    patterns, found = read_antennas(tmp_path)
    assert patterns == {}
    assert [f.severity for f in found if f.id == rule]


def test_a_folder_is_read_by_file_and_by_name(tmp_path) -> None:
    (tmp_path / "Panel.MSI").write_text(written())
    (tmp_path / "readme.md").write_text("not an antenna")
    patterns, found = read_antennas(tmp_path)
    assert len(found) == 0
    assert set(patterns) == {"panel.msi", "panel", "made 65x7"}
    with pytest.raises(MissingInput):
        read_antennas(tmp_path / "none")
    with pytest.raises(MissingInput):
        read_antenna(tmp_path / "none.msi")
