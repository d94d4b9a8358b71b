"""A reading against its truth: pure counts, used by `scanledger evaluate` and by `bench/`.

truth          NAME.truth.json, document.json -> Reading
values, text   what is compared, and how
matching       which read table is which true one
number_scores  numbers in place, wrong, missing, invented
scores         all counts of one file; they add up
reliability    confidence against what was right
curve          the reliability curve as a picture
"""
