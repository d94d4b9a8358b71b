"""Scores any folder of files with truth: scanledger, and two peers on the same files in the same run.

values text         what is compared, and how text is compared
html_grid           HTML tables -> grids
folder              files and their truth; document.json -> the same values
matching number_scores teds scoring       one file's reading against its truth -> counts that add up
scanledger peers    run the systems; peer_pymupdf4llm, peer_img2table run inside the peers' own environment
report thresholds   the printed table, JSON, and the floor that may only rise
upright             pages turned by quarters, and put the right way up again
ablation            cleaning steps of pages, each left out in turn
structure           layout alone on pages read once, look by look
__main__            the command
"""
