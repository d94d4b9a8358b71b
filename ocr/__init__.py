"""The page kernel: bytes -> pixels -> words.

Lowest layer; imports nothing of layout, expectations or flows.

errors      the exception tree of the whole program
geometry    BBox and Affine, the one coordinate space
values      PageImage, Word, Char, Reading, PageText, PageFailure
rasterise   source file -> PageImage, one page in memory at a time (only importer of pymupdf)
preprocess  PageImage -> upright, level PageImage
engines     OcrEngine boundary and the engines behind it (only importer of paddleocr)
"""
