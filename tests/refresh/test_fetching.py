"""How publishers are asked: politely, only where a source says, and never for more than a table needs."""

import gzip
import itertools

import pytest
from publishers import Said, packed, serving

from placebook.errors import InputError
from placebook.refresh.fetching import Fetcher, FetchError, Limits, Refused

HOST = "www.ons.gov.uk"
ADDRESS = f"https://{HOST}/data.csv?indicator=jobs"
TABLE = "areacd,period,value\nE07000099,2023-01-01/P1Y,64.9\n"


def test_an_answer_is_asked_of_the_host_that_the_address_names():
    with serving(lambda _: Said(TABLE, headers={"Content-Type": "text/csv; charset=UTF-8"})) as publishers:
        answer = publishers.fetcher(HOST).get(ADDRESS, "text/csv")
    assert (answer.text(), answer.media_type, answer.charset) == (TABLE, "text/csv", "utf-8")
    [asked] = publishers.asked
    assert (asked.host, asked.path, asked.query) == (HOST, "/data.csv", {"indicator": "jobs"})
    assert asked.headers["accept"] == "text/csv" and asked.headers["user-agent"].startswith("placebook/")


@pytest.mark.parametrize(
    ("address", "message"),
    [
        (f"http://{HOST}/data.csv", "only plain https addresses"),
        (f"https://reader:secret@{HOST}/data.csv", "only plain https addresses"),
        (f"https://{HOST}:8443/data.csv", "only plain https addresses"),
        ("file:///etc/passwd", "only plain https addresses"),
        ("https://elsewhere.example/data.csv", "elsewhere.example is no host that the source names"),
    ],
)
def test_only_https_and_only_the_named_hosts_are_asked(address, message):
    with serving(lambda _: Said(TABLE)) as publishers, pytest.raises(FetchError, match=message) as caught:
        publishers.fetcher(HOST).get(address)
    assert not publishers.asked and "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["http://192.0.2.7:80", "http://publisher.example", "ftp://127.0.0.1", "http://127.0.0.1@publisher.example"]
)
def test_a_stand_in_lies_on_this_machine_or_is_none(url):
    with pytest.raises(InputError, match="name a server on this machine"):
        Fetcher({HOST}, base_url=url)


def test_a_redirect_within_the_named_hosts_is_followed():
    def answer(asked):
        return Said(TABLE) if asked.path == "/new.csv" else Said(status=302, headers={"Location": "/new.csv"})

    with serving(answer) as publishers:
        assert publishers.fetcher(HOST).get(ADDRESS).text() == TABLE
    assert [asked.path for asked in publishers.asked] == ["/data.csv", "/new.csv"]


@pytest.mark.parametrize(
    ("to", "message"),
    [
        ("https://elsewhere.example/x", "is no host"),
        (f"http://{HOST}/x", "only plain https"),
        ("/data.csv", "redirects more than"),
    ],
)
def test_a_redirect_to_another_host_or_without_end_is_refused(to, message):
    with (
        serving(lambda _: Said(status=301, headers={"Location": to})) as publishers,
        pytest.raises(FetchError, match=message),
    ):
        publishers.fetcher(HOST).get(ADDRESS)


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_what_may_pass_is_asked_again_after_a_while_that_grows(status):
    answers = itertools.chain([Said(status=status)] * 2, itertools.repeat(Said(TABLE)))
    waits = []
    with serving(lambda _: next(answers)) as publishers:
        fetcher = publishers.fetcher(HOST, limits=Limits(tries=4), sleep=waits.append)
        assert fetcher.get(ADDRESS).text() == TABLE
    assert len(waits) == 2 and 1 <= waits[0] <= 1.5 and 2 <= waits[1] <= 3


def test_a_publisher_who_says_how_long_to_wait_is_obeyed_and_one_who_asks_too_long_is_not_waited_for():
    waits = []
    with serving(lambda _: Said(status=429, headers={"Retry-After": "7"})) as publishers:
        fetcher = publishers.fetcher(HOST, limits=Limits(tries=3), sleep=waits.append)
        with pytest.raises(FetchError, match="the publisher answers 429. Ask again later"):
            fetcher.get(ADDRESS)
    assert waits == [7, 7]
    with serving(lambda _: Said(status=503, headers={"Retry-After": "86400"})) as publishers, pytest.raises(FetchError):
        publishers.fetcher(HOST).get(ADDRESS)
    assert len(publishers.asked) == 1


@pytest.mark.parametrize("status", [400, 403, 404, 500])
def test_an_error_is_told_with_the_publishers_words_and_not_asked_again(status):
    said = Said('{"message": "No data\x1b[2J available"}', status)
    told = pytest.raises(Refused, match=f"the publisher answers {status}: .*No data")
    with serving(lambda _: said) as publishers, told as caught:
        publishers.fetcher(HOST).get(ADDRESS)
    assert len(publishers.asked) == 1 and caught.value.status == status and "\x1b" not in str(caught.value)


def test_a_cut_answer_is_asked_again_and_never_taken():
    answers = iter([Said(TABLE, cut=30), Said(TABLE)])
    with serving(lambda _: next(answers)) as publishers:
        assert publishers.fetcher(HOST).get(ADDRESS).text() == TABLE
    with serving(lambda _: Said(TABLE, cut=30)) as publishers, pytest.raises(FetchError, match="the answer was cut off"):
        publishers.fetcher(HOST).get(ADDRESS)


def test_a_packed_answer_is_unpacked():
    with serving(lambda _: packed(TABLE)) as publishers:
        assert publishers.fetcher(HOST).get(ADDRESS).table() == TABLE


def test_a_packed_answer_that_is_cut_is_not_taken():
    cut = Said(gzip.compress(TABLE.encode())[:-9], headers={"Content-Encoding": "gzip"})
    with serving(lambda _: cut) as publishers, pytest.raises(FetchError, match="cut off"):
        publishers.fetcher(HOST).get(ADDRESS)


def test_a_few_bytes_that_unpack_to_very_many_are_refused():
    bomb = packed(b"0" * 3_000_000)
    assert len(bomb.content) < 10_000
    with serving(lambda _: bomb) as publishers, pytest.raises(FetchError, match="is larger than 1,000,000 bytes"):
        publishers.fetcher(HOST, limits=Limits(size=1_000_000)).get(ADDRESS)
    assert len(publishers.asked) == 1


def test_an_answer_larger_than_the_limit_is_refused_and_one_just_as_large_is_not():
    size = len(TABLE.encode())
    with serving(lambda _: Said(TABLE)) as publishers:
        assert publishers.fetcher(HOST, limits=Limits(size=size)).get(ADDRESS).text() == TABLE
        with pytest.raises(FetchError, match="is larger than"):
            publishers.fetcher(HOST, limits=Limits(size=size - 1)).get(ADDRESS)


def test_an_answer_that_drips_is_given_up_after_its_time_though_no_byte_keeps_anybody_waiting():
    clock = itertools.count()
    with serving(lambda _: Said(TABLE, drip=0.001)) as publishers:
        fetcher = publishers.fetcher(HOST, limits=Limits(seconds=5, silence=20, tries=1), clock=lambda: float(next(clock)))
        with pytest.raises(FetchError, match="the answer took longer than 5 seconds"):
            fetcher.get(ADDRESS)


def test_requests_keep_their_distance():
    now, waits = [0.0], []

    def sleep(seconds):
        waits.append(seconds)
        now[0] += seconds

    with serving(lambda _: Said(TABLE)) as publishers:
        fetcher = publishers.fetcher(HOST, pace=1.5, sleep=sleep, clock=lambda: now[0])
        for _ in range(3):
            fetcher.get(ADDRESS)
    assert waits == [1.5, 1.5]


def test_an_answer_that_has_not_changed_is_not_sent_again(tmp_path):
    def answer(asked):
        return Said(status=304) if asked.headers.get("if-none-match") == '"1"' else Said(TABLE, headers={"ETag": '"1"'})

    with serving(answer) as publishers:
        first = publishers.fetcher(HOST, kept=tmp_path).get(ADDRESS)
        again = publishers.fetcher(HOST, kept=tmp_path).get(ADDRESS)
        assert (first, publishers.asked[1].headers["if-none-match"]) == (again, '"1"')
        next(path for path in tmp_path.iterdir() if not path.suffix).write_bytes(b"spoilt")
        assert publishers.fetcher(HOST, kept=tmp_path).get(ADDRESS) == first
    assert "if-none-match" not in publishers.asked[2].headers


def test_a_key_goes_into_the_request_and_nowhere_else(tmp_path, caplog):
    caplog.set_level("DEBUG")
    with serving(lambda _: Said(TABLE, headers={"ETag": '"1"'})) as publishers:
        fetcher = publishers.fetcher(HOST, kept=tmp_path, secrets={HOST: {"uid": "0xSECRET"}})
        answer = fetcher.get(ADDRESS)
    assert publishers.asked[0].query == {"indicator": "jobs", "uid": "0xSECRET"}
    assert "SECRET" not in answer.address + caplog.text
    assert not [path for path in tmp_path.iterdir() if b"SECRET" in path.name.encode() + path.read_bytes()]
    with serving(lambda _: Said("no", 403)) as publishers, pytest.raises(Refused) as caught:
        publishers.fetcher(HOST, secrets={HOST: {"uid": "0xSECRET"}}).get(ADDRESS)
    assert "SECRET" not in str(caught.value)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (Said("<!doctype html><p>Sorry"), "is a web page or a message"),
        (Said('{"message": "Internal Error"}'), "is a web page or a message"),
        (Said(TABLE, headers={"Content-Type": "text/html"}), "is text/html, not a CSV table"),
        (Said(TABLE.encode() + "Mürren".encode("latin-1")), "is not text in UTF-8"),
        (Said(TABLE, headers={"Content-Type": "text/csv; charset=klingon"}), "which nobody knows"),
    ],
)
def test_what_is_no_table_in_its_charset_is_refused(said, message):
    with serving(lambda _: said) as publishers:
        answer = publishers.fetcher(HOST).get(ADDRESS)
        with pytest.raises(FetchError, match=message):
            answer.table()


def test_a_table_in_a_declared_charset_is_read_in_it():
    said = Said("areanm\nYnys Môn\n".encode("windows-1252"), headers={"Content-Type": 'text/csv;charset="windows-1252"'})
    with serving(lambda _: said) as publishers:
        assert publishers.fetcher(HOST).get(ADDRESS).table() == "areanm\nYnys Môn\n"
