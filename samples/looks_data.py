"""Looks and ageings by name: data, to be added to."""

from __future__ import annotations

from dataclasses import replace

from samples.values import Ageing, Frame, Look, Stroke

PLAIN = Look()
HEI_GREY = Look("hei_grey", "hei", "hei", 9.5, 15.0, header_grey=222, number_align="right", row_min_pt=17.0)
KAI_WIDE = Look(
    "kai_wide", "kai", "hei", 11.0, 18.0, outer_pt=1.5, inner_pt=0.5, number_align="centre", letter_spaced=True,
    row_min_pt=22.0, pad_y=3.5,
)  # fmt: skip
MING_THIN = Look(
    "ming_thin", "ming", "hei", 10.5, 16.0, outer_pt=0.4, inner_pt=0.4, header_bold=False, row_min_pt=20.0
)  # fmt: skip
ZENHEI_DOUBLE = Look(
    "zenhei_double", "zenhei", "zenhei", 9.0, 16.0, outer_pt=0.6, inner_pt=0.6, double=True, number_align="centre"
)
MICROHEI_DOTTED = Look(
    "microhei_dotted", "microhei", "microhei", 9.5, 15.0, outer_pt=0.8, inner_pt=0.6, stroke=Stroke.DOTTED
)
SONG_ZEBRA = Look("song_zebra", "song", "hei", 10.0, 16.0, zebra_grey=236, header_grey=212, inner_pt=0.5)
GREY_RULES = Look("grey_rules", "hei", "hei", 9.5, 15.0, ruling_grey=130, outer_pt=0.6, inner_pt=0.6)
OPEN_SIDES = Look("open_sides", "song", "song", 10.0, 16.0, frame=Frame.OPEN_SIDES)

FLATBED = Ageing("flatbed")
OFFICE = Ageing("office", skew_degrees=0.8, blur_pt=0.16, noise=2.5, jpeg=42, shade=0.06)
TILTED = Ageing("tilted", skew_degrees=2.6, blur_pt=0.16, noise=3.5, jpeg=48, shade=0.08)
YELLOWED = Ageing("yellowed", mode="colour", skew_degrees=0.7, noise=3.0, jpeg=48, paper=(243, 232, 205), ink=0.85)
FADED = Ageing("faded", skew_degrees=0.6, blur_pt=0.2, noise=4.5, jpeg=48, ink=0.55, shade=0.1)
FAX = Ageing("fax", dpi=200, mode="bilevel", skew_degrees=0.9, blur_pt=0.2, noise=22.0, salt=0.0006)
COARSE = Ageing("coarse", dpi=150, skew_degrees=0.9, blur_pt=0.18, noise=3.5, jpeg=48, shade=0.05)
FINE = Ageing("fine", dpi=300, skew_degrees=0.5, blur_pt=0.15, noise=3.0, jpeg=50)
WAVY = Ageing("wavy", skew_degrees=0.8, blur_pt=0.18, noise=3.5, jpeg=48, warp_pt=2.5, shade=0.15)
SEALED = replace(YELLOWED, name="sealed", paper=(250, 248, 242), ink=0.95, seals=1)
SEAL_OVER = replace(SEALED, name="seal_over", seals=2, seal_over_ink=True)
BLUE_SEAL = replace(SEAL_OVER, name="blue_seal", seal_rgb=(45, 60, 190))
SHADOW = Ageing("shadow", mode="colour", skew_degrees=0.7, noise=3.5, jpeg=55, paper=(236, 230, 214), shadow=0.88)
BLEED = Ageing("bleed", skew_degrees=0.6, noise=3.0, jpeg=55, bleed=0.3)
BLACK_BORDER = Ageing("border", skew_degrees=2.2, noise=3.0, jpeg=55, border_pt=42.0)
PHOTO = Ageing("photo", mode="colour", skew_degrees=1.5, noise=4.0, jpeg=60, shade=0.25, perspective=0.05)
CURLED = replace(PHOTO, name="curled", perspective=0.025, curl_pt=16.0)
HARD_FAX = Ageing("hard_fax", mode="bilevel", skew_degrees=0.9, blur_pt=0.24, noise=30.0, salt=0.012)
DPI_100 = Ageing("dpi100", dpi=100, skew_degrees=0.6, blur_pt=0.2, noise=3.0, jpeg=60)
DPI_120 = replace(DPI_100, name="dpi120", dpi=120)
STEEP = Ageing("steep", skew_degrees=9.6, blur_pt=0.15, noise=3.0, jpeg=55)
VERY_FADED = Ageing("very_faded", mode="colour", noise=4.0, jpeg=50, ink=0.16, shade=0.25, paper=(240, 228, 198))
