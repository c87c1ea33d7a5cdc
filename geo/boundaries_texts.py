"""What the boundary import says, in Vietnamese and English: refusals, methods, doubts, notes, stages."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from data.problems import MESSAGES, Problem

Text = dict[str, str]

REFUSALS: Final[dict[str, Text]] = {
    "not_vector": {
        "vi": "không đọc được: không phải tệp bản đồ, hoặc tệp bị hỏng",
        "en": "cannot be read: not a map file, or damaged",
    },
    "broken_zip": {
        "vi": "tệp nén hỏng hoặc tải thiếu; hãy tải lại",
        "en": "the zip is damaged or cut short; fetch it again",
    },
    "no_map_in_zip": {"vi": "trong tệp nén không có tệp bản đồ", "en": "there is no map file in the zip"},
    "no_polygons": {
        "vi": "không có vùng (polygon) nào; cần lớp ranh giới xã",
        "en": "there are no polygons; a layer of commune areas is needed",
    },
    "no_crs": {
        "vi": "toạ độ không phải là độ mà tệp không ghi hệ toạ độ (thiếu .prj); hãy chọn hệ toạ độ, "
        "ở dòng lệnh bằng --crs EPSG:…",
        "en": "coordinates are not degrees and the file does not state their system (no .prj); "
        "choose it, on the command line with --crs EPSG:…",
    },
    "bad_crs": {"vi": "không có hệ toạ độ này", "en": "there is no such coordinate system"},
    "outside": {
        "vi": "bản đồ nằm ngoài Việt Nam: sai nước hoặc sai hệ toạ độ (xem --crs)",
        "en": "the map lies outside Viet Nam: another country, or the wrong coordinate system (see --crs)",
    },
    "no_such_column": {"vi": "tệp không có cột này", "en": "the file has no such column"},
    "no_unit_columns": {
        "vi": "không cột nào chứa mã xã hoặc tên xã; chỉ rõ bằng --code hoặc --commune",
        "en": "no column holds commune codes or commune names; name one with --code or --commune",
    },
    "duplicate_code": {
        "vi": "một mã dùng cho nhiều xã tên khác nhau",
        "en": "one code is given to communes of different names",
    },
    "few_matched": {
        "vi": "phần lớn các vùng không khớp với xã nào của Việt Nam",
        "en": "most polygons match no commune of Viet Nam",
    },
    "newer_than_geography": {
        "vi": "tệp vẽ các xã mới từ 01/07/2025, không tách ngược về xã cũ được",
        "en": "the file draws the communes in force since 1 July 2025, which cannot be split back into old ones",
    },
    "displaced": {
        "vi": "phần lớn các vùng không nằm ở vị trí chính thức: sai hệ toạ độ, sai cấp hoặc sai mã",
        "en": "most polygons lie away from their official places: wrong coordinate system, level or codes",
    },
    "tangled": {
        "vi": "đường ranh tự cắt quá nhiều lần, không sửa được; hãy sửa bằng phần mềm GIS",
        "en": "the border crosses itself too often to be repaired; mend it in GIS software",
    },
    "not_clean": {
        "vi": "ranh giới các vùng không ghép lại với nhau được; hãy kiểm tra hình bằng phần mềm GIS",
        "en": "the borders of the areas cannot be fitted together; check the shapes in GIS software",
    },
    "too_much_memory": {
        "vi": "nhập tệp này cần quá nhiều bộ nhớ; hãy giản lược đường ranh trước, "
        "hoặc ở dòng lệnh cho nhiều hơn bằng --memory",
        "en": "importing this file takes too much memory; simplify its borders first, "
        "or on the command line allow more with --memory",
    },
    "too_long": {
        "vi": "nhập tệp này quá lâu, đã dừng; hãy giản lược đường ranh trước",
        "en": "importing this file takes too long and was stopped; simplify its borders first",
    },
    "not_written": {
        "vi": "không ghi được ranh giới; ranh giới cũ giữ nguyên",
        "en": "the boundaries cannot be written; the former ones are unchanged",
    },
    "gave_up": {
        "vi": "bộ đọc bản đồ dừng đột ngột ở tệp này; tệp có thể bị hỏng",
        "en": "the map reader stopped at this file; it may be damaged",
    },
}
MESSAGES.update(REFUSALS)

# From the strongest evidence to the weakest.
METHODS: Final[dict[str, Text]] = {
    "code": {"vi": "theo mã", "en": "by code"},
    "name": {"vi": "theo tên trong huyện và tỉnh", "en": "by name within district and province"},
    "change": {
        "vi": "theo các thay đổi đơn vị hành chính từ ngày vẽ",
        "en": "by the unit changes since the file was drawn",
    },
    "province_name": {
        "vi": "theo tên trong tỉnh (huyện đã đổi), vị trí khớp",
        "en": "by name within the province (the district changed), the position agreeing",
    },
    "country_name": {
        "vi": "theo tên trong cả nước, vị trí khớp",
        "en": "by name in the whole country, the position agreeing",
    },
    "similar_name": {
        "vi": "theo tên viết gần giống trong huyện",
        "en": "by a similar name within the district",
    },
    "point": {
        "vi": "toạ độ chính thức của xã nằm trong vùng",
        "en": "the commune's official point lies in the polygon",
    },
    "extent": {
        "vi": "vùng nằm trong khung toạ độ chính thức của xã và giáp xã đó",
        "en": "the polygon lies within the commune's official extent and borders it",
    },
    "split": {
        "vi": "tách từ vùng của xã cũ; đường ranh chỉ là ước lượng",
        "en": "cut from the former commune's polygon; the line between them is an estimate",
    },
}

REASONS: Final[dict[str, Text]] = {
    "code_and_name_differ": {"vi": "mã và tên chỉ hai xã khác nhau", "en": "code and name disagree"},
    "far_from_official_place": {
        "vi": "vùng không nằm ở vị trí chính thức",
        "en": "the polygon lies away from the official place",
    },
    "size_differs": {
        "vi": "độ lớn khác xa khung hoặc diện tích chính thức",
        "en": "its size is far from the official extent or area",
    },
    "place_only": {
        "vi": "chỉ khớp theo vị trí, tên khác hoặc thiếu",
        "en": "matched by place only; the name differs or is missing",
    },
    "spelling_differs": {
        "vi": "tên viết khác và vị trí chính thức không xác nhận",
        "en": "the name is spelled differently and the official place does not confirm it",
    },
    "split_estimated": {
        "vi": "ranh giới trong vùng cũ chỉ là ước lượng",
        "en": "the border inside the former polygon is an estimate",
    },
    "overlapped": {
        "vi": "chồng lấn đáng kể với vùng khác; phần chồng đã giao cho một bên",
        "en": "overlapped another polygon noticeably; the overlap went to one of them",
    },
    "part_changed_hands": {
        "vi": "một phần xã đã chuyển sang xã khác sau ngày vẽ",
        "en": "a part of the commune moved to another since the file was drawn",
    },
    "dissolved": {
        "vi": "đơn vị đã giải thể, nơi này không còn xã",
        "en": "the unit was dissolved and there are no communes there any more",
    },
    "broken_shape": {
        "vi": "hình hỏng: vòng không khép, chỉ một điểm, hoặc toạ độ không phải là số",
        "en": "a broken shape: an open ring, a single point, or a coordinate that is no number",
    },
    "no_geometry": {"vi": "dòng không có hình", "en": "the row has no shape"},
    "not_a_polygon": {"vi": "hình không phải là vùng", "en": "the shape is not an area"},
    "no_name": {"vi": "không có tên và không khớp theo vị trí", "en": "no name, and no match by place"},
    "unknown_name": {"vi": "không có xã nào tên này ở đây", "en": "no commune of this name here"},
    "swallowed": {"vi": "nằm trọn trong vùng khác", "en": "lies wholly inside another polygon"},
    "not_drawn": {"vi": "tệp không vẽ xã này", "en": "the file does not draw this commune"},
}

NOTES: Final[dict[str, Text]] = {
    "crs_assumed": {
        "vi": "tệp không ghi hệ toạ độ; coi là kinh độ, vĩ độ WGS 84",
        "en": "the file states no coordinate system; taken as longitude and latitude, WGS 84",
    },
    "crs_damaged": {
        "vi": "hệ toạ độ ghi trong tệp bị hỏng; đã bỏ qua",
        "en": "the coordinate system the file states makes no sense; set aside",
    },
    "axes_swapped": {
        "vi": "kinh độ và vĩ độ bị đảo; đã đổi lại",
        "en": "latitude and longitude were swapped; put right",
    },
    "repaired": {"vi": "số vùng có đường ranh tự cắt đã sửa", "en": "self-crossing shapes repaired"},
    "closed": {"vi": "số vòng hở đã khép lại", "en": "open rings closed"},
    "layer": {"vi": "lớp đã dùng trong tệp", "en": "layer used"},
    "other_shapes": {
        "vi": "số dòng bỏ qua vì không phải là vùng",
        "en": "rows left out because they are not areas",
    },
    "tcvn3": {
        "vi": "tên đã đổi từ bảng mã TCVN3 sang Unicode",
        "en": "names converted from TCVN3 to Unicode",
    },
    "windows1258": {
        "vi": "tên đã đổi từ bảng mã Windows-1258 sang Unicode",
        "en": "names converted from Windows-1258 to Unicode",
    },
    "viscii": {
        "vi": "tên đã đổi từ bảng mã VISCII sang Unicode",
        "en": "names converted from VISCII to Unicode",
    },
    "vni": {"vi": "tên đã đổi từ bảng mã VNI sang Unicode", "en": "names converted from VNI to Unicode"},
    "utf8": {"vi": "tên đã đọc lại theo UTF-8", "en": "names read again as UTF-8"},
    "same_unit": {
        "vi": "số dòng thừa của xã vẽ thành nhiều mảnh; đã gộp",
        "en": "extra rows of communes drawn in several pieces; joined",
    },
    "slivers": {"vi": "số khe hở đã lấp", "en": "gaps between neighbours filled"},
    "reform": {
        "vi": "tệp vẽ xã cũ; đã gộp theo sắp xếp 01/07/2025",
        "en": "the file draws the old communes; joined as they were merged on 1 July 2025",
    },
}

STAGES: Final[dict[str, Text]] = {
    "read": {"vi": "Đọc tệp", "en": "Reading the file"},
    "match": {"vi": "Khớp với xã chính thức", "en": "Matching to official communes"},
    "clean": {"vi": "Làm sạch ranh giới", "en": "Cleaning the borders"},
    "simplify": {"vi": "Giản lược ranh giới", "en": "Simplifying the borders"},
    "write": {"vi": "Ghi kết quả", "en": "Writing the result"},
}


def problem(
    code: str,
    path: Path,
    *,
    column: str | None = None,
    found: str | None = None,
    expected: str | None = None,
    row: int | None = None,
) -> Problem:
    """Return a problem of a boundary file, named by its file name alone."""
    return Problem(code=code, file=path.name, row=row, column=column, found=found, expected=expected)
