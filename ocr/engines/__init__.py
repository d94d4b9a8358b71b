"""Text recognition behind one small boundary; the type of the options chooses the engine.

boundary  OcrEngine, the options of every engine, open_engine
models    where model files are, what they must hash to, the model folders PaddleOCR wants
ctc       probabilities over time -> characters with confidence, place and alternatives (pure numpy)
boxes     detected boxes settled on their ink (pure numpy)
detection how large a picture the detector is shown, and which windows of it
networks  ONNX sessions run at the speed of their arithmetic: without denormal numbers
strips    page and box -> strips of one text line as the recogniser wants them, and back to page pixels
figures   two small networks that read plain figures first, taken only where nothing speaks against them
figure_ink  strip -> the ink that they are given
paddle    PaddleOCR on ONNX Runtime (the only importer of paddleocr and paddlex)
paddle_environment  keeps PaddleOCR from loading libraries that nobody here asks
replay    readings recorded by page digest, for tests without models
"""
