"""Long and wide tables, single years of age, business counts and census flows."""

from dataclasses import replace

import pytest
from published import CODES, lines, measures

from placebook.errors import DataError, InputError
from placebook.refresh.business_counts import business_counts
from placebook.refresh.census_flows import census_flows
from placebook.refresh.published_tables import long_table, wide_table
from placebook.refresh.single_years import single_years
from placebook.refresh.tidy import LEFT_OUT

TENURE = b"""lsoa21_code,total_households,tenure,n
E01000001,527,Owned: Owns outright,256
E01000001,527,Lives rent free,1.0
"""
TENURE_OPTIONS = {
    "area": "lsoa21_code",
    "category": "tenure",
    "value": "n",
    "totals": {"tenure.csv": "total_households"},
    "measure": "households",
    "period": "2021-03-21",
    "categories": ["Owned: Owns outright", "Lives rent free"],
}


def test_the_whole_of_a_census_table_is_the_row_without_category():
    made = long_table({"tenure.csv": TENURE}, TENURE_OPTIONS, measures("households"), CODES)
    assert lines(made) == [
        "E01000001,2021-03-21,households,,,527,,,",
        "E01000001,2021-03-21,households,Lives rent free,,1,,,",
        "E01000001,2021-03-21,households,Owned: Owns outright,,256,,,",
    ]


def test_two_totals_for_one_area_are_noticed():
    with pytest.raises(DataError, match="tenure.csv:3: households: gives 528 for .* line 2 gives 527"):
        wrong = TENURE.replace(b"527,Lives", b"528,Lives")
        long_table({"tenure.csv": wrong}, TENURE_OPTIONS, measures("households"), CODES)


def test_an_unknown_category_is_named():
    with pytest.raises(DataError, match="tenure.csv:2: tenure: unknown category 'Owned: Owns outright'"):
        options = {**TENURE_OPTIONS, "categories": ["Lives rent free"]}
        long_table({"tenure.csv": TENURE}, options, measures("households"), CODES)


def test_labels_limits_symbols_and_named_areas_of_a_long_table():
    content = (
        b"place,what,year,figure,low,high\n"
        b'Hertfordshire LSIP,births,2019,"1,560","1,500","1,600"\n'
        b"Hertfordshire LSIP,births,2020,..,,\n"
        b"Hertfordshire LSIP,per cent,2020,4,,\n"
        b"Rhondda Cynon Taff LADU,births,2019,7,,\n"
    )
    made = long_table(
        {"counts.csv": content},
        {
            "area": "place",
            "areas": {"Hertfordshire LSIP": "E10000015"},
            "leave_out_areas": ["Rhondda Cynon Taff LADU"],
            "measure_column": "what",
            "labels": {"births": "births"},
            "leave_out_labels": ["per cent"],
            "period_column": "year",
            "value": "figure",
            "lower": "low",
            "upper": "high",
            "thousands": True,
            "missing": {"..": "c"},
            "markers": "p",
        },
        measures("births"),
        CODES,
    )
    assert lines(made) == [
        "E10000015,2019-01-01/P1Y,births,,,1560,1500,1600,p",
        "E10000015,2020-01-01/P1Y,births,,,,,,c",
    ]


def test_whole_numbers_as_categories_and_rows_selected():
    content = b"msoa,lsoa,kind,dimensions,count\n,E01000001,new,0.0,278.0\n,E01000001,old,0.0,1\n"
    options = {
        "area": ["lsoa21", "lsoa"],
        "category": "dimensions",
        "category_numbers": True,
        "value": "count",
        "select": {"kind": "new"},
        "measure": "households",
        "period": "2021-03-21",
    }
    made = long_table({"t.csv": content}, options, measures("households"), CODES)
    assert lines(made) == ["E01000001,2021-03-21,households,0,,278,,,"]


def test_a_wide_table_of_measures_and_one_of_categories():
    content = b"code,name,rank,score\nE01000001,A,29938.0,5.356\nE01000001,A,29938.0,5.356\n"
    options = {
        "area": "code",
        "columns": {"rank": "imd_rank", "score": "imd_score"},
        "period": "2025-01-01/P1Y",
    }
    made = wide_table({"imd.csv": content}, options, measures("imd_rank", "imd_score"), CODES)
    assert lines(made) == [
        "E01000001,2025-01-01/P1Y,imd_rank,,,29938,,,",
        "E01000001,2025-01-01/P1Y,imd_score,,,5.356,,,",
    ]

    crime = b'code,Total recorded,Robbery\nE07000099,"7,258 ",12 \n,"1,226",3\nE11000001,1,1\n'
    options = {
        "area": "code",
        "measure": "crimes",
        "columns": {"Total recorded": "", "Robbery": "Robbery"},
        "period": "2024-07-01/P1Y",
        "thousands": True,
        "leave_out_blank_areas": True,
        "leave_out_heads": ["E11"],
    }
    made = wide_table({"crime.csv": crime}, options, measures("crimes"), CODES)
    assert lines(made) == [
        "E07000099,2024-07-01/P1Y,crimes,,,7258,,,",
        "E07000099,2024-07-01/P1Y,crimes,Robbery,,12,,,",
    ]


def test_a_wide_table_without_a_declared_column_is_refused():
    options = {"area": "code", "columns": {"rank": "imd_rank"}, "period": "2025-01-01/P1Y"}
    with pytest.raises(InputError, match="imd.csv:1: has no column rank; it has code, rang"):
        wide_table({"imd.csv": b"code,rang\nE01000001,1\n"}, options, measures("imd_rank"), CODES)


def test_single_years_of_age_with_an_open_last_one():
    content = b"code,name,all,0,1,2+\nE07000099,North Hertfordshire,6,1,2,3.0\n"
    options = {
        "area": "code",
        "total": "all",
        "measure": "residents",
        "period": "2023-06-30",
        "last_age": 2,
    }
    assert lines(single_years({"ages.csv": content}, options, measures("residents"), CODES)) == [
        "E07000099,2023-06-30,residents,,,6,,,",
        "E07000099,2023-06-30,residents,0,,1,,,",
        "E07000099,2023-06-30,residents,1,,2,,,",
        "E07000099,2023-06-30,residents,2,,3,,,",
    ]
    with pytest.raises(InputError, match="ages.csv:1: has no column for age 3"):
        single_years({"ages.csv": content}, {**options, "last_age": 3}, measures("residents"), CODES)


DASHBOARD = """areacd,source_area,breakdown,subgroup,period,value
E07000099,North Hertfordshire LADU,Industry,Information & communication,Mar 2022,650
,Hertfordshire LSIP,Industry,Information & communication,Mar 2022,6000
,Rhondda Cynon Taff LADU,Industry,Information & communication,Mar 2022,300
E07000099,North Hertfordshire LADU,Industry,Information & communication,Mar 2021,c
"""
NOMIS = """areacd,areanm,year,industry,enterprises
E07000099,North Hertfordshire,2022,10 : Information & communication (J),655
E08000016,Barnsley,2022,10 : Information & communication (J),200
"""
COUNTS_OPTIONS = {
    "dashboard": {"d.csv": "by_industry"},
    "nomis": {"n.csv": "by_industry"},
    "nomis_columns": {"n.csv": "industry"},
    "month": "03",
    "named_areas": {"Hertfordshire LSIP": "E10000015"},
    "leave_out_names": ["Rhondda Cynon Taff LADU"],
    "missing": {"c": "c"},
    "categories": {
        "Information & communication": "Information & communication",
        "10 : Information & communication (J)": "Information & communication",
    },
}


def counts(nomis: str = NOMIS):
    files = {"d.csv": DASHBOARD.encode(), "n.csv": nomis.encode()}
    return business_counts(files, COUNTS_OPTIONS, measures("by_industry"), CODES)


def test_business_counts_of_two_carriers_agree_within_their_rounding():
    assert lines(counts()) == [
        "E07000099,2021-03-01/P1M,by_industry,Information & communication,,,,,c",
        "E07000099,2022-03-01/P1M,by_industry,Information & communication,,650,,,",
        "E08000038,2022-03-01/P1M,by_industry,Information & communication,,200,,,",
        "E10000015,2022-03-01/P1M,by_industry,Information & communication,,6000,,,",
    ]


def test_business_counts_further_apart_are_refused():
    with pytest.raises(DataError, match="n.csv:2: by_industry: gives 660 .* line d.csv:2 gives 650"):
        counts(NOMIS.replace("655", "660"))


def test_an_industry_without_a_place_in_the_mapping_is_named():
    with pytest.raises(DataError, match="n.csv:3: industry: unknown label '19 : Space'"):
        counts(NOMIS.replace("Barnsley,2022,10 : Information & communication (J)", "Barnsley,2022,19 : Space"))


def test_flows_keep_the_partner_as_published_unless_it_was_recoded():
    flows = (
        b"home,work,how,count\n"
        b"E07000099,E07000097,3,10\nE07000099,999999999,2,4\nE07000099,S12000036,3,1\nE07000026,E07000099,3,2\n"
    )
    summary = b"areacd,origin,nomove\nE07000099,100,60\n"
    options = {
        "flows": ["flows.csv"],
        "area": "home",
        "partner": "work",
        "category": "how",
        "value": "count",
        "measure": "workers",
        "period": "2021-03-21",
        "summaries": ["sums.csv"],
        "summary_area": "areacd",
        "columns": {"origin": "origin", "nomove": "nomove"},
    }
    made = census_flows(
        {"flows.csv": flows, "sums.csv": summary},
        options,
        measures("workers", "origin", "nomove"),
        CODES,
    )
    assert lines(made) == [
        "E07000099,2021-03-21,nomove,,,60,,,",
        "E07000099,2021-03-21,origin,,,100,,,",
        "E07000099,2021-03-21,workers,2,999999999,4,,,",
        "E07000099,2021-03-21,workers,3,E07000242,10,,,",
        "E07000099,2021-03-21,workers,3,S12000036,1,,,",
    ]
    assert made.attrs[LEFT_OUT] == {"merged or split": ["E07000026"]}


def test_flows_from_areas_that_the_book_lacks_are_left_out_only_when_asked():
    flows = b"home,work,count\nE01000001,E01000001,5\nE01099999,E01000001,3\n"
    options = {
        "flows": ["f.csv"],
        "area": "home",
        "partner": "work",
        "value": "count",
        "measure": "workers",
        "period": "2021-03-21",
    }
    with pytest.raises(DataError, match="f.csv:3: area: 'E01099999'"):
        census_flows({"f.csv": flows}, options, measures("workers"), CODES)
    made = census_flows({"f.csv": flows}, {**options, "only_known_areas": True}, measures("workers"), CODES)
    assert lines(made) == ["E01000001,2021-03-21,workers,,E01000001,5,,,"]
    assert made.attrs[LEFT_OUT] == {"not in the book's areas": ["E01099999"]}


def test_journeys_to_some_workplaces_are_added_up_but_for_those_who_live_there():
    flows = (
        b"home,work,how,n\nE07000099,E09000001,3,10\nE07000099,E09000002,3,4\nE07000099,E09000001,1,7\n"
        b"E07000099,E07000242,3,5\nE09000001,E09000002,3,6\n"
    )
    options = {
        "flows": ["f.csv"],
        "area": "home",
        "partner": "work",
        "category": "how",
        "value": "n",
        "measure": "workers",
        "period": "2021-03-21",
        "journey": "3",
        "to": {"to_london": "E09"},
    }
    london = replace(CODES, levels={**CODES.levels, "E09000001": "district", "E09000002": "district"})
    made = census_flows({"f.csv": flows}, options, measures("workers", "to_london"), london)
    assert [line for line in lines(made) if "to_london" in line] == [f"E07000099,2021-03-21,to_london,,,{10 + 4},,,"]


def test_of_quarters_only_those_that_end_a_year_are_taken():
    prices = b"area,when,n\nE07000099,Dec 1995,100\nE07000099,Mar 1996,110\nE07000099,Dec 1996,120\n"
    options = {
        "area": "area",
        "value": "n",
        "measure": "price",
        "period_column": "when",
        "months": "year_to",
        "select_heads": {"when": "Dec"},
    }
    made = long_table({"p.csv": prices}, options, measures("price"), CODES)
    assert lines(made) == ["E07000099,1995-01-01/P1Y,price,,,100,,,", "E07000099,1996-01-01/P1Y,price,,,120,,,"]
