"""Buildings stand in the order in which people count them, on the list as on the board."""

from __future__ import annotations

from app.features.units.home_names import building_place
from app.features.units.models import Building
from tests.factories import saved


def test_numbers_count_and_names_without_one_come_last() -> None:
    names = ["地下车库", "10栋", "2栋", "商业街", "1栋"]
    assert sorted(names, key=building_place)[:3] == ["1栋", "2栋", "10栋"]
    assert set(sorted(names, key=building_place)[3:]) == {"地下车库", "商业街"}


def test_the_list_follows_the_order_of_the_site(cast, client_as) -> None:
    for position, name in enumerate(["1栋", "2栋", "地下车库"], 1):
        saved(
            cast.session, Building(project_id=cast.project_ids["a"], name=name, floors=1, sections=1, position=position)
        )
    page = client_as("clerk").get("/building/list/").text
    assert page.index("1栋") < page.index("2栋") < page.index("地下车库")
