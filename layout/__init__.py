"""Structure: words and ink -> rulings -> grids -> tables -> records.

Pure array and geometry code: no OCR engine, no PDF library, no validator, no I/O. The recipe:

    rulings = find_rulings(image)                     rulings
    places  = find_lines(image, rulings, ...)         lines        (for the engine, which then reads the text)
    rulings = imply(image, rulings, text).rulings     implied
    regions = find_regions(image, rulings, text)      regions
    grid    = build_grid(region, rulings, text)       grids
    table   = fill_grid(grid, image, text)            cells
    table   = reread_doubtful(table, image, read)     rereading
    table   = label_headers(table)                    headers
    tables  = attach_captions(tables, text, ...)      captions
    tables  = join_pages(tables)                      joins
    batch   = to_records(table)                       records

disputes  on pages whose own text is trusted: what a sample of the pixels read otherwise
values    everything that passes between them
quantiles numpy's quantiles without what numpy takes to begin
amounts   printed amount <-> Decimal
overlay   any of these values drawn on its page
"""
