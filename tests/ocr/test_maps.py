"""Bent and parted maps have what an affine map has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.codec import decode, encode
from ocr.geometry import Affine, BBox
from ocr.maps import Mesh, Stacked

BENT = Mesh(
    Affine.scaling(1 / 100),
    tuple(tuple((80.0 * j + 3 * (i - 1) ** 2, 70.0 * i + 2.0 * j * i) for j in range(4)) for i in range(5)),
)
PARTED = Stacked(Affine.identity(), 500.0, 400.0, Affine.scaling(0.5), Affine(0.5, 0, 300, 0, 0.5, -250))
places = st.floats(-20, 320), st.floats(-20, 420)


@given(*places)
def test_a_mesh_leads_there_and_back(x: float, y: float) -> None:
    assert BENT.inverse().apply(*BENT.apply(x, y)) == pytest.approx((x, y), abs=1e-6)


def test_a_mesh_of_an_affine_map_is_that_map() -> None:
    turn = Affine.rotation(3.0, 50, 60)
    mesh = Mesh(Affine.scaling(0.1), tuple(tuple(turn.apply(10 * j, 10 * i) for j in range(3)) for i in range(3)))
    for x, y in ((0, 0), (7.5, 12.5), (30, -4)):
        assert mesh.apply(x, y) == pytest.approx(turn.apply(x, y))
        assert mesh.then(turn).apply(x, y) == pytest.approx(turn.apply(*turn.apply(x, y)))
        assert mesh.after(turn).apply(x, y) == pytest.approx(turn.apply(*turn.apply(x, y)))


def test_the_box_of_a_bent_box_holds_its_bulge() -> None:
    box = BENT.apply_bbox(BBox(0, 0, 200, 200))
    assert box.x0 == pytest.approx(BENT.apply(0, 100)[0])


@given(st.floats(0, 400), st.floats(0, 499))
def test_each_part_of_a_stack_has_its_own_map(x: float, y: float) -> None:
    assert PARTED.apply(x, y) == (0.5 * x, 0.5 * y)
    assert PARTED.apply(x, y + 500) == pytest.approx((0.5 * x + 300, 0.5 * y))
    assert PARTED.inverse().apply(*PARTED.apply(x, y + 500)) == pytest.approx((x, y + 500))
    assert PARTED.after(Affine.scaling(0.5)).apply(2 * x, 2 * y) == pytest.approx((0.5 * x, 0.5 * y))


def test_a_box_of_a_stack_belongs_to_the_part_of_its_centre() -> None:
    assert PARTED.apply_bbox(BBox(10, 490, 20, 520)).as_tuple() == pytest.approx((305, -5, 310, 10))


def test_maps_travel_as_json() -> None:
    assert decode(Mesh, encode(BENT)) == BENT


@pytest.mark.parametrize("nodes", [(), (((0.0, 0.0),),), (((0.0, 0.0), (1.0, 0.0)), ((0.0, 1.0),))])
def test_a_mesh_needs_a_grid(nodes: tuple[tuple[tuple[float, float], ...], ...]) -> None:
    with pytest.raises(ValueError, match="mesh"):
        Mesh(Affine.identity(), nodes)
