"""What happens when a server refuses, cuts short, repeats, contradicts itself or goes away."""

from __future__ import annotations

import errno
import json
import time
from datetime import date

import pytest
from tests.acquisition.fake_pacs import FakePacs, free_port
from tests.acquisition.orthanc import PATIENT, draw, images_in, uid

from tamiz.acquisition.associations import Server, Unreachable
from tamiz.acquisition.queries import Criteria, Span
from tamiz.core.errors import MachineTrouble, WrongData, WrongUse
from tamiz.stages.pacs import Retrieval, Servers, echo, fetch, find

CT_ONLY = Criteria(modality="CT")


def server_of(pacs: FakePacs, **values) -> Servers:
    settings = {"called": "FAKE", "calling": "TAMIZ", "timeout_s": 5.0, **values}
    return Servers(Server("127.0.0.1", pacs.port, **settings))


def fetched(pacs: FakePacs, out, pseudonyms, **values):
    """Return the report's figures and what was said aloud."""
    said: list[str] = []

    def listen(event):
        if event.kind == "warning":
            said.append(str(event.text))

    report = fetch(server_of(pacs), CT_ONLY, out, pseudonyms, Retrieval(**values), on_event=listen)
    return report.values["pacs"], said


def move_values(pacs: FakePacs) -> dict[str, int]:
    port = free_port()
    pacs.destinations["TAMIZ"] = ("127.0.0.1", port)
    return {"receive_port": port}


def test_echo_tells_how_long_it_took():
    with FakePacs([]) as pacs:
        report = echo(Server("127.0.0.1", pacs.port, "FAKE"))
    assert 0 < report.values["pacs"]["seconds"] < 5


@pytest.mark.parametrize(
    ("status", "words"),
    [(-1, "does not offer C-GET"), (0x0122, "SOP class not supported"), (0xA702, "cannot send")],
)
def test_a_refused_get_falls_back_to_move_aloud(tmp_path, pseudonyms, status, words):
    with FakePacs([draw(1, 1, 1, n) for n in range(3)], get_status=status) as pacs:
        counts, said = fetched(pacs, tmp_path, pseudonyms, **move_values(pacs))
    assert (counts["received"], counts["expected"], counts["ways"]) == (3, 3, ["get", "move"])
    assert any(words in one and "trying another way" in one for one in said)


def test_a_chosen_way_that_is_refused_ends_with_the_reason(tmp_path, pseudonyms):
    with (
        FakePacs([draw(1, 1, 1, 0)], get_status=0x0122) as pacs,
        pytest.raises(WrongData, match="SOP class not supported"),
    ):
        fetched(pacs, tmp_path, pseudonyms, way="get")


def test_an_unknown_destination_says_what_to_enter(tmp_path, pseudonyms):
    with (
        FakePacs([draw(1, 1, 1, 0)]) as pacs,
        pytest.raises(WrongData, match=r"does not know our AE title as a destination \(0xA801\)"),
    ):
        fetched(pacs, tmp_path, pseudonyms, way="move", receive_port=free_port())


def test_an_instance_that_comes_twice_with_other_pixels_is_a_conflict_and_the_first_stays(
    tmp_path, pseudonyms
):
    first, second = draw(1, 1, 1, 0), draw(1, 1, 1, 0)
    second.PixelData = bytes(len(second.PixelData))
    with FakePacs([first, second, draw(1, 1, 1, 1)]) as pacs:
        counts, _ = fetched(pacs, tmp_path, pseudonyms)
    assert (counts["received"], counts["expected"], counts["repeated"]) == (2, 2, 0)
    assert len(counts["conflicts"]) == 1
    from pydicom import dcmread

    assert dcmread(tmp_path / counts["conflicts"][0]).PixelData == first.PixelData


def test_an_instance_that_comes_twice_unchanged_is_counted_once(tmp_path, pseudonyms):
    with FakePacs([draw(1, 1, 1, 0), draw(1, 1, 1, 0)]) as pacs:
        counts, _ = fetched(pacs, tmp_path, pseudonyms)
    assert (counts["received"], counts["repeated"], counts["conflicts"]) == (1, 1, [])


def test_the_same_pixels_in_another_compression_are_no_conflict(tmp_path, pseudonyms):
    from pydicom.encaps import encapsulate
    from pydicom.uid import RLELossless

    from tamiz.acquisition.receiving import _bytes_of, _same_pixels

    plain, packed = draw(1, 1, 1, 0), draw(1, 1, 1, 0)
    packed.compress(RLELossless)
    assert packed.PixelData != plain.PixelData
    assert _same_pixels(_bytes_of(plain), _bytes_of(packed))
    packed.PixelData = encapsulate([b"broken"])
    assert not _same_pixels(_bytes_of(plain), _bytes_of(packed))


def test_an_invalid_uid_is_refused_counted_and_never_a_path(tmp_path, pseudonyms):
    def spoil(dataset):
        if dataset.InstanceNumber == 1:
            dataset.SOPInstanceUID = "../../etc/x"
        return dataset

    with FakePacs([draw(1, 1, 1, n) for n in range(3)], change=spoil) as pacs:
        counts, _ = fetched(pacs, tmp_path / "out", pseudonyms, way="get")
    assert (counts["received"], counts["expected"]) == (2, 3)
    assert counts["refused"]["bad_uid"] >= 1
    assert len(images_in(tmp_path / "out")) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_an_invalid_uid_in_an_answer_is_counted(tmp_path, pseudonyms):
    with FakePacs([draw(1, 1, 1, 0), draw(1, 1, 1, 1, SOPInstanceUID="1.2.x")]) as pacs:
        counts, _ = fetched(pacs, tmp_path, pseudonyms)
    assert (counts["received"], counts["expected"], counts["refused"]) == (1, 2, {"bad_uid": 1})


def test_what_was_not_asked_for_is_refused(tmp_path, pseudonyms):
    def exchange(dataset):
        dataset.SeriesInstanceUID = "1.2.3.4"
        return dataset

    with FakePacs([draw(1, 1, 1, 0)], change=exchange) as pacs:
        counts, _ = fetched(pacs, tmp_path, pseudonyms, way="get")
    assert counts["received"] == 0
    assert counts["refused"]["not_asked"] >= 1
    assert images_in(tmp_path) == {}


def test_a_server_that_ignores_a_criterion_is_not_believed(pseudonyms, monkeypatch):
    mine, other = draw(1, 1, 1, 0), draw(2, 1, 1, 0)
    with FakePacs([mine, other]) as pacs:
        monkeypatch.setattr(pacs, "_matching", lambda _: [mine, other])
        listing = find(server_of(pacs), Criteria(patient=f"{PATIENT}1"), "study", pseudonyms)
    assert listing.report().values["pacs"]["n"] == 1


@pytest.mark.parametrize("status", [0xA700, 0xFE00], ids=["out of resources", "cut short"])
def test_a_month_that_is_too_much_is_halved_by_days(pseudonyms, status):
    drawn = [draw(p, 1, 1, 0, StudyDate=f"202103{p:02d}") for p in range(1, 20)]
    with FakePacs(drawn, find_limit=3, find_status=status) as pacs:
        span = Span(date(2021, 2, 10), date(2021, 4, 5))
        listing = find(server_of(pacs), Criteria(span=span), "study", pseudonyms)
        asked = [one.StudyDate for one in pacs.asked_of("find")]
    assert listing.report().values["pacs"]["n"] == 19
    assert asked[:2] == ["20210210-20210228", "20210301-20210331"]
    assert "20210301-20210316" in asked


def test_one_day_that_is_too_much_is_an_error_and_no_short_list(pseudonyms):
    drawn = [draw(p, 1, 1, 0) for p in range(1, 6)]
    with (
        FakePacs(drawn, find_limit=3) as pacs,
        pytest.raises(WrongData, match="cuts its answer short"),
    ):
        find(server_of(pacs), Criteria(span=Span.parse("2021-03")), "study", pseudonyms)


@pytest.mark.parametrize(
    "criteria", [Criteria(), Criteria(description="*"), Criteria(patient="*?")], ids=str
)
def test_fetching_everything_is_refused_before_anything_is_asked(tmp_path, pseudonyms, criteria):
    with FakePacs([draw(1, 1, 1, 0)]) as pacs:
        with pytest.raises(WrongUse, match="everything"):
            fetch(server_of(pacs), criteria, tmp_path / "out", pseudonyms)
        assert pacs.asked == []
    assert not (tmp_path / "out").exists()


def test_a_few_missing_ones_are_asked_for_by_name(tmp_path, pseudonyms):
    with FakePacs([draw(1, 1, 1, n) for n in range(6)]) as pacs:
        fetched(pacs, tmp_path, pseudonyms)
        before = images_in(tmp_path)
        for name in sorted(before)[:2]:
            (tmp_path / name).unlink()
        pacs.asked.clear()
        counts, _ = fetched(pacs, tmp_path, pseudonyms)
        (asked,) = pacs.asked_of("get")
    assert asked.QueryRetrieveLevel == "IMAGE"
    assert len(asked.SOPInstanceUID) == 2
    assert (counts["new"], counts["repeated"]) == (2, 0)
    assert images_in(tmp_path) == before


def test_a_torn_last_line_of_the_journal_costs_nothing(tmp_path, pseudonyms):
    with FakePacs([draw(1, 1, 1, n) for n in range(4)]) as pacs:
        fetched(pacs, tmp_path, pseudonyms)
        journal = tmp_path / "journal.jsonl"
        whole = journal.read_bytes()
        journal.write_bytes(whole[:-30])
        before = images_in(tmp_path)
        counts, _ = fetched(pacs, tmp_path, pseudonyms)
    assert (counts["new"], counts["adopted"], counts["received"]) == (0, 1, 4)
    assert images_in(tmp_path) == before
    lines = [json.loads(line) for line in journal.read_text().splitlines()]
    assert sorted(line["file"] for line in lines) == sorted(before)


def test_a_damaged_line_within_the_journal_is_an_error(tmp_path, pseudonyms):
    with FakePacs([draw(1, 1, 1, n) for n in range(2)]) as pacs:
        fetched(pacs, tmp_path, pseudonyms)
        journal = tmp_path / "journal.jsonl"
        journal.write_bytes(b"{broken\n" + journal.read_bytes())
        with pytest.raises(WrongData, match="line 1 of the journal is damaged"):
            fetched(pacs, tmp_path, pseudonyms)


def test_a_truncated_file_is_fetched_again(tmp_path, pseudonyms):
    with FakePacs([draw(1, 1, 1, n) for n in range(4)]) as pacs:
        fetched(pacs, tmp_path, pseudonyms)
        before = images_in(tmp_path)
        name = sorted(before)[0]
        (tmp_path / name).write_bytes(before[name][:100])
        counts, _ = fetched(pacs, tmp_path, pseudonyms)
    assert counts["new"] == 1
    assert images_in(tmp_path) == before


def test_a_full_disk_stops_at_once_and_leaves_whole_files(tmp_path, pseudonyms, monkeypatch):
    from tamiz.acquisition import receiving

    left = [3]

    def write(path, content):
        left[0] -= 1
        if left[0] < 0:
            raise MachineTrouble.of("errors.disk_full", where=path, needed_mib=1, free_mib=0)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    monkeypatch.setattr(receiving, "write_bytes", write)
    with FakePacs([draw(1, 1, 1, n) for n in range(8)]) as pacs:
        with pytest.raises(MachineTrouble, match="the disk is full"):
            fetched(pacs, tmp_path, pseudonyms)
        monkeypatch.undo()
        counts, _ = fetched(pacs, tmp_path, pseudonyms)
    assert (counts["new"], counts["received"]) == (5, 8)


def test_too_little_room_stops_before_the_first_file(tmp_path, pseudonyms):
    with (
        FakePacs([draw(1, 1, 1, 0)]) as pacs,
        pytest.raises(MachineTrouble, match="the disk is full"),
    ):
        fetched(pacs, tmp_path, pseudonyms, free_bytes=2**60)
    assert images_in(tmp_path) == {}


def test_a_limit_of_time_ends_with_what_was_received(tmp_path, pseudonyms):
    with FakePacs([draw(1, 1, 1, n) for n in range(9)]) as pacs:
        values = {"max_per_second": 4.0, "max_minutes": 1 / 60}
        counts, _ = fetched(pacs, tmp_path, pseudonyms, **values)
        assert 0 < counts["received"] < 9
        counts, _ = fetched(pacs, tmp_path, pseudonyms)
    assert counts["received"] == 9


def test_the_number_per_second_is_kept_to(tmp_path, pseudonyms):
    start = time.monotonic()
    with FakePacs([draw(1, 1, 1, n) for n in range(5)]) as pacs:
        fetched(pacs, tmp_path, pseudonyms, max_per_second=8.0)
    assert time.monotonic() - start >= 4 / 8


def test_a_machine_without_a_server_is_told_as_such(pseudonyms):
    servers = Servers(Server("127.0.0.1", free_port(), "FAKE", timeout_s=0.3))
    with pytest.raises(Unreachable, match="nothing listens on this port"):
        find(servers, CT_ONLY, "study", pseudonyms)


def test_two_fetches_into_one_folder_do_not_mix(tmp_path, pseudonyms):
    from tamiz.core.files import locked

    with (
        FakePacs([draw(1, 1, 1, 0)]) as pacs,
        locked(tmp_path),
        pytest.raises(WrongUse, match="another tamiz is working"),
    ):
        fetched(pacs, tmp_path, pseudonyms)


def test_nothing_is_logged_or_warned_that_names_somebody(tmp_path, pseudonyms, caplog, capfd):
    bad = draw(1, 1, 1, 0, PatientBirthDate="PLANTADA")
    with caplog.at_level("DEBUG"), FakePacs([bad, draw(1, 1, 1, 1)]) as pacs:
        fetched(pacs, tmp_path, pseudonyms)
    said = caplog.text + "".join(capfd.readouterr())
    assert "PLANTAD" not in said
    assert uid(1, 1) not in said


def test_an_unreadable_folder_is_told_and_not_a_crash(tmp_path, pseudonyms, monkeypatch):
    def refuse(*_):
        raise OSError(errno.EROFS, "read-only")

    monkeypatch.setattr("tamiz.acquisition.journal.os.fsync", refuse)
    with FakePacs([draw(1, 1, 1, 0)]) as pacs, pytest.raises(WrongUse, match="cannot write"):
        fetched(pacs, tmp_path, pseudonyms)


def test_a_fault_of_the_program_is_not_mistaken_for_one_of_the_server(
    tmp_path, pseudonyms, monkeypatch
):
    class Fault(Exception):
        pass

    def fail(*_):
        raise Fault

    monkeypatch.setattr("tamiz.acquisition.receiving.deidentify", fail)
    with FakePacs([draw(1, 1, 1, 0)]) as pacs, pytest.raises(Fault):
        fetched(pacs, tmp_path, pseudonyms)


def test_answers_stay_where_they_are_until_asked_for():
    from pynetdicom import build_context

    from tamiz.acquisition.associations import association

    with FakePacs([]) as pacs:
        server = Server("127.0.0.1", pacs.port, "FAKE")
        with association(server, [build_context("1.2.840.10008.1.1")]) as opened:
            opened.dimse.msg_queue.put((None, None))
            time.sleep(0.05)  # pynetdicom's own thread looks every millisecond
            assert opened.dimse.msg_queue.qsize() == 1


def test_compressed_pixels_are_written_with_the_only_legal_vr():
    from pydicom import dcmread
    from pydicom.filebase import DicomBytesIO
    from pydicom.uid import RLELossless

    from tamiz.acquisition.receiving import _bytes_of

    packed = draw(1, 1, 1, 0)
    packed.compress(RLELossless)
    packed["PixelData"].VR = "OW"
    assert dcmread(DicomBytesIO(_bytes_of(packed)))["PixelData"].VR == "OB"


def test_a_run_that_is_always_stopped_early_still_gets_to_the_end(tmp_path, pseudonyms):
    n_here = [0]
    with FakePacs([draw(1, 1, 1, n) for n in range(8)]) as pacs:
        for _ in range(40):
            values = {"max_per_second": 20.0, "max_minutes": 0.35 / 60}
            counts, _said = fetched(pacs, tmp_path, pseudonyms, way="get", **values)
            assert counts["repeated"] == 0
            n_here.append(counts["received"])
            if counts["received"] == 8:
                break
    assert n_here[-1] == 8
    assert n_here == sorted(n_here)
