"""Tables: which column is what, which file a row names, and that text stays text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.language import speaking
from tamiz.core.recipe import DataOptions
from tamiz.inputs.cells import read_cells
from tamiz.inputs.find import find
from tamiz.inputs.registry import Found
from tamiz.testing.pictures import png
from tamiz.testing.sources import class_folders, table_bytes, write_files, zip_bytes


def look(source, **options) -> Found:
    return find(DataOptions(source=str(source), **options))


def said(found: Found) -> str:
    return "\n".join(str(finding.what) for finding in found.findings)


def make(root, rows, header=("file", "label"), files=None, **how):
    """Write a table of `rows` and the files that it names; return the table's path."""
    names = [row[0] for row in rows] if files is None else files
    write_files(root, {name: png(seed) for seed, name in enumerate(dict.fromkeys(names))})
    (root / "table.csv").write_bytes(table_bytes([header, *rows], **how))
    return root / "table.csv"


def test_rows_name_files_and_labels(tmp_path):
    found = look(make(tmp_path, [("a.png", "cat"), ("sub/b.png", "dog")]))
    assert found.kind == "table"
    assert list(found.manifest.rows("path", "label")) == [("a.png", "cat"), ("sub/b.png", "dog")]
    assert "the column 'file' is taken for the files' names" in said(found)
    assert "the column 'label' is taken for the label" in said(found)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    ("encoding", "shown"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8 (BOM)"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "utf-16-le"),
        ("latin-1", "Latin-1"),
        ("cp1252", "Windows-1252"),
    ],
)
def test_separator_and_encoding_are_found_and_said(tmp_path, separator, encoding, shown):
    odd = "œdème" if encoding == "cp1252" else "neumonía"
    rows = [("ñandú.png", odd, "0,5"), ("b.png", "sano", "1,25")]
    header = ("imágen", "diagnóstico", "año")
    table = make(tmp_path, rows, header, separator=separator, encoding=encoding)
    found = look(table)
    assert found.manifest.column("label") == [odd, "sano"]
    assert found.manifest.column("path") == ["ñandú.png", "b.png"]
    assert found.manifest.column("año") == ["0,5", "1,25"]
    separator = {"\t": "tab"}.get(separator, separator)
    assert f"read as {shown}, cells separated by '{separator}', 2 rows" in said(found)


def test_what_the_user_says_of_encoding_and_separator_wins(tmp_path):
    table = tmp_path / "t.csv"
    table.write_bytes("file:label\na.png:ÄÖ\n".encode("cp437"))
    write_files(tmp_path, {"a.png": png()})
    found = look(table, encoding="cp437", separator=":")
    assert found.manifest.column("label") == ["ÄÖ"]
    with pytest.raises(WrongData, match="the table is not utf-8"):
        look(table, encoding="utf-8", separator=":")
    with pytest.raises(WrongData, match="the table is not klingon"):
        look(table, encoding="klingon")


IDS = ["007", "7", "7.0", "1e5", "100000", "00e100", "NA", "None", "null", "nan", "TRUE", "-", "é"]


def test_ids_and_labels_stay_text(tmp_path):
    rows = [(f"{n}.png", one, one) for n, one in enumerate(IDS)]
    found = look(make(tmp_path, rows, ("file", "label", "patient_id")))
    assert found.manifest.column("label") == IDS
    assert found.manifest.column("group") == IDS


cells = st.text(st.characters(codec="utf-8", exclude_characters="\0\r\n"), max_size=8)
words = cells.map(str.strip).filter(bool)


@given(st.lists(st.tuples(words, cells, cells), min_size=1, max_size=8), st.sampled_from(",;\t|"))
def test_a_table_read_is_the_table_written(rows, separator):
    header = ("file", "label", "more")
    content = table_bytes([header, *rows], separator=separator)
    made = read_cells(content, "t.csv", "utf-8", separator)
    assert list(zip(*made.columns.values(), strict=True)) == rows


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("t.xlsx", zip_bytes({"xl/workbook.xml": b"<workbook/>", "xl/media/logo.png": png(1)})),
        ("t.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
    ],
)
def test_a_workbook_is_refused_with_the_way_out_whatever_lies_in_it(tmp_path, name, content):
    write_files(tmp_path, {name: content})
    with pytest.raises(WrongData, match=r"a workbook .* Save its sheet as CSV") as error:
        look(tmp_path / name, label="label")
    assert name in str(error.value)


def test_an_empty_label_is_no_label(tmp_path):
    found = look(make(tmp_path, [("a.png", ""), ("b.png", "  "), ("c.png", "cat")]))
    assert found.manifest.column("label") == [None, None, "cat"]


@pytest.mark.parametrize(
    ("header", "group", "centre"),
    [
        (("Archivo", "Etiqueta", "ID paciente", "Centro"), True, True),
        (("image_path", "Clase", "patientid", "hospital"), True, True),
        (("filename", "FINDING", "Paciente", "site"), True, True),
        (("fichero", "Diagnóstico", "nothing", "else"), False, False),
    ],
)
def test_columns_are_guessed_from_english_and_spanish_names(tmp_path, header, group, centre):
    rows = [(f"{n}.png", "ab"[n % 2], f"p{n}", f"h{n % 2}") for n in range(6)]
    found = look(make(tmp_path, rows, header))
    assert found.manifest.classes() == ["a", "b"]
    assert found.manifest.column("group") == [row[2] if group else None for row in rows]
    assert ("centre" in found.manifest.column_names) == centre
    assert (f"the column '{header[2]}' is taken for the group" in said(found)) == group


def test_options_name_columns_and_a_template_makes_the_path(tmp_path):
    rows = [("006388_0", "11", "006388", "CE"), ("00e100_0", "4", "00e100", "LAA")]
    header = ("image_id", "center_id", "patient_id", "kind")
    files = ["slides/006388_0.png", "slides/00e100_0.png"]
    table = make(tmp_path, rows, header, files)
    found = look(
        table,
        root=str(tmp_path / "slides"),
        path="{image_id}.png",
        label="kind",
        group="patient_id",
        centre="center_id",
    )
    assert found.manifest.root == tmp_path / "slides"
    assert list(found.manifest.rows("path", "label", "group", "centre", "image_id")) == [
        ("006388_0.png", "CE", "006388", "11", "006388_0"),
        ("00e100_0.png", "LAA", "00e100", "4", "00e100_0"),
    ]
    assert "taken for" not in said(found)
    assert [(entry.path, entry.reason) for entry in found.others] == [
        (str(table), "the table itself")  # once, though it lies apart from the images
    ]


def test_a_wrong_column_is_named_with_the_nearest_one(tmp_path):
    table = make(tmp_path, [("a.png", "cat")])
    with pytest.raises(WrongUse, match=r"no column 'labels' .* did you mean 'label'") as e:
        look(table, label="labels")
    assert "The columns are: file, label" in str(e.value)
    with pytest.raises(WrongUse, match=r"no column 'id' for data\.path"):
        look(table, path="{id}.png")
    with pytest.raises(WrongUse, match="the braces of"):
        look(table, path="{file.png")


def test_without_a_known_column_of_files_the_columns_are_listed(tmp_path):
    table = make(tmp_path, [("a.png", "cat")], ("wer", "label"))
    with pytest.raises(WrongData, match=r"its columns: wer, label.*--path \"\{image_id\}.tif\""):
        look(table)


def test_missing_files_stop_with_lines_and_count(tmp_path):
    rows = [(f"{n:02}.png", "ab"[n % 2]) for n in range(40)]
    table = make(tmp_path, rows, files=["00.png", "05.png"])
    with pytest.raises(WrongData, match="38 of 40 rows name a file that is not there") as error:
        look(table)
    assert str(error.value).startswith("table.csv:3: ")
    assert error.value.details[0] == "line 3: 01.png"
    assert len(error.value.details) == 21
    assert error.value.details[-1] == "... and 18 more"


def test_missing_files_can_be_left_out_and_are_reported(tmp_path):
    table = make(tmp_path, [("a.png", "x"), ("b.png", "y"), ("c.png", "x")], files=["a.png"])
    found = look(table, missing_files="leave-out")
    assert found.manifest.column("path") == ["a.png"]
    assert [(row.line, row.path) for row in found.missing] == [(3, "b.png"), (4, "c.png")]
    assert "2 of 3 rows name a file that is not there and are left out" in said(found)


def test_when_every_file_is_missing_the_root_is_in_doubt(tmp_path):
    table = make(tmp_path, [("a.png", "x"), ("b.png", "y")], files=[])
    for missing_files in ("refuse", "leave-out"):
        with pytest.raises(WrongData, match=r"not one of the 2 files .* --root FOLDER"):
            look(table, missing_files=missing_files)


def test_a_file_named_twice_with_one_label_counts_once(tmp_path):
    table = make(
        tmp_path, [("a.png", "x"), ("b.png", "y"), ("./a.png", "x")], files=["a.png", "b.png"]
    )
    found = look(table)
    assert found.manifest.column("path") == ["a.png", "b.png"]
    assert "1 row names a file that an earlier row names with the same label" in said(found)


def test_a_file_named_twice_with_two_labels_is_refused_with_the_lines(tmp_path):
    table = make(tmp_path, [("a.png", "x"), ("b.png", "y"), ("a.png", "y")])
    with pytest.raises(WrongData, match=r"table.csv:4: 1 file .* a.png, lines 2 and 4: x"):
        look(table)


def test_a_file_named_for_two_groups_is_a_warning(tmp_path):
    rows = [("a.png", "x", "p1"), ("b.png", "y", "p2"), ("a.png", "x", "p3")]
    found = look(make(tmp_path, rows, ("file", "label", "patient")))
    warning = next(one for one in found.findings if str(one.severity) == "warning")
    assert [str(one) for one in warning.items] == ["a.png, lines 2 and 4: p1 / p3"]


def test_lines_named_in_a_finding_are_in_its_readers_language(tmp_path):
    rows = [("a.png", "x", "p1"), ("b.png", "y", "p2"), ("a.png", "x", "p3"), ("c.png", "y", "p4")]
    files = ["a.png", "b.png"]
    table = make(tmp_path, rows, ("file", "label", "patient"), files)
    found = look(table, missing_files="leave-out")
    with speaking("es"):
        lines = [str(line) for one in found.findings for line in one.items]
    assert "línea 5: c.png" in lines
    assert "a.png, líneas 2 y 4: p1 / p3" in lines


def test_windows_paths_are_understood(tmp_path):
    table = make(
        tmp_path, [("sub\\a.png", "x"), (".\\sub\\b.png", "y")], files=["sub/a.png", "sub/b.png"]
    )
    assert look(table).manifest.column("path") == ["sub/a.png", "sub/b.png"]


@pytest.mark.parametrize("name", ["../secret.png", "/etc/passwd", "C:\\x.png", "a/../../x.png"])
def test_a_path_out_of_the_root_is_refused(tmp_path, name):
    (tmp_path / "in").mkdir()
    table = make(tmp_path / "in", [("a.png", "x"), (name, "y")], files=["a.png"])
    with pytest.raises(WrongData, match=r"table.csv:3: 1 row leads out of the folder"):
        look(table)


def test_a_path_out_of_the_root_is_followed_when_allowed(tmp_path):
    write_files(tmp_path, {"secret.png": png(9)})
    (tmp_path / "in").mkdir()
    table = make(tmp_path / "in", [("a.png", "x"), ("../secret.png", "y")], files=["a.png"])
    found = look(table, allow_outside=True)
    assert found.manifest.column("path") == ["a.png", "../secret.png"]


def test_an_absolute_path_inside_the_root_is_made_relative(tmp_path):
    table = make(
        tmp_path, [(str(tmp_path / "a.png"), "x"), ("b.png", "y")], files=["a.png", "b.png"]
    )
    assert look(table).manifest.column("path") == ["a.png", "b.png"]


def test_accents_written_either_way_find_their_file(tmp_path):
    write_files(tmp_path, {"n\u0303.png": png(1)})
    table = make(tmp_path, [("\u00f1.png", "x")], files=[])
    assert look(table).manifest.column("path") == ["n\u0303.png"]


def test_files_in_folders_that_the_table_does_not_say_are_found_by_name(tmp_path):
    table = make(tmp_path, [("a.png", "x"), ("b.png", "y")], files=["images/a.png", "images/b.png"])
    found = look(table)
    assert found.manifest.column("path") == ["images/a.png", "images/b.png"]
    assert "found by their name alone" in said(found)


def test_ids_without_suffix_find_their_file(tmp_path):
    header = ("image_id", "label")
    table = make(tmp_path, [("007", "x"), ("7", "y")], header, ["im/007.png", "im/7.png"])
    found = look(table)
    assert found.manifest.column("path") == ["im/007.png", "im/7.png"]
    assert "without its suffix" in said(found)


def test_files_without_a_row_are_unlabelled_and_the_table_is_no_image(tmp_path):
    table = make(tmp_path, [("a.png", "x"), ("b.png", "y")], files=["a.png", "b.png", "c.png"])
    found = look(table)
    fates = {entry.path: (str(entry.fate), entry.reason) for entry in found.others}
    assert fates == {
        "c.png": ("unlabelled", "no row of the table names it"),
        "table.csv": ("not an image", "the table itself"),
    }


def test_a_folder_with_a_table_and_pictures_is_a_table(tmp_path):
    make(tmp_path, [("images/a.png", "x"), ("images/b.png", "y")])
    found = look(tmp_path)
    assert found.kind == "table"
    assert found.manifest.column("label") == ["x", "y"]


def test_a_folder_of_class_folders_stays_one_beside_a_table(tmp_path):
    class_folders(tmp_path)
    (tmp_path / "notes.csv").write_bytes(table_bytes([("file", "label"), ("cat/0.png", "x")]))
    found = look(tmp_path)
    assert found.kind == "folder"
    assert [entry.path for entry in found.others] == ["notes.csv"]
    assert look(tmp_path, kind="table").manifest.column("path") == ["cat/0.png"]


def test_of_two_tables_none_is_taken(tmp_path):
    make(tmp_path, [("im/a.png", "x")])
    (tmp_path / "other.csv").write_bytes((tmp_path / "table.csv").read_bytes())
    with pytest.raises(WrongData, match=r"several tables could be meant: other.csv, table.csv"):
        look(tmp_path)


def test_a_table_in_an_archive_names_its_members(tmp_path):
    table = table_bytes([("file", "label"), ("im/a.png", "x"), ("im/b.png", "y")])
    files = {"set/t.csv": table, "set/im/a.png": png(1), "set/im/b.png": png(2)}
    (tmp_path / "a.zip").write_bytes(zip_bytes(files))
    found = look(tmp_path / "a.zip")
    assert found.kind == "table"
    assert found.manifest.column("path") == ["a.zip!/set/im/a.png", "a.zip!/set/im/b.png"]


def test_parquet_is_read_as_text(tmp_path):
    import polars as pl

    write_files(tmp_path, {"a.png": png(1), "b.png": png(2)})
    columns = {
        "file": ["a.png", "b.png"],
        "label": [1, 2],
        "patient": ["007", None],
        "raw": [b"x", b""],
    }
    pl.DataFrame(columns).write_parquet(tmp_path / "t.parquet")
    found = look(tmp_path / "t.parquet")
    assert list(found.manifest.rows("label", "group")) == [("1", "007"), ("2", None)]


def test_a_split_column_is_given_and_normalised(tmp_path):
    rows = [("a.png", "x", "Training"), ("b.png", "y", "test"), ("c.png", "y", "validación")]
    found = look(make(tmp_path, rows, ("file", "label", "split")))
    assert found.manifest.column("given_split") == ["train", "test", "val"]
    rows = [("a.png", "x", "3"), ("b.png", "y", "4")]
    found = look(make(tmp_path, rows, ("file", "label", "split")))
    assert found.manifest.column("given_split") == [None, None]


def test_columns_named_like_our_own_are_kept_under_another_name(tmp_path):
    found = look(make(tmp_path, [("a.png", "x", "5")], ("file", "label", "width")))
    assert found.manifest.column("table_width") == ["5"]


def test_a_group_of_a_handful_of_values_is_not_guessed(tmp_path):
    rows = [(f"{n}.png", "ab"[n % 2], ("case", "control")[n % 2]) for n in range(24)]
    found = look(make(tmp_path, rows, ("file", "label", "group")))
    assert set(found.manifest.column("group")) == {None}


def test_a_few_patients_are_still_patients(tmp_path):
    rows = [(f"{n}.png", "ab"[n % 2], f"p{n % 3}") for n in range(24)]
    found = look(make(tmp_path, rows, ("file", "label", "patient_id")))
    assert set(found.manifest.column("group")) == {"p0", "p1", "p2"}


def warnings_of(found):
    return [str(one.what) for one in found.findings if str(one.severity) == "warning"]


def test_a_column_of_groups_that_is_not_used_is_a_warning(tmp_path):
    rows = [(f"{n}.png", "ab"[n % 2], ("case", "control")[n % 2]) for n in range(24)]
    found = look(make(tmp_path, rows, ("file", "label", "group")))
    assert warnings_of(found) == [
        "the column 'group' (2 values) looks like one of patients or groups and is not used: the "
        "split may tear its images apart"
    ]
    assert warnings_of(look(tmp_path / "table.csv", group="group")) == []


def test_a_vague_column_does_not_hide_the_patients(tmp_path):
    rows = [(f"{n}.png", "ab"[n % 2], "ab"[n % 2], f"h{n // 2}") for n in range(24)]
    found = look(make(tmp_path, rows, ("file", "label", "grupo", "NHC")))
    assert found.manifest.column("group") == [row[3] for row in rows]
    assert len(warnings_of(found)) == 1


def test_slides_within_the_patients_in_use_are_no_warning(tmp_path):
    rows = [(f"{n}.png", "ab"[n % 2], f"p{n // 4}", f"s{n // 2}") for n in range(24)]
    header = ("file", "label", "patient", "slide_id")
    assert warnings_of(look(make(tmp_path, rows, header))) == []
    torn = [(*row[:3], "s0") for row in rows]
    assert "'slide_id' (1 value)" in warnings_of(look(make(tmp_path, torn, header)))[0]


@pytest.mark.parametrize("options", [{"label": "dx"}, {"label": "dx", "group": "patient"}])
def test_an_option_of_columns_makes_a_folder_with_a_table_a_table(tmp_path, options):
    class_folders(tmp_path)
    rows = [("file", "dx", "patient"), ("cat/0.png", "x", "p1"), ("dog/0.png", "y", "p2")]
    (tmp_path / "meta.csv").write_bytes(table_bytes(rows))
    assert look(tmp_path).kind == "folder"
    found = look(tmp_path, **options)
    assert found.kind == "table"
    assert list(found.manifest.rows("label", "group")) == [("x", "p1"), ("y", "p2")]
    with pytest.raises(WrongUse, match="no column 'dxx'"):
        look(tmp_path, label="dxx")


def test_of_two_tables_the_one_with_the_named_columns_is_taken(tmp_path):
    make(tmp_path, [("im/a.png", "x")], ("file", "finding_code"))
    (tmp_path / "other.csv").write_bytes(table_bytes([("file", "label"), ("im/a.png", "y")]))
    assert look(tmp_path, label="finding_code").manifest.column("label") == ["x"]


def test_label_from_a_column_and_from_the_name_at_once_is_refused(tmp_path):
    table = make(tmp_path, [("a.png", "cat")])
    with pytest.raises(WrongUse, match="--label and --label-from-name are given together"):
        look(table, label="label", label_from_name=".")


@pytest.mark.parametrize("is_folder", [True, False])
def test_a_link_out_of_the_source_is_not_followed_for_a_row(tmp_path, is_folder):
    write_files(tmp_path / "elsewhere", {"a.png": png(9)})
    root = write_files(tmp_path / "in", {"b.png": png(1)})
    (root / "ext").symlink_to(tmp_path / "elsewhere")
    (root / "c.png").symlink_to(tmp_path / "elsewhere" / "a.png")
    row = "ext/a.png" if is_folder else "c.png"
    (root / "t.csv").write_bytes(table_bytes([("file", "label"), ("b.png", "x"), (row, "y")]))
    for source in (root / "t.csv", root):
        with pytest.raises(WrongData, match=f"t.csv:3: 1 row leads out of the folder .*{row}"):
            look(source)
        assert look(source, allow_outside=True).manifest.column("path") == ["b.png", row]


def test_a_link_that_stays_inside_is_followed_for_a_row(tmp_path):
    root = write_files(tmp_path / "in", {"deep/a.png": png(1)})
    (root / "short").symlink_to(root / "deep")
    (root / "t.csv").write_bytes(table_bytes([("file", "label"), ("short/a.png", "x")]))
    assert look(root / "t.csv").manifest.column("path") == ["short/a.png"]


def test_labels_and_groups_may_come_from_the_name(tmp_path):
    table = make(tmp_path, [("p1_x.png", "?"), ("p2_y.png", "?")], ("file", "remark"))
    found = look(table, label_from_name=r"_(\w)\.", group_from_name=r"p\d")
    assert list(found.manifest.rows("label", "group")) == [("x", "p1"), ("y", "p2")]


def test_without_a_label_column_the_rows_are_unlabelled_and_the_columns_told(tmp_path):
    found = look(make(tmp_path, [("a.png", "1")], ("file", "remark")))
    assert found.manifest.column("label") == [None]
    assert "no column is known to hold the label; --label names one of: file, remark" in said(found)
