"""Bad and odd files, made when they are asked for: each with the code that comes of it.

READ means that the file is read like any other (here, without OCR, it then ends in E_NO_TABLES). OUT_OF_TIME ends in
E_PAGE_STALLED instead where the machine is so busy that it gave the page less than half the time it had.
"""

from __future__ import annotations

import io
import random
import zipfile
import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np
import pymupdf
from PIL import Image

from tests.ocr.jbig2 import jbig2_of

READ = "E_NO_TABLES"
OUT_OF_TIME = "E_PAGE_TIMEOUT"


@dataclass(frozen=True, slots=True)
class BadFile:
    """code: what comes of it; notes: what is noted of a file that can be opened."""

    name: str
    content: bytes
    code: str
    notes: tuple[str, ...] = ()

    def fits(self, codes: Collection[str]) -> bool:
        """Whether these are all the codes that came of it."""
        return set(codes) == {self.code} or (self.code == OUT_OF_TIME and set(codes) == {"E_PAGE_STALLED"})


def good_pdf(n_pages: int = 3) -> bytes:
    """A small scan of noise and strokes."""
    document = pymupdf.open()
    for number in range(n_pages):
        page = document.new_page(width=300, height=200)
        pixels = np.random.default_rng(number).integers(0, 256, (120, 180), np.uint8)
        page.insert_image(page.rect, stream=_encoded(Image.fromarray(pixels), "PNG"))
        page.insert_text((20, 100), f"page {number + 1}")
    return bytes(document.tobytes(no_new_id=True))


def bad_files(names: Collection[str] = ()) -> tuple[BadFile, ...]:
    """All of them, or those with these names. The large ones are made only when they are asked for."""
    made = [*_refused(), *_boxes(), *_active(), *_images(), *_bombs(names)]
    return tuple(item for item in made if not names or item.name in names)


def _refused() -> Iterator[BadFile]:
    good = good_pdf()
    yield BadFile("empty.pdf", b"", "E_EMPTY")
    yield BadFile("page.pdf", b"<!DOCTYPE html><html><body><table></table></body></html>", "E_NOT_PDF")
    yield BadFile("office.pdf", _zip("word/document.xml"), "E_NOT_PDF")
    yield BadFile("archive.pdf", _zip("a.txt"), "E_NOT_PDF")
    yield BadFile("noise.png", np.random.default_rng(7).bytes(4096), "E_NOT_PDF")
    yield BadFile("photo.pdf", _encoded(_noise("L"), "JPEG"), READ, ("misnamed",))
    yield BadFile("offset.pdf", b"x" * 1000 + good, READ)
    yield BadFile("offset-far.pdf", b"x" * 2000 + good, "E_NOT_PDF")
    for percent in (10, 50, 90, 99):
        yield BadFile(f"cut-{percent}.pdf", good[: len(good) * percent // 100], "E_TRUNCATED")
    yield BadFile("no-xref.pdf", good.replace(b"startxref", b"startxxxx"), READ, ("repaired",))
    yield BadFile("random-tail.pdf", good + np.random.default_rng(8).bytes(5000), READ, ("repaired",))
    yield BadFile("user-password.pdf", _protected(good, "secret"), "E_ENCRYPTED")
    yield BadFile("owner-password.pdf", _protected(good, ""), READ, ("owner_password",))
    yield BadFile("no-pages.pdf", pdf_of(b"<< /Type /Pages /Kids [] /Count 0 >>"), "E_NO_PAGES")
    many = b" ".join(b"%d 0 R" % (number + 3) for number in range(10_001))
    pages = b"<< /Type /Pages /Kids [%s] /Count 10001 >>" % many
    yield BadFile("10001-pages.pdf", pdf_of(pages, *[_page()] * 10_001), "E_PAGE_LIMIT")
    yield BadFile("blank.pdf", pdf_of(_pages(), _page()), READ)


def _boxes() -> Iterator[BadFile]:
    boxes = {
        "zero": (b"0 0 0 0", READ),
        "negative": (b"300 200 -100 -50", READ),
        "huge": (b"0 0 14400000 14400000", "E_UNREADABLE"),
        "5000": (b"0 0 5000 5000", READ),
    }
    for name, (box, code) in boxes.items():
        yield BadFile(f"box-{name}.pdf", pdf_of(_pages(), _page(b"/MediaBox [%s]" % box)), code)
    large = _page(b"/MediaBox [0 0 300 200] /UserUnit 75000")
    yield BadFile("user-unit.pdf", pdf_of(_pages(), large), "E_UNREADABLE")
    loop = b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"
    yield BadFile("cyclic-pages.pdf", pdf_of(loop), "E_UNREADABLE")
    deep = [b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (n + 3) for n in range(5000)]
    yield BadFile("deep-pages.pdf", pdf_of(*deep, _page()), READ)


def _bombs(names: Collection[str]) -> Iterator[BadFile]:
    if not names or "flate-bomb.pdf" in names:
        yield BadFile("flate-bomb.pdf", _flate_bomb(2_000), OUT_OF_TIME)
    yield BadFile("200k-q.pdf", pdf_with_content(b"q " * 200_000), "E_UNREADABLE")
    yield BadFile("image-bomb.pdf", _image_bomb(60_000), "E_UNREADABLE")
    yield BadFile("nested-forms.pdf", _nested_forms(9, 30), OUT_OF_TIME)
    yield BadFile("slow-strokes.pdf", pdf_with_content(_curves(400_000)), OUT_OF_TIME)


def _active() -> Iterator[BadFile]:
    action = b"/OpenAction << /S /JavaScript /JS (app.launchURL\\('http://127.0.0.1/'\\)) >>"
    launch = b"/OpenAction << /S /Launch /F (/bin/true) >>"
    yield BadFile("javascript.pdf", pdf_of(_pages(), _page(), catalogue=action), READ, ("javascript",))
    yield BadFile("launch.pdf", pdf_of(_pages(), _page(), catalogue=launch), READ, ("launch_actions",))
    document = pymupdf.open(stream=good_pdf(1))
    document.embfile_add("evil.exe", b"MZ" * 100)
    yield BadFile("embedded.pdf", bytes(document.tobytes()), READ, ("embedded_files",))
    yield BadFile("external.pdf", pdf_of(_pages(), _page(b"/Contents << /F (/etc/passwd) >>")), READ)


def _images() -> Iterator[BadFile]:
    frames = [_noise("L"), _noise("1"), _noise("RGB")]
    buffer = io.BytesIO()
    frames[0].save(buffer, "TIFF", save_all=True, append_images=frames[1:])
    yield BadFile("pages.tif", buffer.getvalue(), READ)
    yield BadFile("cmyk.jpg", _encoded(_noise("RGB").convert("CMYK"), "JPEG"), READ)
    yield BadFile("bilevel.tif", _encoded(_noise("1"), "TIFF", compression="group4"), READ)
    yield BadFile("palette.png", _encoded(_noise("RGB").quantize(16), "PNG"), READ)
    deep = Image.fromarray(np.random.default_rng(1).integers(0, 65536, (200, 300), np.uint16))
    yield BadFile("16-bit.png", _encoded(deep, "PNG"), READ)
    document = pymupdf.open()
    page = document.new_page(width=300, height=200)
    page.insert_image(page.rect, stream=_encoded(_noise("RGB"), "JPEG2000"))
    yield BadFile("jpeg2000.pdf", bytes(document.tobytes()), READ)
    fax = jbig2_of(np.asarray(_noise("1").convert("L")))
    yield BadFile("jbig2.pdf", image_pdf(300, 200, b"/JBIG2Decode", fax, bits=1), READ)
    yield BadFile("jbig2-cut.pdf", image_pdf(300, 200, b"/JBIG2Decode", fax[:-100], bits=1), "E_UNREADABLE")
    yield BadFile("jbig2-broken.pdf", image_pdf(300, 200, b"/JBIG2Decode", bytes(range(200))), "E_UNREADABLE")
    yield BadFile("jpeg-broken.pdf", image_pdf(300, 200, b"/DCTDecode", bytes(200)), "E_UNREADABLE")


def mutated(seed: int) -> bytes:
    """A small PDF with damage: bytes changed, cut out, doubled, or numbers made large."""
    chance = random.Random(seed)
    data = bytearray(_BASES[seed % len(_BASES)])
    for _ in range(chance.randint(1, 12)):
        at, length = chance.randrange(len(data)), chance.choice((1, 1, 2, 8, 64, 512))
        match chance.randrange(5):
            case 0:
                data[at : at + length] = chance.randbytes(length)
            case 1:
                del data[at : at + length]
            case 2:
                data[at:at] = data[at : at + length]
            case 3:
                data[at : at + 1] = chance.choice((b"99999999", b"-1", b"0", b"<<", b">>", b"obj", b"R"))
            case _:
                other = chance.randrange(len(data))
                data[at : at + length] = data[other : other + length]
        data = data or bytearray(b"%PDF-1.4")
    return bytes(data)


# --- parts -------------------------------------------------------------------------------------------------------


def pdf_of(*objects: bytes, catalogue: bytes = b"") -> bytes:
    """A PDF with a correct cross-reference table; object 1 is the catalogue, object 2 the first given, the page tree."""
    everything = (b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalogue, *objects)
    body, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(everything, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start, n = len(body), len(everything) + 1
    body += b"xref\n0 %d\n0000000000 65535 f \n" % n + b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return bytes(body + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (n, start))


def _pages() -> bytes:
    return b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"


def _page(more: bytes = b"/MediaBox [0 0 300 200]") -> bytes:
    return b"<< /Type /Page /Parent 2 0 R %s >>" % more


def _stream(content: bytes, more: bytes = b"") -> bytes:
    packed = zlib.compress(content, 9)
    return b"<< /Length %d /Filter /FlateDecode %s >>\nstream\n%s\nendstream" % (len(packed), more, packed)


def pdf_with_content(content: bytes) -> bytes:
    return pdf_of(_pages(), _page(b"/MediaBox [0 0 300 200] /Contents 4 0 R"), _stream(content))


def image_pdf(
    width: int,
    height: int,
    decoder: bytes,
    data: bytes,
    *others: bytes,
    bits: int = 8,
    colours: bytes = b"/DeviceGray",
    more: bytes = b"",
) -> bytes:
    """A page of 300 pt width that is one image. others: objects from number 6 on, for `colours` and `more` to name."""
    image = b"/Subtype /Image /Width %d /Height %d /BitsPerComponent %d /ColorSpace %s" % (width, height, bits, colours)
    image = raw_stream(data, b"/Type /XObject %s /Filter %s %s" % (image, decoder, more))
    size = (300, 300 * height / width)
    page = _page(b"/MediaBox [0 0 %d %f] /Contents 4 0 R /Resources << /XObject << /I 5 0 R >> >>" % size)
    return pdf_of(_pages(), page, _stream(b"%d 0 0 %f 0 0 cm /I Do" % size), image, *others)


def raw_stream(data: bytes, more: bytes) -> bytes:
    """An object of a PDF with these bytes as they are."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), more, data)


def _flate_bomb(n_megabytes: int) -> bytes:
    """A page that draws for ever, packed a thousandfold."""
    packer = zlib.compressobj(9)
    million = b"0 0 m 1 1 l\n" * 83_333
    packed = b"".join([*(packer.compress(million) for _ in range(n_megabytes)), packer.flush()])
    page = _page(b"/MediaBox [0 0 300 200] /Contents 4 0 R")
    return pdf_of(_pages(), page, raw_stream(packed, b"/Filter /FlateDecode"))


def _image_bomb(side: int) -> bytes:
    return image_pdf(side, side, b"/FlateDecode", zlib.compress(bytes(10_000_000), 9))


def _nested_forms(fan: int, depth: int) -> bytes:
    """Each form draws the next one fan times: fan ** depth drawings in a few kilobytes."""
    forms = [
        _stream(
            b"/F Do " * fan,
            b"/Type /XObject /Subtype /Form /BBox [0 0 300 200] /Resources << /XObject << /F %d 0 R >> >>" % (n + 6),
        )
        for n in range(depth)
    ]
    last = _stream(b"0 0 10 10 re f", b"/Type /XObject /Subtype /Form /BBox [0 0 300 200]")
    page = _page(b"/MediaBox [0 0 300 200] /Contents 4 0 R /Resources << /XObject << /F 5 0 R >> >>")
    return pdf_of(_pages(), page, _stream(b"/F Do"), *forms, last)


def _curves(n: int) -> bytes:
    return b"20 w 0.5 g " + b"0 0 m 300 200 0 200 300 0 c S " * n


def _zip(name: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, "<budget/>")
    return buffer.getvalue()


def _protected(data: bytes, user: str) -> bytes:
    document = pymupdf.open(stream=data)
    return bytes(document.tobytes(encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw=user, owner_pw="owner"))


def _noise(mode: str) -> Image.Image:
    return Image.fromarray(np.random.default_rng(3).integers(0, 256, (200, 300, 3), np.uint8)).convert(mode)


def _encoded(image: Image.Image, form: str, **options: str) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


_BASES = (good_pdf(2), pdf_with_content(b"q 1 0 0 1 10 10 cm 0 0 50 50 re f Q " * 20), _nested_forms(2, 3))
