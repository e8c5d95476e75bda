"""The layout of ONS Explore Local Statistics."""

import pytest
from published import CODES, lines, measures

from placebook.errors import DataError, InputError
from placebook.refresh.els import els
from placebook.refresh.tidy import LEFT_OUT

HEAD = "areacd,areanm,indicator,period,value,unit,lci_95,uci_95,status,notes\n"
LABELS = {"labels": {"Employment rate": "employment_rate", "Economically inactive": "inactivity_rate"}}
MEASURES = measures("employment_rate", "inactivity_rate", maximum=100)


def table(*rows: str, head: str = HEAD, **options):
    content = (head + "".join(f"{row}\n" for row in rows)).encode()
    return els({"jobs.csv": content}, {**LABELS, **options}, MEASURES, CODES)


def test_rows_become_observations_sorted_by_key():
    made = table(
        "E12000006,East,Employment rate,2023-01-01/P1Y,78.10000000000001,%,77.0,79.2,,",
        "E07000099,North Hertfordshire,Employment rate,2023-01-01/P1Y,64.89999999999999,%,60.1,69.7,,",
        "E07000099,North Hertfordshire,Economically inactive,2023-01-01/P1Y,30.0,%,25.2,34.8,,",
        "E07000099,North Hertfordshire,Employment rate,2022-01-01/P1Y,,%,,,x,",
    )
    assert list(made.columns) == [
        "area",
        "period",
        "measure",
        "category",
        "partner",
        "value",
        "lower",
        "upper",
        "markers",
    ]
    assert lines(made) == [
        "E07000099,2022-01-01/P1Y,employment_rate,,,,,,x",
        "E07000099,2023-01-01/P1Y,employment_rate,,,64.9,60.1,69.7,",
        "E07000099,2023-01-01/P1Y,inactivity_rate,,,30,25.2,34.8,",
        "E12000006,2023-01-01/P1Y,employment_rate,,,78.1,77,79.2,",
    ]


def test_a_former_code_is_carried_under_its_successor():
    made = table(
        "E07000097,East Hertfordshire,Employment rate,2014-01-01/P1Y,70,%,,,,"
        "Obsolete code since 2013 (replaced by E07000242 East Hertfordshire)",
    )
    assert lines(made) == ["E07000242,2014-01-01/P1Y,employment_rate,,,70,,,"]


def test_old_and_new_code_agreeing_are_one_row():
    old = "E08000016,Barnsley,Employment rate,2023-01-01/P1Y,68.10000000000001,%,,,,"
    new = "E08000038,Barnsley,Employment rate,2023-01-01/P1Y,68.1,%,,,,"
    assert lines(table(old, new)) == lines(table(new, old)) == ["E08000038,2023-01-01/P1Y,employment_rate,,,68.1,,,"]


def test_where_they_disagree_the_code_in_force_wins_and_is_reported():
    old = "E08000016,Barnsley,Employment rate,2023-01-01/P1Y,61,%,,,,"
    new = "E08000038,Barnsley,Employment rate,2023-01-01/P1Y,68.1,%,,,,"
    for made in (table(old, new), table(new, old)):
        assert lines(made) == ["E08000038,2023-01-01/P1Y,employment_rate,,,68.1,,,"]
        assert made.attrs[LEFT_OUT] == {"old code disagrees with new": ["E08000038"]}


def test_merged_districts_and_areas_outside_england_are_left_out_and_counted():
    made = table(
        "E07000026,Allerdale,Employment rate,2022-01-01/P1Y,70,%,,,,",
        "W06000001,Isle of Anglesey,Employment rate,2022-01-01/P1Y,71,%,,,,",
        "K02000001,United Kingdom,Employment rate,2022-01-01/P1Y,75,%,,,,",
    )
    assert lines(made) == ["K02000001,2022-01-01/P1Y,employment_rate,,,75,,,"]
    assert made.attrs[LEFT_OUT] == {"merged or split": ["E07000026"], "outside England": ["W06000001"]}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("E07000999,Nowhere,Employment rate,2023-01-01/P1Y,70,%,,,,", "'E07000999' is no area"),
        (
            "E07000099,North Hertfordshire,Employmnt rate,2023-01-01/P1Y,70,%,,,,",
            "unknown label 'Employmnt rate'",
        ),
        ("E07000099,North Hertfordshire,Employment rate,2023/24,70,%,,,,", "'2023/24' is not a period"),
        (
            "E07000099,North Hertfordshire,Employment rate,2023-01-01/P1Y,seventy,%,,,,",
            "'seventy' is not a number",
        ),
        (
            "E07000099,North Hertfordshire,Employment rate,2023-01-01/P1Y,700,%,,,,",
            "above the declared maximum 100",
        ),
        (
            "E07000099,North Hertfordshire,Employment rate,2023-01-01/P1Y,-1,%,,,,",
            "below the declared minimum 0",
        ),
        (
            "E07000099,North Hertfordshire,Employment rate,2023-01-01/P1Y,,%,,,,",
            "no value and does not say why",
        ),
        ("E07000099,North Hertfordshire,Employment rate,2023-01-01/P1Y,70,%,,,q,", "has the marker q"),
        (
            "E07000099,North Hertfordshire,Employment rate,2023-01-01/P1Y,70,%,,,,Beware of this",
            "unknown note 'Beware of this'",
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_line(row, said):
    good = "E07000099,North Hertfordshire,Employment rate,2020-01-01/P1Y,70,%,,,,"
    with pytest.raises(DataError) as refusal:
        table(good, row)
    assert "jobs.csv:3:" in str(refusal.value)
    assert said in str(refusal.value)
    assert "→" in str(refusal.value)


def test_all_faults_are_told_at_once_but_not_without_end():
    with pytest.raises(DataError) as refusal:
        table(*[f"E0700{number:04d},Nowhere,Employment rate,2023-01-01/P1Y,70,%,,,," for number in range(500, 530)])
    assert str(refusal.value).count("is no area") == 20
    assert "and 10 more" in str(refusal.value)


def test_one_key_with_two_figures_is_refused_and_an_exact_double_is_dropped():
    one = "E07000099,North Hertfordshire,Employment rate,2023-01-01/P1Y,70,%,,,,"
    assert len(table(one, one)) == 1
    with pytest.raises(DataError, match="jobs.csv:3: employment_rate: gives 71 for .* line 2 gives 70"):
        table(one, one.replace(",70,", ",71,"))


def test_notes_say_which_marker_they_mean():
    note = "Estimate and confidence interval unreliable since the group sample size is small (3-9)"
    row = f"E07000099,North Hertfordshire,Employment rate,2023-01-01/P1Y,70,%,,,,{note}."
    assert lines(table(row, notes={note: "u"})) == ["E07000099,2023-01-01/P1Y,employment_rate,,,70,,,u"]
    assert lines(table(row, notes={note: ""})) == ["E07000099,2023-01-01/P1Y,employment_rate,,,70,,,"]


def test_a_history_without_indicator_column_with_months_as_instants():
    made = table(
        "E07000099,North Hertfordshire,2022-09,75.7",
        "E07000099,North Hertfordshire,2025-01,99",
        "E07000099,North Hertfordshire,2025-07,",
        head="areacd,areanm,period,value\n",
        unlabelled={"jobs.csv": "employment_rate"},
        months="instant",
        leave_out_periods=["2025-01"],
        missing="x",
    )
    assert lines(made) == [
        "E07000099,2022-09-01,employment_rate,,,75.7,,,",
        "E07000099,2025-07-01,employment_rate,,,,,,x",
    ]


def test_a_file_without_the_columns_or_without_rows_is_refused():
    with pytest.raises(InputError, match="jobs.csv:1: has no column value"):
        table("E07000099,x,Employment rate,2023,1", head="areacd,areanm,indicator,period,wert\n")
    with pytest.raises(InputError, match="has no column indicator"):
        table("E07000099,x,2023,1", head="areacd,areanm,period,value\n")
    with pytest.raises(InputError, match="jobs.csv: is empty"):
        els({"jobs.csv": b""}, LABELS, MEASURES, CODES)


def test_a_table_in_which_nothing_is_left_is_refused():
    with pytest.raises(DataError, match="no row is carried"):
        table("W06000001,Isle of Anglesey,Employment rate,2022-01-01/P1Y,71,%,,,,")
