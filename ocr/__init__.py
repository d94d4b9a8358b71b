"""The page kernel: bytes -> pixels -> words.

Lowest layer; imports nothing of layout, expectations or flows.

errors      the exception tree of the whole program
geometry    BBox and Affine, the one coordinate space
flag_runs   where flags are set without a gap
groups      which of n things hang together, told which pairs do
maps        Mesh and Stacked: maps to the original page that are not affine
lasting     what a process loads for good, out of the garbage collector's way
stand_ins   empty modules in the places of those that a library imports and nobody asks
shelf       values that wait: pieces of a long document laid aside, packed, and taken up again
values      PageImage, Word, Char, Reading, PageText, PageFailure
source      path -> bytes, what they are by content, whether their end is there
resolution  what stands on a page -> the raster on which it is rendered
rasterise   source file -> PageImage, one page in memory at a time (only importer of pymupdf)
pymupdf_environment  imported before pymupdf, which loads a network unasked
lone_pictures  pages of a PDF that are one picture, pixel upon pixel, and need no rendering
text_layer  page of MuPDF -> TextLayer: every glyph it draws as text, nothing believed
shapes      page of MuPDF -> Shapes: what it draws besides type
shape_ink   whether shapes account for all ink that is no type, so that rulings are among them
places      boxes of the original page -> pixels of a picture of it
layer_ink   which glyphs of a layer can be seen, and what ink they leave unexplained
layer_samples  spans of a font to compare with the pixels; layer_fonts judges by them
layer_words trusted glyphs -> words
triage      PageImage -> its own words where they can be trusted, or none
ink         pixel primitives of the page side (its only importer of cv2)
skew        ink -> by how much a page leans
orientation ink and a few readings -> which way up a page lies
light       PageImage -> PageImage without deep shadows
bleed       PageImage -> PageImage without print of its back side
curvature   ink -> how a photographed or curled page bends
flatten     PageImage -> level and flat PageImage
seals       PageImage -> PageImage without the ink of its seals
halves      PageImage of two pages on one sheet -> one above the other
digests     the digest of a page after a step
preprocess  PageImage -> clean, upright, level PageImage
engines     OcrEngine boundary and the engines behind it (only importer of paddleocr)
"""
